import Foundation
import TestSupport
import Testing

@Suite struct VerifyTests {
    @Test("a zone that is right passes in silence, by file as zonecfg asks and by zone as zoneadm does")
    func right() throws {
        let zone = try ScratchZone(
            body: #"<device match="/dev/zvol/rdsk/rpool/*"/><attr name="bootdisk" type="string" value="rpool/web"/>"#)
        let silent = Outcome(status: 0, output: "", errors: "")
        try expect(Hooks.run("verify", ["-p", "illumos", "-F", zone.firmware, zone.xml]), equals: silent)
        try expect(zone.run("verify", platform: "illumos"), equals: silent)
        let byFileAndName = ["-p", "illumos", "-F", zone.firmware, "-x", zone.xml]
        try expect(Hooks.run("verify", byFileAndName + ["web"]), equals: silent)
        try expect(
            Hooks.run("verify", byFileAndName + ["db"]).errors,
            contains: "error: the file is of zone \"web\", not \"db\"\n")
    }

    @Test("every fault is told, with line and way out, and refuses the configuration; warnings alone do not")
    func faults() throws {
        let zone = try ScratchZone()
        try zone.configure(
            body: """
                <attr name="ram" type="string" value="4GB"/>
                <attr name="bootrom" type="string" value="BHYVE_CSM"/>
                <attr name="vcpu" type="string" value="4"/>
                """)
        let refused = try Hooks.run("verify", ["-p", "illumos", "-F", zone.firmware, zone.xml])
        #expect(
            refused
                == Outcome(
                    status: 255, output: "",
                    errors: """
                        zone web: \(zone.xml):2: error: attr "ram": "4GB" is not a size
                          use a number with K, M, G or T, such as 4G
                        zone web: \(zone.xml):3: error: attr "bootrom": there is no boot ROM "BHYVE_CSM" in \(zone.firmware)
                          use BHYVE_RELEASE or BHYVE_RELEASE_CSM
                        zone web: \(zone.xml):4: warning: attr "vcpu" is unknown and means nothing
                          did you mean "vcpus", the number of virtual CPUs?

                        """))
        try zone.configure(
            body: """
                <attr name="bootrom" type="string" value="BHYVE_CSM"/>
                <attr name="disk" type="string" value="rpool/d"/>
                <attr name="cdrom" type="string" value="/iso/a.iso"/>
                """)
        let resources = try Hooks.run("verify", ["-p", "illumos", "-F", zone.firmware, zone.xml])
        #expect(resources.status == 255)
        #expect(
            resources.errors == """
                zone web: \(zone.xml):2: error: attr "bootrom": there is no boot ROM "BHYVE_CSM" in \(zone.firmware)
                  use BHYVE_RELEASE or BHYVE_RELEASE_CSM
                zone web: \(zone.xml):3: error: attr "disk": the zone has no device resource for /dev/zvol/rdsk/rpool/d
                  zonecfg -z web 'add device; set match=/dev/zvol/rdsk/rpool/d; end'
                zone web: \(zone.xml):4: warning: attr "cdrom": the zone has no fs resource for /iso/a.iso
                  zonecfg -z web 'add fs; set dir=/iso/a.iso; set special=/iso/a.iso; set type=lofs; add options ro; add options nodevices; end'

                """)
        try zone.configure(body: #"<attr name="cdrom" type="string" value="/iso/a.iso"/>"#)
        let warned = try Hooks.run("verify", ["-p", "illumos", "-F", zone.firmware, zone.xml])
        #expect(warned.status == 0)
        #expect(warned.errors.contains("warning: attr \"cdrom\": the zone has no fs resource"))
    }

