import Foundation
import TestSupport
import Testing

/// `hvm uefi`: what people see of a zone's boot entries, and change in them.
@Suite struct UEFICommandTests {
    private static let attributes = """
        <attr name="bootrom" type="string" value="BHYVE_RELEASE"/>
        <attr name="bootdisk" type="string" value="p/a"/>
        <attr name="disk0" type="string" value="p/b"/>
        <attr name="cdrom0" type="string" value="/cd.iso"/>

        """

    private func prepare(_ body: String = attributes, brand: String = "bhyve") throws -> ScratchZone {
        let zone = try ScratchZone(brand: brand, body: body)
        try zone.install()
        try zone.useRealVariables()
        return zone
    }

    private func uefi(_ zone: ScratchZone, _ words: [String], state: String = "installed") throws -> Outcome {
        let commands = try StandIns(
            zone.scratch, ["zoneadm": "echo '-:web:\(state):\(zone.zonepath):\(ScratchZone.uuid):bhyve:excl'"])
        return try Hooks.run(
            "hvm",
            ["uefi", "-x", zone.xml, "-F", zone.firmware, "-C", commands.directory] + Hooks.platform("illumos") + words,
            environment: zone.environment)
    }

    private func silent(_ output: String = "") -> Outcome { Outcome(status: 0, output: output, errors: "") }

    private func failure(_ errors: String) -> Outcome { Outcome(status: 255, output: "", errors: errors) }

    @Test("the order is set, the next boot is another one, and the list shows both")
    func set() throws {
        let zone = try prepare(Self.attributes + #"<attr name="bootorder" type="string" value="disk0,shell"/>"#)
        #expect(try uefi(zone, ["web", "order", "disk0,shell,cdrom0"]) == silent())
        #expect(try uefi(zone, ["web", "next", "bootdisk"]) == silent())
        let table = """
               ORDER  ENTRY     NAME      ACTIVE  TITLE
               1      Boot0000  disk0     yes     zone disk0
               2      Boot0001  shell     yes     EFI Internal Shell
               3      Boot0002  cdrom0    yes     zone cdrom0
            *  -      Boot0003  bootdisk  yes     zone bootdisk

            """
        #expect(try uefi(zone, ["web"]) == silent(table))
        #expect(try uefi(zone, ["web"], state: "running") == silent(table))
    }

    @Test("an order that the next boot changes again is a warning with the lines to paste")
    func overruled() throws {
        let zone = try prepare()
        #expect(
            try uefi(zone, ["web", "order", "disk0"])
                == Outcome(
                    status: 0, output: "",
                    errors: """
                        zone web: warning: the next boot of the zone puts path0,bootdisk,cdrom0 first again, the default of the attr "bootorder"
                          zonecfg -z web 'add attr; set name=bootorder; set type=string; set value="disk0"; end'

                        """))
        try zone.configure(body: Self.attributes + #"<attr name="bootorder" type="string" value="cdrom0"/>"#)
        #expect(
            try uefi(zone, ["web", "order", "disk0,bootdisk"])
                == Outcome(
                    status: 0, output: "",
                    errors: """
                        zone web: \(zone.xml):6: warning: the next boot of the zone puts cdrom0 first again, the attr "bootorder"
                          zonecfg -z web 'select attr name=bootorder; set value="disk0,bootdisk"; end'

                        """))
    }

