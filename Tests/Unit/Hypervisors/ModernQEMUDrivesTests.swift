import Machine
import TestSupport
import Testing

@testable import Hypervisors

@Suite struct ModernQEMUDrivesTests {
    static let qemu = Hypervisor.modernQEMU

    /// The devices of disks and CD-ROMs alone.
    static func devices(_ rendered: Rendered) -> [String] {
        rendered.values("-device").filter { $0.contains("drive=") }
    }

    @Test(
        "a bhyve zone's disk interfaces have stand-ins at the same place",
        arguments: [
            ("virtio", ["virtio-blk-pci,drive=bootdisk,bootindex=0,addr=4.0,multifunction=on"]),
            ("nvme", ["nvme,drive=bootdisk,bootindex=0,serial=bootdisk,addr=4.0,multifunction=on"]),
            ("ahci", ["ide-hd,drive=bootdisk,bootindex=0,bus=ahci-bootdisk.0"]),
            ("ahci-hd", ["ide-hd,drive=bootdisk,bootindex=0,bus=ahci-bootdisk.0"]),
            ("ahci-cd", ["ide-cd,drive=bootdisk,bootindex=0,bus=ahci-bootdisk.0"]),
        ])
    func bhyveZones(interface: String, devices: [String]) throws {
        let rendered = try Rendered(Self.qemu, [("bootdisk", "rpool/a"), ("bootdiskif", interface)])
        #expect(Self.devices(rendered) == devices)
        #expect(rendered.values("-drive") == ["if=none,id=bootdisk,format=raw,file=/dev/zvol/rdsk/rpool/a"])
        let controllers = rendered.values("-device").filter { $0.hasPrefix("ich9-ahci") }
        #expect(
            controllers == (interface.hasPrefix("ahci") ? ["ich9-ahci,id=ahci-bootdisk,addr=4.0,multifunction=on"] : [])
        )
        #expect(rendered.diagnostics == [])
    }

    @Test("an interface without a stand-in is refused", arguments: [Brand.bhyve, .kvm], ["scsi", "floppy", "VIRTIO"])
    func interfaceWithout(brand: Brand, interface: String) throws {
        let rendered = try Rendered(Self.qemu, [("diskif", interface), ("disk0", "rpool/a")], brand: brand)
        #expect(
            rendered.diagnostics == [
                says(
                    .error, 2, "attr \"diskif\": QEMU on Linux has no stand-in for the disk interface \"\(interface)\"",
                    "use virtio, ahci or nvme (ide in a kvm zone)")
            ])
    }

    /// bhyve's BIOS tries slots in order; CD-ROMs are at slot 3, or at 7 when the boot disk is first.
    @Test(
        "a BIOS tries drives in the order of their slots",
        arguments: [
            ("cdrom0,bootdisk", ["cdrom0", "cdrom1", "bootdisk", "disk0", "disk8"]),
            ("bootdisk", ["bootdisk", "disk0", "cdrom0", "cdrom1", "disk8"]),
        ])
    func biosTries(order: String, names: [String]) throws {
        let rendered = try Rendered(
            Self.qemu,
            [("disk8", "d"), ("disk0", "c"), ("bootdisk", "b"), ("cdrom", "/a"), ("cdrom", "/e"), ("bootorder", order)])
        for (index, name) in names.enumerated() {
            let device = Self.devices(rendered).filter { $0.contains(",drive=" + name + ",") }
            #expect(device.map { $0.contains(",bootindex=" + String(index) + ",") } == [true], "\(name): \(device)")
        }
    }

    @Test("UEFI and a kvm zone keep their own order")
    func uefiKvm() throws {
        let attributes = [("bootdisk", "b"), ("cdrom", "/a")]
        let renderings = [
            try Rendered(Self.qemu, attributes + [("bootrom", "BHYVE_RELEASE")]),
            try Rendered(Self.qemu, attributes, brand: .kvm),
        ]
        for rendered in renderings {
            #expect(Self.devices(rendered).count == 2)
            #expect(!Self.devices(rendered).contains { $0.contains("bootindex") })
        }
        #expect(renderings[1].values("-boot") == ["order=cd"])
    }

    @Test("a kvm zone's IDE drives are units of two channels, and four at most")
    func kvmZones() throws {
        let four = [("cdrom", "/a"), ("cdrom", "/b"), ("bootdisk", "rpool/c"), ("disk", "rpool/d"), ("diskif", "ide")]
        let rendered = try Rendered(Self.qemu, four, brand: .kvm)
        #expect(
            Self.devices(rendered) == [
                "ide-cd,drive=cdrom0,bus=ide.0,unit=0", "ide-cd,drive=cdrom1,bus=ide.0,unit=1",
                "ide-hd,drive=bootdisk,bus=ide.1,unit=0",
                "ide-hd,drive=disk0,bus=ide.1,unit=1",
            ])
        #expect(rendered.diagnostics == [])
        try expect(
            Rendered(Self.qemu, four + [("disk", "rpool/e")], brand: .kvm).diagnostics,
            equals: [
                says(
                    .error, 7,
                    "attr \"disk\": the zone has 5 CD-ROMs and IDE disks; a PC has four places for them",
                    "remove some, or give disks another diskif")
            ])
    }

    @Test(
        "a disk's options are QEMU's",
        arguments: [
            ("serial=S1", "", ",serial=S1"), ("ser=S1", "", ",serial=S1"), ("ro", ",readonly=on", ""),
            ("nocache", ",cache.direct=on", ""),
            ("direct", ",cache.direct=on", ""),
            ("sectorsize=4096", "", ",logical_block_size=4096,physical_block_size=4096"),
            ("sectorsize=512/4096", "", ",logical_block_size=512,physical_block_size=4096"),
            ("ro,serial=S1,nocache", ",readonly=on,cache.direct=on", ",serial=S1"),
        ])
    func disksOptions(options: String, drive: String, device: String) throws {
        let rendered = try Rendered(Self.qemu, [("disk0", "rpool/a," + options), ("bootrom", "BHYVE")])
        #expect(rendered.values("-drive").last == "if=none,id=disk0,format=raw,file=/dev/zvol/rdsk/rpool/a" + drive)
        #expect(Self.devices(rendered) == ["virtio-blk-pci,drive=disk0" + device + ",addr=5.0,multifunction=on"])
        #expect(rendered.diagnostics == [])
    }

    @Test("an NVMe disk has its own serial number or its name")
    func nvmeDisk() throws {
        let rendered = try Rendered(
            Self.qemu, [("disk0", "a,serial=S1"), ("disk1", "b"), ("diskif", "nvme"), ("bootrom", "BHYVE")])
        #expect(
            Self.devices(rendered) == [
                "nvme,drive=disk0,serial=S1,addr=5.0,multifunction=on", "nvme,drive=disk1,serial=disk1,addr=5.1",
            ])
    }

    @Test("an option that QEMU has not is left out, and that is said")
    func optionQEMU() throws {
        let rendered = try Rendered(Self.qemu, [("disk0", "rpool/a,nodelete,x=1,ro=1")])
        let remedy = "bhyve and illumos' QEMU get it"
        #expect(
            rendered.diagnostics
                == ["nodelete", "x=1", "ro=1"].map {
                    says(.warning, 2, "attr \"disk0\": the option \"\($0)\" is left out by QEMU on Linux", remedy)
                })
        #expect(!rendered.commandLine.words.contains { $0.contains("nodelete") || $0.contains("x=1") })
    }

    @Test(
        "a disk on AHCI or IDE cannot be read-only, a CD-ROM is", arguments: [(Brand.bhyve, "ahci-hd"), (.kvm, "ide")])
    func diskAHCI(brand: Brand, interface: String) throws {
        let rendered = try Rendered(
            Self.qemu, [("disk0", "rpool/a,ro"), ("diskif", interface), ("cdrom", "/b")], brand: brand)
        #expect(
            rendered.diagnostics == [
                says(
                    .error, 2, "attr \"disk0\": QEMU has no read-only disks on \(interface)",
                    "use virtio for this disk, or leave out ro")
            ])
        #expect(rendered.values("-drive").first == "if=none,id=cdrom0,format=raw,file=/b,readonly=on")
    }

    @Test("CD-ROMs are read-only, at their places")
    func cdROMs() throws {
        let rendered = try Rendered(Self.qemu, [("cdrom3", "/c"), ("cdrom0", "/a")])
        #expect(
            rendered.values("-device").filter { $0.contains("cdrom") } == [
                "ich9-ahci,id=ahci-cdrom0,addr=3.0,multifunction=on",
                "ide-cd,drive=cdrom0,bootindex=0,bus=ahci-cdrom0.0",
                "ich9-ahci,id=ahci-cdrom3,addr=3.3", "ide-cd,drive=cdrom3,bootindex=1,bus=ahci-cdrom3.0",
            ])
    }

    @Test(
        "a comma in a value is doubled, as QEMU reads it",
        arguments: [
            ("", ""), ("a", "a"), ("a,b", "a,,b"), (",", ",,"), ("a,,b,", "a,,,,b,,"), ("a,\u{301}b", "a,,\u{301}b"),
        ])
    func commaValue(text: String, escaped: String) throws {
        let writer = ArgumentWriter(Findings(try Rendered(Self.qemu).machine))
        #expect(Array(writer.escaped(text).utf8) == Array(escaped.utf8))
    }
}
