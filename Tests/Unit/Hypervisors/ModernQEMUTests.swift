import Hypervisors
import Machine
import TestSupport
import Testing

@Suite struct ModernQEMUTests {
    static let qemu = Hypervisor.modernQEMU

    @Test(
        "translation has no host CPU, but the best it has",
        arguments: [
            (.tcg, "host", "max"), (.kvm, "host", "host"), (.tcg, "host,-x2apic,+aes", "max,-x2apic,+aes"),
            (.kvm, "host,-x2apic", "host,-x2apic"),
            (.tcg, "qemu64", "qemu64"), (.tcg, "hosting", "hosting"), (.tcg, "host+", "host+"),
        ] as [(Hypervisor.Accelerator, String, String)])
    func translationHost(
        accelerator: Hypervisor.Accelerator, cpu: String, argument: String
    ) throws {
        try expect(
            Rendered(Self.qemu, [("cpu", cpu)], brand: .kvm, accelerator: accelerator).values("-cpu"),
            equals: [argument])
    }

    @Test("a bhyve zone's CPU is the host's")
    func bhyveZones() throws {
        try expect(Rendered(.modernQEMU).values("-cpu"), equals: ["max"])
        try expect(Rendered(Self.qemu, accelerator: .kvm).values("-cpu"), equals: ["host"])
        try expect(Rendered(Self.qemu, accelerator: .kvm).values("-accel"), equals: ["kvm"])
    }

    @Test(
        "a bhyve zone's clock is its own only when the zone says so",
        arguments: [("utc", ["base=utc"]), ("localtime", ["base=localtime"]), (nil, [])])
    func bhyveZonesClock(clock: String?, values: [String]) throws {
        #expect(try Rendered(Self.qemu, clock.map { [("rtc", $0)] } ?? []).values("-rtc") == values)
    }

    @Test("memory is given in MiB", arguments: [("4G", "4096"), ("512", "512"), ("1048577", "2"), ("1024K", "1")])
    func memoryGiven(ram: String, argument: String) throws {
        try expect(Rendered(Self.qemu, [("ram", ram)]).values("-m"), equals: [argument])
    }

    @Test(
        "OVMF stands in for a UEFI ROM, the zone's variables with it",
        arguments: [
            ("BHYVE_RELEASE_CSM", "on", [], []), ("BHYVE_RELEASE", "off", [], [StandInFirmware.volatile]),
            (
                "BHYVE_RELEASE", "on",
                [
                    "if=pflash,unit=0,format=raw,readonly=on,file=" + StandInFirmware.code,
                    "if=pflash,unit=1,format=raw,file=/etc/uefivars",
                ], []
            ),
        ])
    func ovmfStands(
        rom: String, variables: String, drives: [String], bios: [String]
    ) throws {
        let rendered = try Rendered(Self.qemu, [("bootrom", rom), ("uefivars", variables)])
        #expect(rendered.values("-drive") == drives)
        #expect(rendered.values("-bios") == bios)
    }

    @Test(
        "a serial port's backend has a stand-in, or is refused",
        arguments: [
            ("/dev/zconsole", "serial,id=console0,path=/dev/zconsole"), ("/dev/a,,b", nil),
            ("stdio", "stdio,id=console0"),
            ("socket,/tmp/x", "socket,id=console0,path=/tmp/x,server=on,wait=off"),
            ("socket,/tmp/x,wait", "socket,id=console0,path=/tmp/x,server=on,wait=on"),
            ("tcp=1", nil),
        ])
    func serialPorts(console: String, device: String?) throws {
        let rendered = try Rendered(Self.qemu, [("console", console)])
        #expect(rendered.values("-chardev") == [device ?? "null,id=console0"])
        #expect(rendered.values("-device").first == "isa-serial,chardev=console0,index=0")
        let refused = says(
            .error, 2, "attr \"console\": QEMU on Linux has no stand-in for \"\(console)\"",
            "use a device's path, stdio, or socket,/PATH[,wait]")
        #expect(rendered.diagnostics == (device == nil ? [refused] : []))
    }

