import Foundation
import TestSupport
import Testing

/// `hvm doctor`: what keeps a host from running machines.
@Suite struct DoctorTests {
    /// A host whose brands are the hooks under test, and one machine.
    private final class Host {
        let zone: ScratchZone
        let brands: String

        init(body: String = #"<attr name="bootdisk" type="string" value="p/a"/><device match="/dev/zvol/rdsk/p/a"/>"#)
            throws
        {
            zone = try ScratchZone(body: body)
            try zone.install()
            brands = zone.scratch.path + "/brand"
            for brand in ["bhyve", "kvm"] {
                for name in ["config.xml", "platform.xml"] { try zone.scratch.write("brand/\(brand)/\(name)", "") }
                for hook in UsageTests.hooks + ["init"] {
                    try FileManager.default.copyItem(
                        atPath: "\(Hooks.directory)/\(hook)", toPath: "\(brands)/\(brand)/\(hook)")
                }
            }
        }

        func run(_ options: [String] = [], _ answers: [String: String] = [:]) throws -> Outcome {
            let commands = try StandIns(
                zone.scratch,
                [
                    "zoneadm": "echo '-:web:installed:\(zone.zonepath):\(ScratchZone.uuid):bhyve:excl'",
                    "rsrvrctl": "echo 'Free MiB:\t0'", "dladm": "", "zfs": "",
                    "bhyve": BootForRealTests.acceptingBhyve,
                ].merging(answers) { $1 })
            return try Hooks.run(
                "hvm",
                ["doctor", "-C", commands.directory, "-F", zone.firmware, "-b", brands, "-d", zone.scratch.path]
                    + Hooks.platform("illumos") + options, environment: zone.environment)
        }

        /// What is said when nothing is wrong, but that these subjects' lines are others.
        func expected(_ changes: [String: [String]] = [:], status: Int32 = 0) -> Outcome {
            let usual = [
                ("vmm", "PASS  vmm          bhyve's kernel module answers"),
                ("boot ROMs", "PASS  boot ROMs    \(zone.firmware): BHYVE_RELEASE, BHYVE_RELEASE_CSM"),
                ("zoneadm", "PASS  zoneadm      answers: 1 machine"), ("dladm", "PASS  dladm        answers"),
                ("zfs", "PASS  zfs          answers"),
                ("bhyve", "PASS  brand bhyve  11 hooks of version \(version) in \(brands)/bhyve"),
                ("kvm", "PASS  brand kvm    11 hooks of version \(version) in \(brands)/kvm"),
                ("web", "PASS  zone web     all is well"), ("log", ""),
            ]
            let lines = usual.flatMap { changes[$0.0] ?? [$0.1] }.filter { !$0.isEmpty }
            return Outcome(status: status, output: lines.map { "\($0)\n" }.joined(), errors: "")
        }

        private var version: String {
            let said = try? Hooks.run("hvm", ["-V"]).output
            return said?.split(separator: " ").last.map { $0.trimmingCharacters(in: .newlines) } ?? ""
        }
    }

    @Test("a host where all is well")
    func well() throws {
        let host = try Host()
        try expect(host.run(), equals: host.expected())
        let findings = try #require(try host.run(["-j"]).json()["findings"] as? [[String: Any]])
        #expect(findings.map { $0["grade"] as? String } == Array(repeating: "pass", count: 8))
        #expect(findings.first?["message"] as? String == "bhyve's kernel module answers")
    }

