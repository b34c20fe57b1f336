import Foundation
import TestSupport
import Testing

@Suite struct BootForRealTests {
    private static let uuid = #"<attr name="uuid" type="string" value="8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11"/>"#

    /// What bhyve's config.dump prints of a machine it accepts.
    static let acceptingBhyve = """
        for word; do name=$word; done; printf 'memory.size=1G\\nname=%s\\n' "$name"; exit 1
        """

    @Test("boot writes the command for init, the variables once and the password, silently")
    func writes() throws {
        let zone = try ScratchZone(
            body: Self.uuid + """
                <attr name="bootrom" type="string" value="BHYVE_RELEASE"/>
                <attr name="vnc" type="string" value="on,password=50%off"/>
                <attr name="shutdown-timeout" type="string" value="77"/>
                """)
        try zone.install()
        try zone.scratch.write("zones/web/root/tmp/init.log", "of the last boot")
        for name in ["launch", "bhyve.cfg", "qemu.secret"] {
            try zone.scratch.write("zones/web/root/etc/" + name, "left by other hooks")
        }
        let commands = try StandIns(zone.scratch, ["bhyve": Self.acceptingBhyve])
        try expect(
            zone.run("boot", platform: "illumos", commands: commands),
            equals: Outcome(status: 0, output: "", errors: ""))

        let argv = try #require(
            try zone.run("boot", ["-j"], platform: "illumos", commands: commands).json()["argv"] as? [String])
        #expect(
            zone.launch
                == "# Written at every boot of the zone.\nhypervisor bhyve\nexec /usr/sbin/bhyve\nargv0 bhyve-web\nshutdown-timeout 77\n"
                + argv.dropFirst().map { "arg \($0)\n" }.joined())
        #expect(zone.secret == "pci.0.30.0.password=50\\%off\n")
        #expect(zone.read("etc/uefivars") == "variables")
        for path in ["tmp/init.log", "etc/launch", "etc/bhyve.cfg", "etc/qemu.secret"] {
            #expect(zone.read(path) == nil, "\(path)")
        }
        for (path, mode) in [
            ("hvm", 0o700), ("hvm/launch", 0o600), ("hvm/secret", 0o600), ("root/etc/uefivars", 0o600),
        ] {
            let attributes = try FileManager.default.attributesOfItem(atPath: zone.zonepath + "/" + path)
            #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
        }
        #expect(zone.log.contains("boot: ready to start: /usr/sbin/bhyve "))
        #expect(!zone.log.contains("50%"))

        // bhyve was asked about everything but the file that is not there yet.
        var tried = argv.dropFirst().filter { $0 != "-k" && $0 != "/hvm/secret" }
        tried.insert(contentsOf: ["-o", "config.dump=1"], at: tried.count - 1)
        try expect(commands.calls, equals: ["bhyve " + tried.map { "[\($0)]" }.joined(separator: " ")])
    }

    @Test("the variables stay, and a password that is not wanted any more goes")
    func secondBoot() throws {
        let zone = try ScratchZone(body: #"<attr name="bootrom" type="string" value="BHYVE_RELEASE"/>"#)
        try zone.install()
        try zone.scratch.write("zones/web/root/etc/uefivars", "the guest's own")
        try zone.scratch.write("zones/web/hvm/secret", "stale")
        let commands = try StandIns(zone.scratch, ["bhyve": Self.acceptingBhyve])
        try expect(zone.run("boot", platform: "illumos", commands: commands).status, equals: 0)
        #expect(zone.read("etc/uefivars") == "the guest's own")
        #expect(zone.secret == nil)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let bhyve: String
        let says: String
        var testDescription: String { bhyve }

        static let all = [
            Refusal(bhyve: "echo 'bhyve: unknown option -- Z' >&2; exit 1", says: "bhyve: unknown option -- Z"),
            Refusal(bhyve: "echo 'name=other'; exit 1", says: "name=other"),
            Refusal(bhyve: "echo 'name=web'; exit 0", says: "name=web"),
            Refusal(bhyve: "echo 'pci slot 0:5:0: unknown device' >&2; exit 4", says: "pci slot 0:5:0: unknown device"),
        ]
    }

    @Test(
        "a machine that the installed bhyve refuses fails with its own words, and nothing is written",
        arguments: Refusal.all)
    func refusedByBhyve(_ refusal: Refusal) throws {
        let zone = try ScratchZone(body: #"<attr name="memreserve" type="string" value="on"/>"#)
        try zone.install()
        let before = try ScratchZone.tree(zone.root)
        let commands = try StandIns(zone.scratch, ["bhyve": refusal.bhyve])
        try expect(
            zone.run("boot", platform: "illumos", commands: commands),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: error: bhyve refuses the machine: \(refusal.says)
                      boot -e shows where each argument comes from
                    zone web: see \(zone.zonepath)/log/zone.log

                    """))
        try expect(ScratchZone.tree(zone.root), equals: before)
        try expect(commands.calls.count, equals: 1)
    }

    @Test("what bhyve says in several lines is printed, and logged, a line each, twenty at most")
    func refusedInLines() throws {
        let zone = try ScratchZone()
        try zone.install()
        let bhyve = "{ echo 'usage: bhyve'; for n in $(seq 22); do printf '\\t-%s:\\tword\\n' $n; done; } >&2; exit 4"
        let commands = try StandIns(zone.scratch, ["bhyve": bhyve])
        let lines = ["usage: bhyve"] + (1...19).map { "-\($0): word" } + ["and 3 more lines"]
        let outcome = try zone.run("boot", platform: "illumos", commands: commands)
        #expect(
            outcome.errors == """
                zone web: error: bhyve refuses the machine:
                \(lines.map { "  \($0)\n" }.joined())  boot -e shows where each argument comes from
                zone web: see \(zone.zonepath)/log/zone.log

                """)
        for line in lines { #expect(zone.log.contains("boot:   \(line)\n")) }
    }

    @Test("errors of the configuration stop it before anything is written; warnings go to the log alone")
    func diagnostics() throws {
        let zone = try ScratchZone(
            body: #"<attr name="ram" type="string" value="1Q"/><attr name="vcpu" type="string" value="1"/>"#)
        try zone.install()
        let before = try ScratchZone.tree(zone.root)
        let refused = try zone.run("boot")
        #expect(refused.status == 255)
        #expect(refused.errors.contains("error: attr \"ram\": \"1Q\" is not a size\n"))
        #expect(refused.errors.hasSuffix("zone web: see \(zone.zonepath)/log/zone.log\n"))
        try expect(ScratchZone.tree(zone.root), equals: before)

        try zone.configure(body: #"<attr name="vcpu" type="string" value="1"/>"#)
        try expect(zone.run("boot"), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(zone.log.contains("boot: \(zone.xml):2: warning: attr \"vcpu\" is unknown and means nothing\n"))
    }

    @Test("what the zone wrote into its UUID's file is quoted in 64 characters, and nothing of it moves a terminal")
    func hostileUUID() throws {
        let zone = try ScratchZone()
        try zone.install()
        try zone.scratch.write("zones/web/root/etc/uuid", "\u{202e}\u{9b}2J" + String(repeating: "x", count: 4000))
        expect(
            try zone.run("boot").errors,
            equals: """
                zone web: \(zone.root)/etc/uuid: error: "\\xe2\\x80\\xae\\xc2\\x9b2J\(String(repeating: "x", count: 60))…" is not a UUID
                  remove the file, or put a UUID into it; zoneadm install writes one
                zone web: see \(zone.zonepath)/log/zone.log

                """)
    }

    @Test("link properties are set on each NIC that has the property, before the zone's files are written")
    func linkProperties() throws {
        let zone = try ScratchZone(
            body: """
                <network physical="a0"><net-attr name="promiscphys" value="on"/></network>
                <network physical="b0"/>
                <network physical="c0"><net-attr name="promiscphys" value="off"/></network>
                """)
        try zone.install()
        let commands = try StandIns(zone.scratch, ["bhyve": Self.acceptingBhyve])
        try expect(zone.run("boot", platform: "illumos", commands: commands).status, equals: 0)
        try expect(
            commands.calls.filter { $0.hasPrefix("dladm") },
            equals: [
                "dladm [set-linkprop] [-p] [promisc-filtered=off] [a0]",
                "dladm [set-linkprop] [-p] [promisc-filtered=on] [c0]",
            ])

        let failing = try StandIns(
            zone.scratch, ["bhyve": Self.acceptingBhyve, "dladm": "echo 'dladm: no such link' >&2; exit 1"])
        try FileManager.default.removeItem(atPath: zone.zonepath + "/hvm/launch")
        let outcome = try zone.run("boot", platform: "illumos", commands: failing)
        #expect(outcome.status == 255)
        #expect(outcome.errors.contains("error: dladm cannot set promisc-filtered=off of a0: dladm: no such link\n"))
        #expect(zone.launch == nil)
    }

    @Test(
        "whatever fails, the launch file and the password it names belong together: the old ones, or the new ones",
        arguments: ["write", "fchmod", "fsync", "renameat", "unlinkat"])
    func consistent(_ call: String) throws {
        let zone = try ScratchZone()
        try zone.install()
        func configure(_ number: Int) throws {
            let vnc = number == 3 ? "on" : "on,password=secret\(number)"
            try zone.configure(
                body: Self.uuid + """
                    <attr name="ram" type="string" value="\(number)G"/><attr name="vnc" type="string" value="\(vnc)"/>
                    """)
        }
        func state() -> [String?] { [zone.launch, zone.secret] }
        var whole: [[String?]] = []
        for number in [1, 2, 3] {
            try configure(number)
            try expect(zone.run("boot").status, equals: 0)
            whole.append(state())
        }
        #expect(whole[2][1] == nil)
        for (before, after) in [(1, 2), (2, 3), (3, 1)] {
            // Some calls may fail without harm: those of the log, and those that tidy up.
            var harmless = 0
            for when in 1... {
                try configure(before)
                try expect(zone.run("boot").status, equals: 0)
                try zone.scratch.write("zones/web/root/tmp/init.log", "old log")
                try configure(after)
                let outcome = try Strace.run(
                    "boot", zone.arguments("boot", "linux"), inject: "\(call):error=ENOSPC:when=\(when)",
                    environment: zone.environment)
                let isNew = zone.launch == whole[after - 1][0]
                // A password that the launch file does not name may stay.
                let kept = isNew && whole[after - 1][1] == nil ? state()[1] : whole[after - 1][1]
                #expect(
                    state() == (isNew ? [whole[after - 1][0], kept] : whole[before - 1]),
                    "\(call) \(when), \(before) to \(after)")
                #expect(isNew || (outcome.status == 255 && zone.read("tmp/init.log") == "old log"))
                harmless = outcome.status == 0 ? harmless + 1 : 0
                if harmless == 6 { break }
            }
        }
    }

    @Test(
        "a directory where a file belongs fails before anything is changed",
        arguments: ["hvm/launch", "hvm/secret", "root/tmp/init.log"])
    func directory(_ path: String) throws {
        let zone = try ScratchZone(body: Self.uuid + #"<attr name="vnc" type="string" value="on,password=first"/>"#)
        try zone.install()
        try expect(zone.run("boot").status, equals: 0)
        try? FileManager.default.removeItem(atPath: zone.zonepath + "/" + path)
        try zone.scratch.write("zones/web/\(path)/inner", "")
        func files() throws -> [String] { try ScratchZone.tree(zone.root) + ScratchZone.tree(zone.zonepath + "/hvm") }
        let before = try files()
        try zone.configure(
            body: #"<attr name="vnc" type="string" value="on,password=second"/>"#)
        let outcome = try zone.run("boot")
        #expect(outcome.status == 255)
        #expect(
            outcome.errors.hasPrefix(
                """
                zone web: error: write \(zone.zonepath)/\(path): Is a directory
                  look at what is there: the zone may have put it there

                """))
        try expect(files(), equals: before)
    }

    @Test("link properties of a boot that fails behind them are given back")
    func linkPropertiesUndone() throws {
        let zone = try ScratchZone(
            body: """
                <network physical="a0"><net-attr name="promiscphys" value="on"/></network>
                <network physical="b0"><net-attr name="promiscphys" value="off"/></network>
                <network physical="c0"><net-attr name="promiscphys" value="on"/></network>
                """)
        try zone.install()
        let commands = try StandIns(
            zone.scratch,
            [
                "bhyve": Self.acceptingBhyve,
                "dladm": "case $1$4 in set-linkpropc0) exit 1;; reset*a0) echo 'no link' >&2; exit 1;; esac",
            ])
        try expect(zone.run("boot", platform: "illumos", commands: commands).status, equals: 255)
        try expect(
            commands.calls.filter { $0.hasPrefix("dladm") },
            equals: [
                "dladm [set-linkprop] [-p] [promisc-filtered=off] [a0]",
                "dladm [set-linkprop] [-p] [promisc-filtered=on] [b0]",
                "dladm [set-linkprop] [-p] [promisc-filtered=off] [c0]",
                "dladm [reset-linkprop] [-p] [promisc-filtered] [b0]",
                "dladm [reset-linkprop] [-p] [promisc-filtered] [a0]",
            ])
        #expect(zone.log.contains("boot: dladm cannot reset promisc-filtered of a0: no link\n"))
        #expect(zone.log.contains("error: dladm cannot set promisc-filtered=off of c0: exit status 1\n"))
        #expect(zone.launch == nil)
    }

    /// What a boot did with the reservoir: how it moved it, how it ended, and what is remembered.
    private struct Reserved: Equatable {
        let moves: [String]
        let status: Int32
        let held: String?
    }

    @Test("the reservoir moves by the difference, and what was not granted is not remembered")
    func reservoir() throws {
        let zone = try ScratchZone()
        try zone.install()
        let file = zone.scratch.path + "/run/bhyve/web.resv"
        func boot(_ attributes: String, _ rsrvrctl: String = "", arguments: [String] = []) throws -> Reserved {
            try zone.configure(body: attributes)
            let commands = try StandIns(zone.scratch, ["bhyve": Self.acceptingBhyve, "rsrvrctl": rsrvrctl])
            let outcome = try zone.run("boot", arguments, platform: "illumos", commands: commands)
            let held = try? String(contentsOfFile: file, encoding: .utf8)
            let moves = try commands.calls.filter { $0.hasPrefix("rsrvrctl") && $0 != "rsrvrctl [-q]" }
            return Reserved(moves: moves, status: outcome.status, held: held)
        }
        func reserve(_ ram: String, _ more: String = "") -> String {
            "<attr name=\"memreserve\" type=\"string\" value=\"on\"/><attr name=\"ram\" type=\"string\" value=\"\(ram)\"/>"
                + more
        }
        try expect(
            boot(reserve("2G")), equals: Reserved(moves: ["rsrvrctl [-a] [2064]"], status: 0, held: "2164260864\n"))
        try expect(boot(reserve("2G")), equals: Reserved(moves: [], status: 0, held: "2164260864\n"))
        let screen = #"<attr name="vnc" type="string" value="on"/>"#
        try expect(
            boot(reserve("3G", screen)),
            equals: Reserved(moves: ["rsrvrctl [-a] [1056]"], status: 0, held: "3271557120\n"))
        try expect(
            boot(reserve("1G")), equals: Reserved(moves: ["rsrvrctl [-r] [2080]"], status: 0, held: "1090519040\n"))
        try expect(
            boot(reserve("4G"), "echo 'no memory' >&2; exit 1"),
            equals: Reserved(moves: ["rsrvrctl [-a] [3072]"], status: 255, held: "1090519040\n"))
        // -S looks at nothing else: the bad rng does not matter.
        let bad = #"<attr name="rng" type="string" value="bad"/>"#
        try expect(
            boot(reserve("2G", bad), arguments: ["-S"]),
            equals: Reserved(moves: ["rsrvrctl [-a] [1024]"], status: 0, held: "2164260864\n"))
        try expect(boot(""), equals: Reserved(moves: ["rsrvrctl [-r] [2064]"], status: 0, held: nil))

        // What does not fill a MiB takes all of it.
        try expect(
            boot(reserve("1536K")), equals: Reserved(moves: ["rsrvrctl [-a] [18]"], status: 0, held: "18874368\n"))
        try expect(boot(reserve("1536K")), equals: Reserved(moves: [], status: 0, held: "18874368\n"))

        try zone.scratch.write("run/bhyve/web.resv", "damaged")
        try expect(
            boot(reserve("1G")), equals: Reserved(moves: ["rsrvrctl [-a] [1040]"], status: 0, held: "1090519040\n"))
    }

    @Test("a boot that fails behind the reservation gives it back")
    func reservationUndone() throws {
        let zone = try ScratchZone(
            body: """
                <network physical="a0"><net-attr name="promiscphys" value="on"/></network>
                <attr name="memreserve" type="string" value="on"/>
                """)
        try zone.install()
        let commands = try StandIns(zone.scratch, ["bhyve": Self.acceptingBhyve, "dladm": "exit 1"])
        try expect(zone.run("boot", platform: "illumos", commands: commands).status, equals: 255)
        try expect(
            commands.calls.filter { $0.hasPrefix("rsrvrctl") && $0 != "rsrvrctl [-q]" },
            equals: ["rsrvrctl [-a] [1040]", "rsrvrctl [-r] [1040]"])
        #expect(!FileManager.default.fileExists(atPath: zone.scratch.path + "/run/bhyve/web.resv"))
    }

    @Test(
        "a change that was granted only in part is remembered as it is, whoever ends it",
        arguments: [("MiB", 1), ("KiB", 1024)])
    func reservoirInPart(_ unit: String, _ perMebibyte: Int) throws {
        let zone = try ScratchZone(body: #"<attr name="memreserve" type="string" value="on"/>"#)
        try zone.install()
        let resv = zone.scratch.path + "/run/bhyve/"
        func held(_ name: String) -> String? { try? String(contentsOfFile: resv + name, encoding: .utf8) }
        let size = try zone.scratch.write("size", "\(4 * perMebibyte)")
        let part = try StandIns(
            zone.scratch,
            [
                "bhyve": Self.acceptingBhyve,
                "rsrvrctl": """
                case $1 in
                -q) printf '%s \(unit):\\t%s\\n' Free \(perMebibyte) Allocated $(($(cat '\(size)') - \(perMebibyte))) \
                    'Transient Allocated' 7 'Size limit' 99 ;;
                -a) echo \(104 * perMebibyte) >'\(size)'; exit 1 ;;
                esac
                """,
            ])
        try expect(zone.run("boot", platform: "illumos", commands: part).status, equals: 255)
        #expect(held("web.resv") == "104857600\n")
        #expect(held(".moving") == nil)

        // Another zone's hook was killed when 50 of 100 MiB were there.
        try zone.scratch.write("run/bhyve/.moving", "db 100 55296\n")
        try expect(zone.run("boot", platform: "illumos", commands: part).status, equals: 255)
        #expect(held("db.resv") == "157286400\n")
        #expect(held(".moving") == nil)
    }

    @Test("a password file of the host is read, and removed by no halt; ours is")
    func passwordFile() throws {
        let zone = try ScratchZone()
        let file = try zone.scratch.write("password", "hunter2hunter2\n")
        try zone.configure(body: "<attr name=\"vnc\" type=\"string\" value=\"on,password=\(file)\"/>")
        try zone.install()
        try expect(zone.run("boot"), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(zone.secret == "hunter2hunter2")
        #expect(zone.log.contains("boot: \(file): warning: of the password only the first 8 bytes count\n"))
        try expect(zone.run("halt"), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(zone.secret == nil)
        try expect(String(contentsOfFile: file, encoding: .utf8), equals: "hunter2hunter2\n")
    }

    @Test(
        "a password file that is not one line of text, or is not there, is refused without being shown",
        arguments: [
            (Data("hunter2\nhunter3\n".utf8), "the password in PATH is not one line of UTF-8 text"),
            (
                Data("hunter\u{e9}".unicodeScalars.map { UInt8($0.value) }),
                "the password in PATH is not one line of UTF-8 text"
            ),
            (Data(" \n".utf8), "the password in PATH is not one line of UTF-8 text"),
            (
                nil,
                "the password begins with / and so names a file, which cannot be read: No such file or directory"
            ),
        ] as [(Data?, String)])
    func badPasswordFile(_ content: Data?, _ message: String) throws {
        let zone = try ScratchZone()
        let file = zone.scratch.path + "/hunter2"
        try content?.write(to: URL(fileURLWithPath: file))
        try zone.configure(body: "<attr name=\"vnc\" type=\"string\" value=\"on,password=\(file)\"/>")
        try zone.install()
        for arguments in [[], ["-t"]] {
            let refused = try zone.run("boot", arguments)
            #expect(refused.status == 255)
            let line = "\(zone.xml):2: error: attr \"vnc\": " + message.replacing("PATH", with: file)
            #expect(refused.errors.contains("zone web: " + line + "\n"), "\(refused.errors)")
            if content == nil {
                #expect(!refused.errors.contains("hunter"), "\(refused.errors)")
                #expect(!zone.log.contains("hunter"), "\(zone.log)")
            }
        }
        #expect(zone.launch == nil)
    }

    @Test(
        "acting with -p illumos elsewhere needs stand-ins",
        .enabled(if: !Hooks.areForIllumos, "on illumos the commands are the system's own"))
    func needsStandIns() throws {
        let zone = try ScratchZone()
        let outcome = try zone.run("boot", platform: "illumos")
        #expect(outcome.status == 253)
        #expect(
            outcome.errors.hasPrefix("boot: to act with -p illumos here, name stand-ins for its commands with -C\n"))
    }
}
