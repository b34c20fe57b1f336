import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What UEFI starts, when several of a machine's devices could be: each prints its name and powers off.
    @Suite(.serialized) struct BootOrderTests {
        /// A lab with the images below /images.
        private func prepare() throws -> Lab {
            let lab = try Lab()
            let images = lab.directory + "/images"
            try FileManager.default.createDirectory(atPath: images, withIntermediateDirectories: true)
            for (options, name) in [([], "bootdisk"), ([], "disk0"), (["-c"], "cdrom0")] {
                let made = try Hooks.run(
                    program: Lab.sources + "/tools/marker-image", options + ["marker \(name)", images + "/" + name])
                try #require(made.status == 0, "\(made.errors)")
            }
            return lab
        }

        /// Makes the zone; `start` boots it and prints what was started, until it has powered off.
        private func script(_ attributes: [String: String]) -> String {
            let all = [
                "ram": "256M", "bootrom": "BHYVE_RELEASE", "bootdisk": "rpool/bootdisk", "disk0": "rpool/disk0",
                "cdrom0": "/images/cdrom0",
            ].merging(attributes) { $1 }
            let attrs = all.sorted { $0.key < $1.key }.map {
                "add attr; set name=\($0.key); set type=string; set value=\"\($0.value)\"; end\n"
            }
            return """
                for name in bootdisk disk0; do
                    zfs create -V 2M rpool/$name || exit 1
                    dd if=/images/$name of=/dev/zvol/rdsk/rpool/$name conv=notrunc status=none || exit 1
                done
                zonecfg -z b <<'END' || exit 1
                create -b
                set brand=bhyve; set zonepath=/data/zone/b; set ip-type=exclusive
                add fs; set dir=/images/cdrom0; set special=/images/cdrom0; set type=lofs; add options ro; add options nodevices; end
                add device; set match=/dev/zvol/rdsk/rpool/*; end
                \(attrs.joined())END
                zoneadm -z b install || exit 1
                start() {
                    zoneadm -z b boot >/dev/null || exit 1
                    zonelab await b 'Zone halted' | grep -ao 'marker [a-z0-9]*'
                }

                """
        }

        @Test("the first boot follows bootorder, one boot bootnext, and the one after it bootorder again")
        func nextOnce() throws {
            let outcome = try prepare().run(
                script(["bootorder": "disk0,bootdisk"]) + """
                    start
                    zonecfg -z b 'add attr; set name=bootnext; set type=string; set value=cdrom0; end'
                    start
                    zonecfg -z b info attr name=bootnext
                    hvm uefi b next bootdisk
                    hvm uefi b
                    start
                    start
                    """, withGuest: false)
            #expect(Self.markers(outcome) == ["disk0", "cdrom0", "bootdisk", "disk0"])
            #expect(outcome.errors == "zonecfg: On line 1: no such attr resource\n")
        }

        @Test(
            "the first boot and the second start the first device of the order", .long,
            arguments: [
                ("cdrom0,bootdisk", [:], "cdrom0"), ("dc", [:], "cdrom0"), ("cd", [:], "bootdisk"),
                ("bootdisk,disk0", ["diskif": "ahci"], "bootdisk"), ("disk0", ["diskif": "ahci"], "disk0"),
                ("net0,path0,disk0", [:], "disk0"),
            ] as [(String, [String: String], String)])
        func order(_ order: String, _ attributes: [String: String], _ first: String) throws {
            let all = attributes.merging(["bootorder": order]) { $1 }
            let outcome = try prepare().run(script(all) + "start; start", withGuest: false)
            #expect(Self.markers(outcome) == [first, first])
        }

        @Test("the shell is started when it is first, on the first boot and on the second", .long)
        func shell() throws {
            let outcome = try prepare().run(
                script(["bootorder": "shell,bootdisk", "shutdown-timeout": "1"]) + """
                    for boot in 1 2; do
                        zoneadm -z b boot >/dev/null
                        zonelab await b 'UEFI Interactive Shell' >/dev/null && echo marker shell
                        zoneadm -z b halt
                    done
                    """, withGuest: false)
            #expect(Self.markers(outcome) == ["shell", "shell"])
        }

        @Test("an NVMe disk, whose entry the firmware alone can make, follows the order from the second boot on", .long)
        func nvme() throws {
            let outcome = try prepare().run(
                script(["bootorder": "disk0,bootdisk", "diskif": "nvme", "bootdiskif": "virtio"]) + "start; start",
                withGuest: false)
            #expect(Self.markers(outcome) == ["bootdisk", "disk0"])
        }

        @Test("a disk that has moved to another slot still boots", .long)
        func moved() throws {
            let outcome = try prepare().run(
                script(["bootorder": "disk0,bootdisk"]) + """
                    start; start
                    zonecfg -z b 'remove attr name=disk0'
                    zonecfg -z b 'add attr; set name=disk8; set type=string; set value=rpool/disk0; end'
                    zonecfg -z b 'select attr name=bootorder; set value="disk8,bootdisk"; end'
                    start; start
                    """, withGuest: false)
            #expect(Self.markers(outcome) == ["disk0", "disk0", "disk0", "disk0"])
        }

        /// What was started, in order.
        private static func markers(_ outcome: Outcome) -> [String] {
            outcome.output.split(separator: "\n").filter { $0.hasPrefix("marker ") }.map { String($0.dropFirst(7)) }
        }
    }
}