    @Test("an ISO that lies in the zone root boots; one that lies nowhere does not")
    func inZoneRoot() throws {
        let zone = try ScratchZone(body: #"<attr name="cdrom" type="string" value="/iso/a.iso"/>"#)
        try zone.install()
        try expect(zone.run("boot").status, equals: 255)
        try zone.scratch.write("zones/web/root/iso/a.iso", "image")
        try expect(zone.run("boot"), equals: Outcome(status: 0, output: "", errors: ""))
    }

    @Test(
        "a zonepath that a shell would take apart is refused",
        arguments: ["/zones/my web", "/zones/a;b", "/zones/$HOME", "/zones/a*", "/zones/'a'"])
    func zonepath(_ zonepath: String) throws {
        let scratch = try Scratch()
        let file = try scratch.write("z.xml", "<zone name=\"web\" brand=\"kvm\" zonepath=\"\(zonepath)\"/>")
        try expect(
            Hooks.run("verify", [file]),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: \(file):1: error: the zonepath "\(zonepath)" holds a character that means something to a \
                    shell, and would reach the hooks in pieces
                      zonecfg -z web "set zonepath=/zones/web"

                    """))
    }

    @Test("a zonepath need not be ASCII")
    func zonepathInUnicode() throws {
        let scratch = try Scratch()
        let file = try scratch.write("z.xml", "<zone name=\"web\" brand=\"kvm\" zonepath=\"/zones/caf\u{e9}\"/>")
        try expect(Hooks.run("verify", [file]), equals: Outcome(status: 0, output: "", errors: ""))
    }

    @Test("what is not a zone's XML is refused", arguments: ["", "<zone", "<a/>"])
    func broken(_ text: String) throws {
        let scratch = try Scratch()
        let file = try scratch.write("z.xml", text)
        let outcome = try Hooks.run("verify", [file])
        #expect(outcome.status == 255)
        #expect(outcome.errors.hasPrefix("\(file):1: error: "))
    }

    private static func missing(_ zone: String, _ file: String) -> Outcome {
        Outcome(
            status: 255, output: "",
            errors: """
                zone \(zone): \(file): error: there is no such file
                  zoneadm list -cp shows the zones there are; -x names a file elsewhere

                """)
    }

    /// What zoneadm appends to the verify_adm line, and whether a mistake in the configuration refuses it.
    static let calls: [(words: String, isJudged: Bool)] =
        ZoneadmCall.all.compactMap { call in call.asked.map { ($0, call.isJudged) } } + [
            ("mount", true), ("mount -f", true), ("install -q --what 'a b' -- -z x", true),
            ("reboot -- -z x -p beos", true),
            ("", true), ("unmount", false), ("sysboot", false), ("apply", false), ("shutdown -r", false),
            ("halt -q", false), ("frobnicate -x", false), ("uninstall -z x -R . -p beos -F", false),
        ]

    @Test("as zoneadm calls it: refused is what starts or makes a zone, and its words are its own", arguments: calls)
    func zoneadms(_ call: (words: String, isJudged: Bool)) throws {
        let zone = try ScratchZone()
        /// The line of config.xml, with the zone's file, and the words as zoneadm gives them to the shell.
        func verify() throws -> Outcome {
            let own = ["-p", "illumos", "-F", zone.firmware, "-x", zone.xml, "-z", "web", "-R", zone.zonepath]
            return try Hooks.run(
                program: "/bin/sh", ["-c", "exec \"$0\" \"$@\" \(call.words)", Hooks.directory + "/verify"] + own)
        }
        let silent = Outcome(status: 0, output: "", errors: "")
        let right = try verify()
        #expect(right == silent)
        try zone.configure(body: "<attr name=\"ram\" type=\"string\" value=\"1Q\"/>")
        let broken = try verify()
        let refusal = Outcome(
            status: 255, output: "",
            errors: """
                zone web: \(zone.xml):2: error: attr "ram": "1Q" is not a size
                  use a number with K, M, G or T, such as 4G

                """)
        #expect(broken == (call.isJudged ? refusal : silent))
        try zone.scratch.write("web.xml", "<zone")
        let unreadable = try verify().status
        #expect(unreadable == (call.isJudged ? 255 : 0))
        try FileManager.default.removeItem(atPath: zone.xml)
        let missing = try verify()
        #expect(missing == (call.isJudged ? Self.missing("web", zone.xml) : silent))
    }

    @Test(
        "not even wrong usage holds a zone on its way down",
        arguments: [
            "-z web -R zones/web halt", "-z web -R /a b halt", "-z web -p beos -R /a halt", "-z w/b -R /a uninstall -F",
            "-q -z web -R /a list -p", "-z web -z db -R /a -R /b mark incomplete", "-zweb -R/a detach",
            "-z web -- halt",
            "-z - -R - move /b", "-z web -R halt halt",
        ])
    func wayDown(_ line: String) throws {
        let outcome = try Hooks.run("verify", line.split(separator: " ").map(String.init))
        #expect(outcome == Outcome(status: 0, output: "", errors: ""))
    }

    @Test("the zone that zoneadm attach -n calls - is that of the manifest")
    func manifest() throws {
        let zone = try ScratchZone()
        func verify() throws -> Outcome {
            try Hooks.run("verify", ["-F", zone.firmware, "-z", "-", "-R", "-", "attach", "-n", zone.xml])
        }
        let right = try verify()
        #expect(right == Outcome(status: 0, output: "", errors: ""))
        try zone.configure(body: "<attr name=\"vcpus\" type=\"string\" value=\"none\"/>")
        let refused = try verify()
        #expect(refused.status == 255)
        #expect(refused.errors.hasPrefix("zone web: \(zone.xml):2: error: attr \"vcpus\": "))
    }

    @Test("without -z, what holds a slash is a file and anything else a zone")
    func subjects() throws {
        let zone = try ScratchZone()
        let file = try Hooks.run("verify", ["-F", zone.firmware, zone.xml])
        #expect(file == Outcome(status: 0, output: "", errors: ""))
        let named = try Hooks.run("verify", ["web.xml"])
        #expect(named == Self.missing("web.xml", "/etc/zones/web.xml.xml"))
        try expect(
            Hooks.run("verify", ["-x", zone.xml, "halt"]).errors,
            contains: "error: the file is of zone \"web\", not \"halt\"\n")
    }

    @Test(
        "wrong usage is 253",
        arguments: [
            [], ["/a.xml", "/b.xml"], ["-q"], ["-x", "a.xml"], ["web", "-p", "linux"], ["-x", "/a.xml", "/b.xml"],
            ["-z", "web", "-p", "beos", "boot"], ["-z", "w/b", "boot"], ["-z", "web", "-q", "install"],
            ["-z", "-", "-R", "-", "attach"],
        ])
    func usage(_ arguments: [String]) throws {
        let outcome = try Hooks.run("verify", arguments)
        #expect(outcome.status == 253)
        #expect(outcome.output == "")
        #expect(outcome.errors.hasPrefix("verify: "))
        #expect(outcome.errors.contains("\nusage: verify "))
    }
}