    @Test("serial ports keep their numbers")
    func serialPortsKeep() throws {
        let rendered = try Rendered(Self.qemu, [("com4", "stdio"), ("com2", "/dev/b")])
        #expect(
            rendered.values("-device") == [
                "isa-serial,chardev=console0,index=0", "isa-serial,chardev=com2,index=1",
                "isa-serial,chardev=com4,index=3",
            ])
    }

    @Test(
        "a kvm zone's pipe to its console device is a serial line",
        arguments: [
            ("pipe,id=c,path=/dev/zconsole", "serial,id=c,path=/dev/zconsole"),
            ("pipe,id=c,path=/tmp/x", "pipe,id=c,path=/tmp/x"),
            ("socket,id=c,path=/x,server=on", "socket,id=c,path=/x,server=on"),
            ("pipe,path=/dev/zconsole", "serial,id=console0,path=/dev/zconsole"),
        ])
    func kvmZones(console: String, device: String) throws {
        try expect(Rendered(Self.qemu, [("console", console)], brand: .kvm).values("-chardev"), equals: [device])
    }

    @Test("NICs are at their places, the first function open for more")
    func nicsPlaces() throws {
        let rendered = try Rendered(Self.qemu, nics: (0...8).map { "vm\($0)" })
        let devices = rendered.values("-device").filter { $0.contains("netdev") }
        #expect(devices.first == "virtio-net-pci,netdev=net0,mac=02:08:20:00:00:01,addr=6.0,multifunction=on")
        #expect(devices[1] == "virtio-net-pci,netdev=net1,mac=02:08:20:00:00:01,addr=6.1")
        #expect(devices[8] == "virtio-net-pci,netdev=net8,mac=02:08:20:00:00:01,addr=c.0,multifunction=on")
        #expect(rendered.values("-netdev") == (0...8).map { "user,id=net\($0)" })
    }

    @Test("slots are counted in hexadecimal")
    func slotsCounted() throws {
        let rendered = try Rendered(
            Self.qemu,
            [("cloud-init", "on"), ("rng", "on"), ("virtfs2", "a,/a"), ("virtfs0", "b,/b,ro"), ("vnc", "on")])
        #expect(
            rendered.values("-device").filter { $0.contains("addr=") } == [
                "ich9-ahci,id=ahci-cloudinit,addr=1d.0,multifunction=on", "VGA,addr=1e.0,multifunction=on",
                "qemu-xhci,id=usb,addr=1e.1",
                "virtio-9p-pci,fsdev=share0,mount_tag=b,addr=b.0,multifunction=on",
                "virtio-9p-pci,fsdev=share2,mount_tag=a,addr=b.2",
                "virtio-rng-pci,rng=rng0,addr=a.0,multifunction=on",
            ])
        #expect(
            rendered.values("-fsdev") == [
                "local,id=share0,path=/b,security_model=none,readonly=on",
                "local,id=share2,path=/a,security_model=none",
            ])
    }

    @Test(
        "a bhyve zone's screen has its size and its display",
        arguments: [
            ("on", "VGA,addr=1e.0,multifunction=on", "unix:/tmp/vm.vnc"),
            ("w=1024,h=768", "VGA,xres=1024,yres=768,addr=1e.0,multifunction=on", "unix:/tmp/vm.vnc"),
            ("h=480,tcp=:5999", "VGA,yres=480,addr=1e.0,multifunction=on", ":99"),
            ("rfb=0.0.0.0:5900", "VGA,addr=1e.0,multifunction=on", "0.0.0.0:0"),
        ])
    func bhyveZonesScreen(vnc: String, device: String, display: String) throws {
        let rendered = try Rendered(Self.qemu, [("vnc", vnc), ("xhci", "off")])
        #expect(rendered.values("-device").filter { $0.hasPrefix("VGA") } == [device])
        #expect(rendered.values("-vnc") == [display])
        #expect(rendered.diagnostics == [])
    }

    @Test("the guest waits for no client")
    func guestWaits() throws {
        let expected = says(
            .warning, 2, "attr \"vnc\": QEMU cannot wait for a client; the guest starts at once",
            "under bhyve it waits")
        try expect(Rendered(Self.qemu, [("vnc", "wait")]).diagnostics, equals: [expected])
    }

    @Test("without a screen nothing is displayed", arguments: [(Brand.bhyve, "none"), (.kvm, "std")])
    func withoutScreen(brand: Brand, vga: String) throws {
        let rendered = try Rendered(Self.qemu, brand: brand)
        #expect(rendered.values("-vga") == [vga])
        #expect(rendered.values("-display") == ["none"])
        #expect(rendered.values("-vnc") == [])
    }

    @Test("what bhyve alone can do is left out, and that is said")
    func bhyveAlone() throws {
        let rendered = try Rendered(Self.qemu, [("extra", "-A -x"), ("ppt0", "on"), ("ppt1", "off")])
        #expect(!rendered.has("-A"))
        #expect(
            rendered.diagnostics == [
                says(
                    .warning, 3, "attr \"ppt0\": passthrough of /dev/ppt0 is left out by QEMU on Linux",
                    "the device is there under bhyve"),
                says(
                    .warning, 2, "attr \"extra\": arguments for bhyve are left out by QEMU on Linux",
                    "they are there under bhyve"),
            ])
    }

    @Test("a kvm zone's extra arguments are QEMU's and come last")
    func kvmZonesExtra() throws {
        let rendered = try Rendered(Self.qemu, [("extra", "-A x")], brand: .kvm)
        #expect(rendered.commandLine.words.suffix(2) == ["-A", "x"])
        #expect(rendered.diagnostics == [])
    }

    @Test("a bhyve zone ends when the guest resets, a kvm zone goes on", arguments: [Brand.bhyve, .kvm])
    func bhyveZone(brand: Brand) throws {
        try expect(Rendered(Self.qemu, brand: brand).has("-no-reboot"), equals: (brand == .bhyve))
    }
}
