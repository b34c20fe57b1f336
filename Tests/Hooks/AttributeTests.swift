import Foundation
import TestSupport
import Testing

/// What `boot -A` tells of the attributes that zones can have.
@Suite struct AttributeTests {
    @Test("docs/attributes.md is what make docs prints from the table")
    func documented() throws {
        let table = try Hooks.run("boot", ["-A", "-j"])
        #expect(table.status == 0)
        let scratch = try Scratch()
        let file = try scratch.write("table.json", table.output)
        let page = try Hooks.run(
            program: "/bin/sh", ["-c", #""$0" <"$1""#, BrandTests.project + "/tools/attributes-page", file])
        let kept = try String(contentsOfFile: BrandTests.project + "/docs/attributes.md", encoding: .utf8)
        #expect(page == Outcome(status: 0, output: kept, errors: ""), "make docs prints it anew")
    }

    @Test("the table has a line for each attribute, or one for each of its defaults")
    func table() throws {
        let outcome = try Hooks.run("boot", ["-A"])
        #expect(outcome.status == 0)
        let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines.first == "NAME BRAND DEFAULT WHAT IT IS")
        for line in [
            "diskN, disk bhyve, kvm - data disk", "diskif bhyve virtio-blk disk interface",
            "diskif kvm virtio disk interface", "comN bhyve - serial port", "ram bhyve, kvm 1G memory",
        ] { #expect(lines.contains(line)) }
        let objects = try JSONSerialization.jsonObject(with: Data(Hooks.run("boot", ["-A", "-j"]).output.utf8))
        let names = (objects as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
        #expect(
            Set(lines.dropFirst().compactMap { $0.split(separator: " ").first?.filter { !"N,".contains($0) } })
                == Set(names))
    }

    static let ram = """
        ram: memory
          brand    bhyve, kvm
          value    a count with K, M, G or T; a plain one is MiB below 1048576, else bytes
          default  1G
          example  ram=4G
          from     OmniOS' page on bhyve and KVM zones

        """
    static let virtfs = """
        virtfsN, virtfs: shared directory
          brand    bhyve
          value    NAME,/PATH[,ro]
          default  none
          numbers  0 to 7; virtfs alone takes the first free one
          example  virtfs0=share,/data/share,ro
          from     OmniOS; its page does not list it

        """
    static let acpi = #"""
        [{"name":"acpi","label":"acpi","summary":"switch for ACPI tables, which are always built","from":"page",\#
        "forms":[{"brands":["bhyve"],"default":"on","syntax":"on or off","example":"off",\#
        "effect":"none; the boot ROM brings its own tables"}]}]

        """#

    @Test(
        "an attribute is told of by any of its names",
        arguments: [
            (["ram"], ram), (["virtfs"], virtfs), (["virtfs7"], virtfs), (["virtfsN"], virtfs),
            (["acpi", "-j"], acpi), (["-j", "acpi"], acpi),
        ])
    func details(_ arguments: [String], _ text: String) throws {
        try expect(Hooks.run("boot", ["-A"] + arguments), equals: Outcome(status: 0, output: text, errors: ""))
    }

    @Test(
        "what is no attribute is wrong usage, and what may have been meant is said",
        arguments: [
            (["rma"], #""rma" is not an attribute; did you mean "ram"?"#),
            (["Disk3"], #""Disk3" is not an attribute; did you mean "disk"?"#),
            (["ram1"], #""ram1" is not an attribute; did you mean "ram"?"#),
            (["vncs", "-j"], #""vncs" is not an attribute; did you mean "vnc"?"#),
            (["floppy"], #""floppy" is not an attribute; boot -A lists them"#),
            ([""], #""" is not an attribute; boot -A lists them"#),
            (["a\u{1b}b"], #""a\x1bb" is not an attribute; boot -A lists them"#),
            (["ram", "vcpus"], #"unexpected argument "vcpus""#), (["-t"], "-A goes with -j alone"),
            (["-e", "ram"], "-A goes with -j alone"), (["-S"], "-A goes with -j alone"),
        ])
    func refuses(_ arguments: [String], _ message: String) throws {
        let outcome = try Hooks.run("boot", ["-A"] + arguments)
        #expect(outcome.status == 253)
        #expect(outcome.output == "")
        #expect(outcome.errors.components(separatedBy: "\n").first == "boot: " + message)
    }
}
