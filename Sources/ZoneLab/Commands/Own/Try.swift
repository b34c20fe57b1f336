import ArgumentParser
import Foundation
import Glibc
import Platform
import Text

/// `zonelab try`: from nothing to a guest's screen in a browser, in a lab that is gone afterwards.
struct Try: LabCommand {
    static let configuration = CommandConfiguration(
        commandName: "try", abstract: "Boot a real guest in a lab of its own, and show its screen in a browser.",
        discussion: """
            debian is Debian's graphical installer, in the zone of OmniOS' page with 2 GB of memory; the first time its \
            package is fetched, 130 MB. guest is a small Linux that only says that it runs. Every command is shown as it is \
            run. Ctrl-C ends it: the zone is halted, and the lab removed.
            """)
    static let isForMachine = true

    enum Guest: String, ExpressibleByArgument, CaseIterable {
        case debian, guest

        /// The program that builds its ISO.
        var builder: String { self == .debian ? "installer-iso" : "guest-iso" }
        var ram: String { self == .debian ? "2G" : "256M" }
        var expectation: String {
            self == .debian
                ? "the installer's first screen takes one to three minutes: this processor plays another one"
                : "the guest says that it is ready within half a minute"
        }
    }

    @Argument(help: "What to boot: debian or guest.") var guest: Guest

    func perform() throws -> Int32 {
        try Doctor.checkPackages()
        guard let sources = BrandFiles.sourceDirectory else { throw LabError.told }
        let tools = "\(sources)/tools"
        let iso = "\(Self.cache)/\(guest.rawValue).iso"
        try Files.makeDirectories(Self.cache)
        let built = try Child.run(["\(tools)/\(guest.builder)", iso])
        guard built.isSuccess else {
            throw LabError("there is no ISO to boot: \(guest.builder) \(built.text)", status: built.shellStatus)
        }
        guard let page = Files.text("\(tools)/zonelab-debian.txt") else {
            throw LabError("cannot read \(tools)/zonelab-debian.txt")
        }
        return try boot(iso, TryTranscript(page: page, ram: guest.ram, expectation: guest.expectation))
    }

    /// Where ISOs are kept for the next time.
    private static var cache: String {
        let base =
            Program.environment("XDG_CACHE_HOME") ?? (Program.environment("HOME") ?? NSHomeDirectory()) + "/.cache"
        return "\(base)/hvm-brand"
    }

    /// Lives through the transcript in a new lab, and removes that.
    private func boot(_ iso: String, _ transcript: TryTranscript) throws -> Int32 {
        var template = Array("\(Program.environment("TMPDIR") ?? "/var/tmp")/zonelab.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw LabError(errno: errno, "cannot make a directory for the lab") }
        let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        Stream.write(
            1, "zonelab: a lab of its own is in \(directory); from another terminal, zonelab shell -d \(directory)\n")
        let launch = try Launch(
            directory: directory, shares: [try GlobalZone.Share("\(iso):\(TryTranscript.isoPath)")])
        let browser = try Self.browser(for: directory + TryTranscript.screenFile)
        defer { if let browser { kill(-browser.pid, SIGTERM) } }
        let status = try launch.run(try transcript.script(), readsInput: false)
        Stream.write(1, "zonelab: the lab in \(directory) is removed\n")
        return status == 128 + SIGINT ? 0 : status
    }

    /// Where there is a display, what opens the URL in a file once that is there.
    private static func browser(for file: String) throws -> Child? {
        guard ["DISPLAY", "WAYLAND_DISPLAY"].contains(where: { Program.environment($0)?.isEmpty == false }),
            Files.exists("/usr/bin/xdg-open")
        else { return nil }
        let script = #"""
            until url=$(grep -o 'http://[^ ]*' "$0" | head -n 1) && [ -n "$url" ]; do sleep 0.3; done
            exec xdg-open "$url"
            """#
        return try Child.start(
            ["/bin/sh", "-c", script, file],
            Child.Setup(input: .null, output: .null, errors: .null, newSession: true))
    }
}

/// What `zonelab try` does in its lab: the page's session up to the boot, with more memory, then the screen.
struct TryTranscript {
    /// The page's session.
    let page: String
    let ram: String
    /// When there is something to see.
    let expectation: String

    /// Where the page has its ISO.
    static let isoPath = "/rpool/iso/debian-9.4.0-amd64-netinst.iso"
    /// Holds what `hvm screen` says, the URL too.
    static let screenFile = "/root/screen"

    /// As a shell script. The zone's halt does not wait long: an installer has no ear for a power button.
    func script() throws -> String {
        let more = [("ram", ram), ("shutdown-timeout", "1")].map {
            "add attr\n    set name=\($0)\n    set type=string\n    set value=\($1)\nend\n"
        }.joined()
        let session = page.pieces(separator: "\n").filter { !$0.hasPrefix("omnios# zlogin") }.joined(separator: "\n")
        let attrs = session.range(of: "add attr\n").map { session[..<$0.lowerBound] + more + session[$0.lowerBound...] }
        return try Transcript.script(String(attrs ?? session[...])) + """
            echo \(ShellWords.quote("zonelab: \(expectation)"))
            show 'omnios# hvm screen -w debian'
            hvm screen -w debian | tee \(Self.screenFile)

            """
    }
}
