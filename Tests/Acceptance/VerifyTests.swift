import Foundation
import TestSupport
import Testing

@Suite struct VerifyTests {
    @Test("a zone that is right passes in silence, by file as zonecfg asks and by zone as zoneadm does")
    func right() throws {
        let zone = try ScratchZone(
            body: #"<device match="/dev/zvol/rdsk/rpool/*"/><attr name="bootdisk" type="string" value="rpool/web"/>"#)
        let silent = Outcome(status: 0, output: "", errors: "")
        #expect(try Hooks.run("verify", ["-p", "illumos", "-F", zone.firmware, zone.xml]) == silent)
        #expect(try zone.run("verify", platform: "illumos") == silent)
        let byFileAndName = ["-p", "illumos", "-F", zone.firmware, "-x", zone.xml]
        #expect(try Hooks.run("verify", byFileAndName + ["web"]) == silent)
        #expect(
            try Hooks.run("verify", byFileAndName + ["db"]).errors.contains(
                "error: the file is of zone \"web\", not \"db\"\n"))
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
                zone web: \(zone.xml):4: warning: attr "cdrom": the zone has no fs resource for /iso/a.iso
                  zonecfg -z web 'add fs; set dir=/iso/a.iso; set special=/iso/a.iso; set type=lofs; add options ro; add options nodevices; end'
                zone web: \(zone.xml):3: error: attr "disk": the zone has no device resource for /dev/zvol/rdsk/rpool/d
                  zonecfg -z web 'add device; set match=/dev/zvol/rdsk/rpool/d; end'

                """)
        try zone.configure(body: #"<attr name="cdrom" type="string" value="/iso/a.iso"/>"#)
        let warned = try Hooks.run("verify", ["-p", "illumos", "-F", zone.firmware, zone.xml])
        #expect(warned.status == 0 && warned.errors.contains("warning: attr \"cdrom\": the zone has no fs resource"))
    }

    @Test("an ISO that lies in the zone root boots; one that lies nowhere does not")
    func inZoneRoot() throws {
        let zone = try ScratchZone(body: #"<attr name="cdrom" type="string" value="/iso/a.iso"/>"#)
        try zone.install()
        #expect(try zone.run("boot").status == 255)
        try zone.scratch.write("zones/web/root/iso/a.iso", "image")
        #expect(try zone.run("boot") == Outcome(status: 0, output: "", errors: ""))
    }

    @Test("what is no zone's XML is refused", arguments: ["", "<zone", "<a/>"])
    func broken(_ text: String) throws {
        let scratch = try Scratch()
        let file = try scratch.write("z.xml", text)
        let outcome = try Hooks.run("verify", [file])
        #expect(outcome.status == 255 && outcome.errors.hasPrefix("\(file):1: error: "))
    }

    @Test("wrong usage is 253", arguments: [[], ["a.xml", "b.xml"], ["-q"], ["-x", "a.xml"]])
    func usage(_ arguments: [String]) throws {
        let outcome = try Hooks.run("verify", arguments)
        #expect(outcome.status == 253 && outcome.errors.contains("usage: verify "))
    }
}
