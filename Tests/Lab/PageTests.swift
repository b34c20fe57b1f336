import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The Debian example of OmniOS' page on bhyve zones, as it is there.
    @Suite(.serialized) struct PageTests {
        let page: String

        init() throws {
            page = try String(contentsOfFile: Lab.sources + "/tools/zonelab-debian.txt", encoding: .utf8)
        }

        @Test("the example boots by UEFI, shows its screen, loses its CD, powers off and goes")
        func live() throws {
            let lab = try OpenLab(after: page.replacingOccurrences(of: "omnios# zlogin -C debian\n", with: ""))
            expect(lab.said, contains: "zonelab: this system's QEMU stands in for bhyve\n")
            let debian = Guest("debian", in: lab)
            let console = try debian.awaits(Guest.ready)
            expect(console, contains: "machine firmware=uefi cpus=1")
            expect(console, contains: "disk vda 32212254720 pci=0000:00:04.0")
            try lab.does("zonelab screenshot debian /root/screen.png")
            #expect(try greenShare(of: "\(lab.lab.directory)/root/screen.png") > 0.1)
            try debian.isConfigured("remove attr name=cdrom; verify; commit; exit")
            try debian.shutsDown()
            expect(
                try lab.does("zoneadm list -cv"),
                contains: "\n   - debian           installed  /data/zone/bhyve               bhyve    excl  \n")
            #expect(!lab.lab.file("/etc/zones/debian.xml").contains("cdrom"))
            try expectValid("\(lab.lab.directory)/etc/zones/debian.xml")
            try debian.isUninstalled()
            #expect(!FileManager.default.fileExists(atPath: "\(lab.lab.directory)/data/zone/bhyve"))
            try lab.does("zonecfg -z debian delete -F")
            #expect(try lab.does("zoneadm list -c") == "global\n")
            lab.closes()
            #expect(!FileManager.default.fileExists(atPath: lab.lab.directory + Lab.isoPath))
        }

        @Test("the page's last line shows the console, and ~. leaves it")
        func leave() throws {
            let lab = try Lab()
            let script = page.replacingOccurrences(
                of: "omnios# zlogin -C debian",
                with:
                    "omnios# sh -c '(zonelab await debian \"\(Guest.ready)\" >/dev/null; printf \"\\r~.\") | zlogin -C debian'"
            )
            let outcome = try lab.run(script)
            #expect(outcome.status == 0, "\(outcome.errors)")
            expect(outcome.output, contains: "[Connected to zone 'debian' console]")
            expect(outcome.output, contains: "[NOTICE: Zone booting up]")
            expect(outcome.output, hasSuffix: "[Connection to zone 'debian' console closed]\n")
        }

        /// How much of a picture is the small guest's green band.
        private func greenShare(of path: String) throws -> Double {
            let program = """
                import subprocess, sys
                picture = subprocess.check_output(['pngtopnm', sys.argv[1]])
                kind, width, height, depth = picture.split(None, 4)[:4]
                assert (kind, depth) == (b'P6', b'255')
                count = int(width) * int(height)
                pixels = picture[-3 * count:]
                print(sum(pixels[i:i + 3] == b'\\0\\xaa\\0' for i in range(0, 3 * count, 3)) / count)
                """
            let outcome = try Hooks.run(program: "/usr/bin/env", ["python3", "-c", program, path])
            return Double(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        }
    }
}

/// Checks a zone's XML against the system's grammar.
func expectValid(_ file: String) throws {
    let dtd = Lab.sources + "/Tests/Hooks/dtd/zonecfg.dtd.1"
    let outcome = try Hooks.run(program: "/usr/bin/xmllint", ["--nonet", "--noout", "--dtdvalid", dtd, file])
    #expect(outcome.status == 0, "\(outcome.errors)")
}
