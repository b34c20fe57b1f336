import Foundation
import Testing
import TestSupport

extension EndToEnd {
    /// The Debian example of OmniOS' page on bhyve zones, as it stands there.
    @Suite(.serialized) struct PageTests {
        let page: String

        init() throws {
            page = try String(contentsOfFile: Lab.sources + "/tools/zonelab-debian.txt", encoding: .utf8)
        }

        @Test("the example boots by UEFI, shows its screen, loses its CD, powers off and goes")
        func example() throws {
            let lab = try Lab()
            let commands = page.replacingOccurrences(of: "omnios# zlogin -C debian\n", with: "")
            let outcome = try lab.run(
                commands + """
                    omnios# zonelab await debian \(Zones.ready)
                    omnios# zonelab screenshot debian /root/screen.png
                    omnios# zonecfg -z debian
                    zonecfg:debian> remove attr name=cdrom
                    zonecfg:debian> verify
                    zonecfg:debian> commit
                    zonecfg:debian> exit
                    omnios# zoneadm -z debian shutdown
                    omnios# zoneadm list -cv
                    omnios# cp /etc/zones/debian.xml /root
                    omnios# zoneadm -z debian uninstall -F
                    omnios# zonecfg -z debian delete -F
                    omnios# zoneadm list -c
                    """)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("machine firmware=uefi cpus=1"))
            #expect(outcome.output.contains("disk vda 32212254720 pci=0000:00:04.0"))
            #expect(outcome.output.contains("stands in for bhyve"))
            #expect(
                outcome.output.contains("   - debian           installed  /data/zone/bhyve               bhyve    excl")
            )
            #expect(outcome.output.hasSuffix("omnios# zoneadm list -c\nglobal\n"))
            #expect(outcome.errors == "")
            #expect(try greenShare(of: lab.directory + "/root/screen.png") > 0.1)
            #expect(!lab.file("/root/debian.xml").contains("cdrom"))
            #expect(!FileManager.default.fileExists(atPath: lab.directory + "/data/zone/bhyve"))
            #expect(lab.sockets() == [])
            #expect(!FileManager.default.fileExists(atPath: lab.directory + Lab.isoPath))
            try expectValid(lab.directory + "/root/debian.xml")
        }

        @Test("the page's last line shows the console, and ~. leaves it")
        func console() throws {
            let lab = try Lab()
            let script = page.replacingOccurrences(
                of: "omnios# zlogin -C debian",
                with: "omnios# sh -c '(zonelab await debian BdsDxe >/dev/null; printf \"\\r~.\") | zlogin -C debian'")
            let outcome = try lab.run(script)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("[Connected to zone 'debian' console]"))
            #expect(outcome.output.contains("[NOTICE: Zone booting up]"))
            #expect(outcome.output.hasSuffix("[Connection to zone 'debian' console closed]\n"))
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
    let dtd = Lab.sources + "/Tests/Acceptance/dtd/zonecfg.dtd.1"
    let outcome = try Hooks.run(program: "/usr/bin/xmllint", ["--nonet", "--noout", "--dtdvalid", dtd, file])
    #expect(outcome.status == 0, "\(outcome.errors)")
}
