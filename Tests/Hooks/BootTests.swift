import Foundation
import TestSupport
import Testing

@Suite struct BootTests {
    static let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../config/examples"

    struct Example: Sendable, CustomTestStringConvertible {
        let file: String
        let zone: String
        let platform: String
        var testDescription: String { file + " on " + platform }

        static let all = ["illumos", "linux"].flatMap { platform in
            [
                ("debian", "debian"), ("debian-kvm", "debian-kvm"), ("windows", "windows"), ("many-disks", "storage"),
                ("cloud", "cloud"),
            ].map {
                Example(file: $0.0, zone: $0.1, platform: platform)
            }
        }
    }

    private func firmware(_ scratch: Scratch) throws -> String {
        for rom in ["_RELEASE", "_RELEASE_CSM"] { try scratch.write("fw/BHYVE\(rom).fd", "") }
        try FileManager.default.copyItem(
            atPath: "/usr/share/OVMF/OVMF_VARS.fd", toPath: scratch.path + "/fw/BHYVE_VARS.fd")
        return scratch.path + "/fw"
    }

    @Test(
        "the examples' command lines are those of the snapshots; HVM_RECORD=1 records them anew", arguments: Example.all
    )
    func snapshot(_ example: Example) throws {
        let scratch = try Scratch()
        let outcome = try Hooks.run(
            "boot",
            [
                "-j", "-p", example.platform, "-F", try firmware(scratch), "-x", "\(Self.examples)/\(example.file).xml",
                example.zone,
            ])
        #expect(outcome.errors == "")
        #expect(outcome.status == 0)
        var argv = try #require(try outcome.json()["argv"] as? [String])
        if let place = argv.firstIndex(where: { $0 == "-U" || $0 == "-uuid" }) {
            let uuid = argv[place + 1]
            argv = argv.map { $0.replacingOccurrences(of: uuid, with: "@RANDOM-UUID@") }
        }
        let text = argv.joined(separator: "\n") + "\n"
        let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/snapshots"
        let file = "\(directory)/\(example.file)-\(example.platform).args"
        if ProcessInfo.processInfo.environment["HVM_RECORD"] == "1" {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOfFile: file, encoding: .utf8)))
    }

    @Test(
        "-t prints a command that a shell reads back as the argv of -j, and nothing but comments after it",
        arguments: Example.all)
    func pasteable(_ example: Example) throws {
        let scratch = try Scratch()
        let xml = try String(contentsOfFile: "\(Self.examples)/\(example.file).xml", encoding: .utf8)
            .replacingOccurrences(of: "</zone>", with: Self.uuidAttribute + "</zone>")
        let file = try scratch.write("zone.xml", xml)
        let common = ["-p", example.platform, "-F", try firmware(scratch), "-x", file, example.zone]
        let shown = try Hooks.run("boot", ["-t"] + common).output
        let argv = try #require(try Hooks.run("boot", ["-j"] + common).json()["argv"] as? [String])
        let read = try Hooks.run(program: "/bin/sh", ["-c", "printf '%s\\n' " + shown])
        #expect(read.output == argv.joined(separator: "\n") + "\n")
        let rest = shown.split(separator: "\n").dropFirst()
        #expect(!rest.isEmpty)
        #expect(rest.allSatisfy { $0.hasPrefix("# ") })
    }

    private static let uuidAttribute =
        #"<attr name="uuid" type="string" value="11111111-2222-4333-8444-555555555555"/>"#

    struct Refusal: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let message: String
        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(
        "a wrong command line is told in one line, with the usage, and exit status 253",
        arguments: [
            Refusal(arguments: [], message: "no zone name given"),
            Refusal(arguments: ["-x", "/etc/passwd"], message: "no zone name given"),
            Refusal(arguments: ["a", "b"], message: "unexpected argument \"b\""),
            Refusal(arguments: ["-z", "a", "b"], message: "unexpected argument \"b\""),
            Refusal(arguments: ["-q", "a"], message: "unknown option -q"),
            Refusal(arguments: ["-x"], message: "option -x needs a value"),
            Refusal(arguments: ["-x", "1", "-x", "2", "a"], message: "option -x is given twice"),
            Refusal(arguments: ["-te", "a"], message: "-t, -e and -j exclude each other"),
            Refusal(
                arguments: ["-p", "solaris", "a"], message: "\"solaris\" is not a platform; -p takes illumos or linux"),
            Refusal(arguments: ["../a"], message: "\"../a\" is not a zone name"),
        ])
    func usage(_ refusal: Refusal) throws {
        let outcome = try Hooks.run("boot", refusal.arguments)
        let usage = try Hooks.run("boot", ["-h"])
        #expect(usage.status == 0)
        #expect(usage.output.hasPrefix("usage: boot "))
        #expect(usage.errors.isEmpty)
        #expect(outcome == Outcome(status: 253, output: "", errors: "boot: \(refusal.message)\n" + usage.output))
    }

    @Test("diagnostics go to standard error with file, line, attribute, value and the way out")
    func diagnostics() throws {
        let scratch = try Scratch()
        let file = try scratch.write(
            "debian.xml",
            """
            <zone name="debian" zonepath="/z/debian" brand="bhyve">
              <device match="/dev/zvol/rdsk/rpool/*"/>
              <attr name="ram" type="string" value="1Q"/>
              <attr name="vcpu" type="string" value="4"/>
              <attr name="bootdisk" type="string" value="tank/a b"/>
            </zone>
            """)
        let common = ["-p", "illumos", "-F", try firmware(scratch), "-x", file, "debian"]
        let refused = try Hooks.run("boot", ["-t"] + common)
        #expect(
            refused
                == Outcome(
                    status: 255, output: "",
                    errors: """
                        zone debian: \(file):3: error: attr "ram": "1Q" is not a size
                          use a number with K, M, G or T, such as 4G
                        zone debian: \(file):4: warning: attr "vcpu" is unknown and means nothing
                          did you mean "vcpus", the number of virtual CPUs?
                        zone debian: \(file):5: error: attr "bootdisk": the zone has no device resource for /dev/zvol/rdsk/tank/a b
                          zonecfg -z debian 'add device; set match="/dev/zvol/rdsk/tank/a b"; end'

                        """))
        let json = try Hooks.run("boot", ["-j"] + common).json()
        #expect(json["argv"] is NSNull)
        #expect(json["opts"] is NSNull)
        #expect(json["zonepath"] as? String == "/z/debian")
        #expect((json["diagnostics"] as? [Any])?.count == 3)
    }

    @Test("a disk without its device resource is an error with the zonecfg line; the argv is still there")
    func resources() throws {
        let scratch = try Scratch()
        let file = try scratch.write(
            "debian.xml",
            """
            <zone name="debian" zonepath="/z/debian" brand="bhyve">
              <attr name="bootdisk" type="string" value="tank/a b"/>
            </zone>
            """)
        let outcome = try Hooks.run("boot", ["-j", "-p", "illumos", "-F", try firmware(scratch), "-x", file, "debian"])
        #expect(
            outcome.errors == """
                zone debian: \(file):2: error: attr "bootdisk": the zone has no device resource for /dev/zvol/rdsk/tank/a b
                  zonecfg -z debian 'add device; set match="/dev/zvol/rdsk/tank/a b"; end'

                """)
        #expect(outcome.status == 255)
        #expect((try outcome.json()["argv"] as? [String])?.contains("4:0,virtio-blk,/dev/zvol/rdsk/tank/a b") == true)
        #expect(outcome.output.split(separator: "\n").count == 1)
    }

    @Test("-j is one line of JSON even when the XML cannot be read")
    func unreadable() throws {
        let outcome = try Hooks.run("boot", ["-j", "-x", "/nonexistent/zone.xml", "debian"])
        let json = try outcome.json()
        #expect(outcome.status == 255)
        #expect(
            Set(json.keys) == [
                "zonename", "zonepath", "zoneroot", "brand", "platform", "argv", "slots", "uefi", "bootoptions", "opts",
                "diagnostics",
            ])
        #expect(json["zonename"] as? String == "debian")
        #expect(json["zonepath"] is NSNull)
    }

    @Test("the zone's name must be the XML's")
    func wrongZone() throws {
        let file = Self.examples + "/debian.xml"
        let outcome = try Hooks.run("boot", ["-t", "-x", file, "ubuntu"])
        #expect(
            outcome
                == Outcome(
                    status: 255, output: "",
                    errors: """
                        zone ubuntu: \(file):3: error: the file is of zone "debian", not "ubuntu"
                          name the zone debian, or another file with -x

                        """))
    }

    @Test("a password is in no output of any dry run, right or wrong", arguments: ["illumos", "linux"])
    func secrets(_ platform: String) throws {
        let scratch = try Scratch()
        for value in ["on,password=hunter2hunter2", "password=hunter2hunter2,w=0", "password=hunter2hunter2&#9;x"] {
            let file = try scratch.write(
                "z.xml",
                """
                <zone name="z" zonepath="/z/z" brand="bhyve"><attr name="vnc" type="string" value="\(value)"/>
                <attr name="password" type="string" value="hunter2hunter2"/></zone>
                """)
            for mode in ["-t", "-e", "-j"] {
                let outcome = try Hooks.run("boot", [mode, "-p", platform, "-x", file, "z"])
                #expect(!outcome.output.contains("hunter2"))
                #expect(!outcome.errors.contains("hunter2"))
                #expect(!outcome.output.isEmpty || !outcome.errors.isEmpty)
            }
        }
    }

    @Test("standard descriptors may be closed")
    func closedDescriptors() throws {
        let scratch = try Scratch()
        let program = Hooks.directory + "/boot"
        let file = Self.examples + "/debian.xml"
        let outcome = try Hooks.run(
            program: "/bin/sh", ["-c", "exec \"$0\" -t -p linux -x \"$1\" debian <&- 2>&-", program, file])
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("/usr/bin/qemu-system-x86_64 "))
        let broken = try scratch.write("z.xml", "<zone")
        let silent = try Hooks.run(
            program: "/bin/sh", ["-c", "exec \"$0\" -t -x \"$1\" z <&- >&- 2>&-", program, broken])
        #expect(silent == Outcome(status: 255, output: "", errors: ""))
    }

    @Test("-e has a row for every argument, with its purpose and source")
    func explanation() throws {
        let file = Self.examples + "/windows.xml"
        let scratch = try Scratch()
        let outcome = try Hooks.run(
            "boot", ["-e", "-p", "illumos", "-F", try firmware(scratch), "-x", file, "windows"])
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.first?.split(separator: " ").map(String.init) == ["FOR", "FROM", "ARGUMENT"])
        let row = lines.first { $0.hasSuffix(" -m 8G") }
        #expect(row?.split(separator: " ").joined(separator: " ") == "memory attr ram, line 13 -m 8G")
        #expect(
            lines.contains {
                $0.hasPrefix("LPC bridge ") && $0.contains(" attr type, line 10 ") && $0.hasSuffix("-s 31,lpc")
            })
    }
}
