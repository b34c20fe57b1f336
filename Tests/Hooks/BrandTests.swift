import Foundation
import TestSupport
import Testing

/// What zoneadm(8) and zonecfg(8) read of ours, against their own grammars.
@Suite struct BrandTests {
    static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../.."

    @Test(
        "brand, platform, template and example files are valid",
        arguments: [
            ("brand/bhyve/config.xml", "brand.dtd.1"), ("brand/kvm/config.xml", "brand.dtd.1"),
            ("brand/bhyve/platform.xml", "zone_platform.dtd.1"), ("brand/kvm/platform.xml", "zone_platform.dtd.1"),
            ("config/zones/OMNIbhyve.xml", "zonecfg.dtd.1"), ("config/zones/OMNIkvm.xml", "zonecfg.dtd.1"),
            ("config/examples/debian.xml", "zonecfg.dtd.1"), ("config/examples/debian-kvm.xml", "zonecfg.dtd.1"),
            ("config/examples/windows.xml", "zonecfg.dtd.1"), ("config/examples/many-disks.xml", "zonecfg.dtd.1"),
        ])
    func valid(_ file: String, _ grammar: String) throws {
        let scratch = try Scratch()
        // The grammar the file names lies on an illumos host.
        let text = try String(contentsOfFile: Self.project + "/" + file, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.contains { $0.hasPrefix("<!DOCTYPE ") && $0.contains(grammar) })
        let bare = try scratch.write("file.xml", lines.filter { !$0.hasPrefix("<!DOCTYPE ") }.joined(separator: "\n"))
        let grammarFile = Self.project + "/Tests/Hooks/dtd/" + grammar
        let outcome = try Hooks.run(program: "/usr/bin/xmllint", ["--noout", "--dtdvalid", grammarFile, bare])
        #expect(outcome == Outcome(status: 0, output: "", errors: ""))
    }

    @Test("config.xml names hooks that are built, with arguments that they take", arguments: ["bhyve", "kvm"])
    func hooksExist(_ brand: String) throws {
        let text = try String(contentsOfFile: Self.project + "/brand/\(brand)/config.xml", encoding: .utf8)
        let directory = "/usr/lib/brand/\(brand)/"
        let commands = text.components(separatedBy: directory).dropFirst().map {
            $0.components(separatedBy: "<")[0].replacingOccurrences(of: "&gt;", with: ">").replacingOccurrences(
                of: "&amp;", with: "&")
        }
        #expect(commands.count == 12)
        // zoneadm appends its subcommand without a blank, and its words after one.
        #expect(text.contains(">\(directory)verify -z %z -R %R </verify_adm>"))
        #expect(text.contains(">\(directory)postclone -z %z -R %R</postclone>"))
        for element in ["login_cmd", "forcedlogin_cmd", "user_cmd"] {
            #expect(text.contains("<\(element)></\(element)>"))
        }
        for command in commands {
            let hook = String(command.split(separator: " ")[0])
            let words =
                ([hook] + Hooks.withoutStandIns).joined(separator: " ")
                + command.dropFirst(hook.count).replacingOccurrences(of: "%z", with: "web").replacingOccurrences(
                    of: "%R", with: "/nonexistent/web")
            let appended =
                ["statechange": " 2 1", "verify": command == "verify" ? " /nonexistent/z.xml" : "boot -- -s"][hook]
                ?? ""
            let outcome = try Hooks.run(
                program: "/bin/sh", ["-c", "exec \(Hooks.directory)/\(words)\(appended)"],
                environment: ["HVM_RUN": "/nonexistent"].merging(hook == "init" ? ["ILLUMOS_RUN_IN": "web"] : [:]) {
                    $1
                })
            #expect(outcome.status != 253, "\(command): \(outcome)")
        }
    }

    @Test("laying the brands out twice changes nothing, and removing them leaves nothing")
    func layout() throws {
        let scratch = try Scratch()
        let environment = ["DESTDIR": scratch.path + "/d", "BRANDDIR": "/opt/brand", "HOOKS": Hooks.directory]
        func run(_ what: String) throws {
            let outcome = try Hooks.run(program: Self.project + "/tools/layout", [what], environment: environment)
            #expect(outcome == Outcome(status: 0, output: "", errors: ""))
        }
        try run("install")
        let listing = ["-c", "find \(scratch.path)/d -type f -printf '%m %p %T@ %i\\n' | sort"]
        let first = try Hooks.run(program: "/bin/sh", listing).output
        #expect(first.split(separator: "\n").count == 33)
        #expect(first.contains("555 \(scratch.path)/d/usr/sbin/hvm "))
        #expect(first.contains("555 \(scratch.path)/d/opt/brand/bhyve/init "))
        #expect(first.contains("444 \(scratch.path)/d/etc/zones/OMNIkvm.xml "))
        try run("install")
        try expect(Hooks.run(program: "/bin/sh", listing).output, equals: first)
        try scratch.write("d/opt/brand/bhyve/of-someone-else", "")
        try run("uninstall")
        try expect(
            Hooks.run(program: "/bin/sh", ["-c", "find \(scratch.path)/d -type f"]).output,
            equals: scratch.path + "/d/opt/brand/bhyve/of-someone-else\n")
    }
}