    @Test("-j is one value for programs, of a zone that has no variables yet, too")
    func json() throws {
        let zone = try prepare()
        let fresh = try uefi(zone, ["-j", "web"])
        #expect(fresh.status == 0)
        #expect(fresh.errors == "zone web: info: the zone has no UEFI variables yet: these are the template's\n")
        let empty = try #require(JSONSerialization.jsonObject(with: Data(fresh.output.utf8)) as? [String: Any])
        #expect(empty["file"] as? String == zone.firmware + "/BHYVE_VARS.fd")
        #expect((empty["entries"] as? [Any])?.count == 0)
        #expect(zone.read("etc/uefivars") == nil)

        #expect(
            try uefi(zone, ["-j", "web", "next", "cdrom0"])
                == silent(
                    """
                    {"zonename":"web","file":"\(zone.root)/etc/uefivars","entries":[{"entry":"Boot0000","name":"cdrom0",\
                    "title":"zone cdrom0","active":true,"hidden":false,"position":null,"next":true}],"diagnostics":[]}

                    """))
    }

    @Test("reset begins anew with the template, and keeps what was there, whatever it was")
    func reset() throws {
        let zone = try prepare()
        let template = try #require(FileManager.default.contents(atPath: zone.firmware + "/BHYVE_VARS.fd"))
        for content in ["nothing of UEFI's", "another"] {
            try zone.scratch.write("zones/web/root/etc/uefivars", content)
            #expect(
                try uefi(zone, ["web"])
                    == failure(
                        """
                        zone web: \(zone.root)/etc/uefivars: error: these are not UEFI variables: it is not a firmware volume: there is no _FVH, at 0x28
                          hvm uefi web reset begins anew with the template, and keeps this file as uefivars.old

                        """))
            #expect(try uefi(zone, ["web", "reset"]) == silent())
            #expect(FileManager.default.contents(atPath: zone.root + "/etc/uefivars") == template)
            #expect(zone.read("etc/uefivars.old") == content)
        }
    }

    @Test("a reset without a template changes nothing")
    func noTemplate() throws {
        let zone = try prepare()
        try zone.scratch.write("zones/web/root/etc/uefivars", "mine")
        try FileManager.default.removeItem(atPath: zone.firmware + "/BHYVE_VARS.fd")
        #expect(
            try uefi(zone, ["web", "reset"])
                == failure(
                    """
                    zone web: error: open \(zone.firmware)/BHYVE_VARS.fd: No such file or directory
                      nothing was changed; -F names the directory of the template

                    """))
        #expect(zone.read("etc/uefivars") == "mine")
    }

    @Test("a zone that runs keeps its variables", arguments: ["ready", "running", "shutting_down"])
    func running(_ state: String) throws {
        let zone = try prepare()
        for words in [["order", "disk0"], ["next", "disk0"], ["reset"]] {
            #expect(
                try uefi(zone, ["web"] + words, state: state)
                    == failure("zone web: error: the zone is \(state)\n  halt it first: zoneadm -z web halt\n"))
        }
        #expect(zone.read("etc/uefivars") == nil)
    }

    @Test(
        "what the firmware has no entry for is refused, and nothing is written",
        arguments: [["order", "disk0,net0"], ["next", "net0"], ["order", "disk0,disk5,net0"]])
    func noEntry(_ words: [String]) throws {
        let zone = try prepare()
        let missing = words[1].contains("disk5") ? "disk5" : "net0"
        #expect(
            try uefi(zone, ["web"] + words)
                == failure(
                    """
                    zone web: \(zone.firmware)/BHYVE_VARS.fd: error: nothing was changed: the firmware has no entry for \(missing)
                      hvm uefi web lists the entries

                    """))
        #expect(zone.read("etc/uefivars") == nil)
    }

    @Test(
        "wrong usage is told first",
        arguments: [
            ([], "no zone name given"), (["web", "order"], "order needs a list of entries"),
            (["web", "next"], "next needs an entry"), (["web", "reset", "now"], #"unexpected argument "now""#),
            (["web", "sort"], #""sort" is not order, next or reset"#), (["web", "order", ""], "no boot entry given"),
            (["web", "next", "dc"], #"next takes one entry, not "dc""#),
            (["web", "order", "disk0", "disk1"], #"unexpected argument "disk1""#),
            (
                ["web", "order", "floppy"],
                #""floppy" is not a boot entry; use shell, pathN, bootN, bootdisk, diskN, cdromN or netN[=pxe|http], or the "#
                    + "letters c, d and n"
            ),
        ])
    func usage(_ words: [String], _ message: String) throws {
        let zone = try prepare()
        let outcome = try uefi(zone, words)
        #expect(outcome.status == 253)
        #expect(outcome.output == "")
        expect(outcome.errors, hasPrefix: "hvm uefi: \(message)\nusage: hvm uefi [-j] ZONE ")
    }

    @Test(
        "a machine that keeps no variables has none to show",
        arguments: [
            ("bhyve", ""), ("kvm", ""), ("bhyve", attributes + #"<attr name="uefivars" type="string" value="off"/>"#),
        ]
    )
    func withoutVariables(_ brand: String, _ body: String) throws {
        let zone = try prepare(body, brand: brand)
        #expect(
            try uefi(zone, ["web"])
                == failure(
                    """
                    zone web: \(zone.xml): error: the machine keeps no UEFI variables
                      they need a bhyve zone, a bootrom without CSM, and uefivars=on

                    """))
    }

    @Test("a hostile root leads nowhere: links are not followed, and reset puts them aside")
    func hostile() throws {
        let zone = try prepare()
        let outside = try zone.scratch.write("outside", "theirs")
        let path = zone.root + "/etc/uefivars"
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: outside)
        #expect(
            try uefi(zone, ["web", "order", "disk0"])
                == failure(
                    """
                    zone web: error: use \(path): it is not a regular file
                      hvm uefi web reset begins anew with the template

                    """))
        #expect(try uefi(zone, ["web", "reset"]) == silent())
        #expect(try String(contentsOfFile: outside, encoding: .utf8) == "theirs")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path + ".old") == outside)
        try FileManager.default.removeItem(atPath: zone.root + "/etc")
        try FileManager.default.createSymbolicLink(atPath: zone.root + "/etc", withDestinationPath: "/tmp")
        for words in [[], ["order", "disk0"], ["reset"]] {
            #expect(try uefi(zone, ["web"] + words).status == 255)
        }
        #expect(!FileManager.default.fileExists(atPath: "/tmp/uefivars"))
    }
}
