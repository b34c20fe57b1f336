import Foundation
import TestSupport
import Testing

/// A zone lab of a test's own.
final class Lab: Sendable {
    let scratch: Scratch
    /// Where the hooks are that it runs, when they are not the real ones.
    let hooks: String?
    /// Where brands are laid out, when they are not the project's.
    let brands: String?

    init(hooks: String? = nil, brands: String? = nil) throws {
        scratch = try Scratch()
        self.hooks = hooks
        self.brands = brands
    }

    /// The lab's directory: `/` of its global zone.
    var directory: String { scratch.path + "/lab" }

    /// The program under test, beside the tests' own.
    static let program =
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/zonelab"

    static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The small guest, built when it is not there.
    static let guest: String = {
        let iso = sources + "/.build/guest.iso"
        _ = try? Hooks.run(program: sources + "/tools/guest-iso", [iso])
        return iso
    }()

    /// Where the small guest appears in the lab.
    static let isoPath = "/rpool/iso/debian-9.4.0-amd64-netinst.iso"

    var environment: [String: String] {
        ["HVM_HOOKS": hooks ?? Hooks.directory, "HVM_BRAND": brands ?? "", "HVM_ACCEL": ""].filter {
            !$0.value.isEmpty
        }
    }

    /// The arguments that run a script in this lab.
    func arguments(_ script: String, withGuest: Bool, shares: [String] = []) throws -> [String] {
        let file = try scratch.write("script", script)
        let guest = withGuest ? ["-b", Lab.guest + ":" + Lab.isoPath] : []
        return ["run", "-d", directory] + guest + shares + [file]
    }

    /// Runs a script, or a transcript, to its end; nothing of it may be left then. `shares` are more options of zonelab.
    func run(_ script: String, withGuest: Bool = true, shares: [String] = []) throws -> Outcome {
        let outcome = try Hooks.run(
            program: Lab.program, try arguments(script, withGuest: withGuest, shares: shares),
            environment: environment)
        #expect(processes() == [], "processes of the lab are left")
        return outcome
    }

    /// Starts a script with the small guest and comes back at once. It reads from `input`, and everything that is said goes
    /// to the file `output`.
    func start(_ script: String, input: FileHandle, output: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Lab.program)
        process.arguments = try arguments(script, withGuest: true)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = process.standardOutput
        try process.start()
        return process
    }

    /// A file of the lab; empty when there is none.
    func file(_ path: String) -> String {
        (try? String(contentsOfFile: directory + path, encoding: .utf8)) ?? ""
    }

    /// Command lines of the processes that see this lab's directory: theirs are mounts of it. Looked for until there are
    /// none, for a second at most.
    func processes() -> [String] {
        var found: [String] = []
        for _ in 0..<20 {
            found = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { name in
                guard Int(name) != nil,
                    let mounts = try? String(contentsOfFile: "/proc/\(name)/mountinfo", encoding: .utf8),
                    mounts.contains(directory)
                else { return nil }
                return (try? String(contentsOfFile: "/proc/\(name)/cmdline", encoding: .utf8)) ?? name
            }
            if found.isEmpty { break }
            usleep(50_000)
        }
        return found
    }

    /// Sockets below the lab's directory.
    func sockets() -> [String] {
        let enumerator = FileManager.default.enumerator(atPath: directory)
        return (enumerator?.compactMap { $0 as? String } ?? []).filter {
            let attributes = try? FileManager.default.attributesOfItem(atPath: directory + "/" + $0)
            return attributes?[.type] as? FileAttributeType == .typeSocket
        }
    }
}

/// One guest at a time: two cores.
@Suite(.serialized) enum EndToEnd {}