    @Test("what does not answer is named, with its words and the way out")
    func commands() throws {
        let host = try Host()
        try FileManager.default.removeItem(atPath: host.zone.firmware)
        let machines = "                     machines get their NICs and volumes through dladm and zfs"
        try expect(
            host.run(
                [], ["rsrvrctl": "echo 'could not open /dev/vmmctl' >&2; exit 1", "zfs": "exit 3"]),
            equals: host.expected(
                [
                    "vmm": [
                        "FAIL  vmm          rsrvrctl -q: could not open /dev/vmmctl",
                        "                     only root may ask it; \"bhhwcompat -v\", where it is there, and dmesg tell why it does not run",
                        "                     the CPU needs VT-x with EPT, or AMD-V with NPT, switched on in the firmware's setup, and no KVM that has it",
                    ],
                    "boot ROMs": [
                        "FAIL  boot ROMs    there are none in \(host.zone.firmware)",
                        "                     pkg install system/bhyve brings them",
                    ],
                    "zfs": ["FAIL  zfs          zfs list -H -o name: exit status 3", machines],
                    "web": ["FAIL  zone web     1 error", "                     hvm verify web"],
                ], status: 255))
    }

    /// What is done to a brand, and what is said of it.
    static let faults: [(make: String, said: String)] = [
        ("rm halt", "halt is missing"), ("chmod 666 config.xml", "config.xml can be changed by others"),
        ("chmod 644 boot; rm vnc", "boot cannot be run and vnc is missing"),
        ("ln -sf boot halt", "halt is not a regular file"),
        ("printf '#!/bin/sh\\necho \"boot (hvm-brand) 0.0.9\"\\n' >boot", "boot is of version 0.0.9, hvm of VERSION"),
        ("printf '#!/bin/sh\\necho usage >&2\\nexit 2\\n' >install", "install is not hvm-brand's"),
        (": >platform.xml; rm -f install; cp /bin/sleep install", "install is not hvm-brand's"),
    ]

    @Test("a brand's files that are not whole, not ours, or not root's alone", arguments: faults)
    func brand(_ make: String, _ said: String) throws {
        let host = try Host()
        _ = try Hooks.run(program: "/bin/sh", ["-c", "cd \(host.brands)/bhyve && { \(make); }"])
        let version = try Hooks.run("hvm", ["-V"]).output.split(separator: " ").last?.trimmingCharacters(in: .newlines)
        try expect(
            host.run(),
            equals: host.expected(
                [
                    "bhyve": [
                        "FAIL  brand bhyve  " + said.replacingOccurrences(of: "VERSION", with: version ?? ""),
                        "                     lay the kit out again: ./install in its directory",
                    ]
                ], status: 255))
    }

    @Test("a brand that is not laid out is a failure where it has machines")
    func noBrand() throws {
        let host = try Host()
        try FileManager.default.removeItem(atPath: host.brands)
        let remedy = "                     lay the kit out again: ./install in its directory"
        try expect(
            host.run(),
            equals: host.expected(
                [
                    "bhyve": ["FAIL  brand bhyve  there is no \(host.brands)/bhyve", remedy],
                    "kvm": ["WARN  brand kvm    there is no \(host.brands)/kvm", remedy],
                ], status: 255))
    }

    @Test("machines with a warning, an error, and large logs")
    func machines() throws {
        let host = try Host()
        try host.zone.configure(body: #"<attr name="bootdisk" type="string" value="p/a"/>"#)
        let log = try host.zone.scratch.write("zones/web/log/zone.log", "")
        #expect(truncate(log, 65 << 20) == 0)
        try expect(
            host.run(),
            equals: host.expected(
                [
                    "web": ["FAIL  zone web     1 error", "                     hvm verify web"],
                    "log": [
                        "WARN  zone web     \(log) has 65 MiB",
                        "                     hvm log web shows its end; zoneadm -z web reboot begins a new one",
                    ],
                ], status: 255))
    }

    @Test("a log that the zone made a link is not followed")
    func hostileLog() throws {
        let host = try Host()
        let large = try host.zone.scratch.write("large", "")
        #expect(truncate(large, 65 << 20) == 0)
        try FileManager.default.createDirectory(atPath: host.zone.root + "/tmp", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: host.zone.root + "/tmp/init.log", withDestinationPath: large)
        try expect(host.run(), equals: host.expected())
    }
}
