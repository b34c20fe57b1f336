import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What UEFI starts, when several of a machine's devices could be: each prints its name and powers off.
    @Suite(.serialized) struct BootOrderTests {
        let lab: OpenLab

        /// A lab with the images below /images.
        init() throws {
            let lab = try Lab()
            let images = "\(lab.directory)/images"
            try FileManager.default.createDirectory(atPath: images, withIntermediateDirectories: true)
            for (options, name) in [([], "bootdisk"), ([], "disk0"), (["-c"], "cdrom0")] {
                let made = try Hooks.run(
                    program: "\(Lab.sources)/tools/marker-image", options + ["marker \(name)", "\(images)/\(name)"])
                try #require(made.status == 0, "\(made.errors)")
            }
            self.lab = try OpenLab(lab)
        }

        /// A zone with two disks and a CD, made of the images.
        private func guest(_ attributes: [String: String]) throws -> Guest {
            let all = [
                "ram": "256M", "bootrom": "BHYVE_RELEASE", "bootdisk": "rpool/bootdisk", "disk0": "rpool/disk0",
                "cdrom0": "/images/cdrom0",
            ].merging(attributes) { $1 }
            for name in ["bootdisk", "disk0"] {
                try lab.does(
                    "zfs create -V 2M rpool/\(name) && "
                        + "dd if=/images/\(name) of=/dev/zvol/rdsk/rpool/\(name) conv=notrunc status=none")
            }
            let disks = "add device; set match=/dev/zvol/rdsk/rpool/*; end"
            try lab.does(Zones.install("b", brand: "bhyve", all, sharing: "/images/cdrom0", disks))
            return Guest("b", in: lab)
        }

        @Test("the first boot follows bootorder, one boot bootnext, and the one after it bootorder again")
        func follow() throws {
            let guest = try guest(["bootorder": "disk0,bootdisk"])
            #expect(try guest.starts() == "disk0")
            try guest.isGiven("bootnext", "cdrom0")
            #expect(try guest.starts() == "cdrom0")
            #expect(
                try lab.run("zonecfg -z b info attr name=bootnext")
                    == Outcome(
                        status: 1, output: "",
                        errors: "zonecfg: no such attr resource\n  info attr shows them\n"))
            try lab.does("hvm uefi b next bootdisk")
            #expect(try guest.starts() == "bootdisk")
            #expect(try guest.starts() == "disk0")
            lab.closes()
        }

        @Test(
            "the first boot and the second start the first device of the order", .long,
            arguments: [
                ("cdrom0,bootdisk", [:], "cdrom0"), ("dc", [:], "cdrom0"), ("cd", [:], "bootdisk"),
                ("bootdisk,disk0", ["diskif": "ahci"], "bootdisk"), ("disk0", ["diskif": "ahci"], "disk0"),
                ("net0,path0,disk0", [:], "disk0"),
            ] as [(String, [String: String], String)])
        func startFirst(_ order: String, _ attributes: [String: String], _ first: String) throws {
            let guest = try guest(attributes.merging(["bootorder": order]) { $1 })
            #expect(try guest.starts() == first)
            #expect(try guest.starts() == first)
            lab.closes()
        }

        @Test("the shell is started when it is first, on the first boot and on the second", .long)
        func enterShell() throws {
            let guest = try guest(["bootorder": "shell,bootdisk", "shutdown-timeout": "1"])
            for _ in 1...2 {
                try guest.boots()
                try guest.awaits("UEFI Interactive Shell")
                // It has no ear for the power button.
                let warning = "zone b: warning: the guest ignored the power button for 1 s and was forced off"
                expect(
                    try lab.run("zoneadm -z b halt"),
                    equals: Outcome(status: 0, output: "", errors: "zone 'b': \(warning)\n"))
            }
            lab.closes()
        }

        @Test("an NVMe disk, whose entry the firmware alone can make, follows the order from the second boot on", .long)
        func followLater() throws {
            let guest = try guest(["bootorder": "disk0,bootdisk", "diskif": "nvme", "bootdiskif": "virtio"])
            #expect(try guest.starts() == "bootdisk")
            #expect(try guest.starts() == "disk0")
            lab.closes()
        }

        @Test("a disk that has moved to another slot still boots", .long)
        func find() throws {
            let guest = try guest(["bootorder": "disk0,bootdisk"])
            #expect(try guest.starts() == "disk0")
            #expect(try guest.starts() == "disk0")
            try guest.isConfigured("remove attr name=disk0")
            try guest.isGiven("disk8", "rpool/disk0")
            try guest.isConfigured("select attr name=bootorder; set value=\"disk8,bootdisk\"; end")
            #expect(try guest.starts() == "disk0")
            #expect(try guest.starts() == "disk0")
            lab.closes()
        }
    }
}

extension Guest {
    /// Boots until the zone has halted. Returns the name of what was started; `nil` when nothing said one.
    fileprivate func starts() throws -> String? {
        try boots()
        let console = try awaits("Zone halted")
        return console.firstMatch(of: /marker ([a-z0-9]+)/).map { String($0.1) }
    }
}
