import Hypervisors
import Machine
import TestSupport
import Testing

@Suite struct ModernQEMUTests {
    static let qemu = Hypervisor.modernQEMU

    @Test(
        arguments: [
            (.tcg, "host", "max"), (.kvm, "host", "host"), (.tcg, "host,-x2apic,+aes", "max,-x2apic,+aes"),
            (.kvm, "host,-x2apic", "host,-x2apic"),
            (.tcg, "qemu64", "qemu64"), (.tcg, "hosting", "hosting"), (.tcg, "host+", "host+"),
        ] as [(Hypervisor.Accelerator, String, String)])
    func `translation has no host CPU, but the best it has`(
        accelerator: Hypervisor.Accelerator, cpu: String, argument: String
    ) throws {
        try expect(
            Rendered(Self.qemu, [("cpu", cpu)], brand: .kvm, accelerator: accelerator).values("-cpu"),
            equals: [argument])
    }

    @Test func `a bhyve zone's CPU is the host's`() throws {
        try expect(Rendered(.modernQEMU).values("-cpu"), equals: ["max"])
        try expect(Rendered(Self.qemu, accelerator: .kvm).values("-cpu"), equals: ["host"])
        try expect(Rendered(Self.qemu, accelerator: .kvm).values("-accel"), equals: ["kvm"])
    }

    @Test(arguments: [("utc", ["base=utc"]), ("localtime", ["base=localtime"]), (nil, [])])
    func `a bhyve zone's clock is its own only when the zone says so`(clock: String?, values: [String]) throws {
        #expect(try Rendered(Self.qemu, clock.map { [("rtc", $0)] } ?? []).values("-rtc") == values)
    }

    @Test(arguments: [("4G", "4096"), ("512", "512"), ("1048577", "2"), ("1024K", "1")])
    func `memory is given in MiB`(ram: String, argument: String) throws {
        try expect(Rendered(Self.qemu, [("ram", ram)]).values("-m"), equals: [argument])
    }

    @Test(arguments: [
        ("BHYVE_RELEASE_CSM", "on", [], []), ("BHYVE_RELEASE", "off", [], [StandInFirmware.volatile]),
        (
            "BHYVE_RELEASE", "on",
            [
                "if=pflash,unit=0,format=raw,readonly=on,file=" + StandInFirmware.code,
                "if=pflash,unit=1,format=raw,file=/etc/uefivars",
            ], []
        ),
    ])
    func `OVMF stands in for a UEFI ROM, the zone's variables with it`(
        rom: String, variables: String, drives: [String], bios: [String]
    ) throws {
        let rendered = try Rendered(Self.qemu, [("bootrom", rom), ("uefivars", variables)])
        #expect(rendered.values("-drive") == drives)
        #expect(rendered.values("-bios") == bios)
    }

    @Test(arguments: [
        ("/dev/zconsole", "serial,id=console0,path=/dev/zconsole"), ("/dev/a,,b", nil), ("stdio", "stdio,id=console0"),
        ("socket,/tmp/x", "socket,id=console0,path=/tmp/x,server=on,wait=off"),
        ("socket,/tmp/x,wait", "socket,id=console0,path=/tmp/x,server=on,wait=on"),
        ("tcp=1", nil),
    ])
    func `a serial port's backend has a stand-in, or is refused`(console: String, device: String?) throws {
        let rendered = try Rendered(Self.qemu, [("console", console)])
        #expect(rendered.values("-chardev") == [device ?? "null,id=console0"])
        #expect(rendered.values("-device").first == "isa-serial,chardev=console0,index=0")
        let refused = says(
            .error, 2, "attr \"console\": QEMU on Linux has no stand-in for \"\(console)\"",
            "use a device's path, stdio, or socket,/PATH[,wait]")
        #expect(rendered.diagnostics == (device == nil ? [refused] : []))
    }

    @Test func `serial ports keep their numbers`() throws {
        let rendered = try Rendered(Self.qemu, [("com4", "stdio"), ("com2", "/dev/b")])
        #expect(
            rendered.values("-device") == [
                "isa-serial,chardev=console0,index=0", "isa-serial,chardev=com2,index=1",
                "isa-serial,chardev=com4,index=3",
            ])
    }

    @Test(arguments: [
        ("pipe,id=c,path=/dev/zconsole", "serial,id=c,path=/dev/zconsole"),
        ("pipe,id=c,path=/tmp/x", "pipe,id=c,path=/tmp/x"),
        ("socket,id=c,path=/x,server=on", "socket,id=c,path=/x,server=on"),
        ("pipe,path=/dev/zconsole", "serial,id=console0,path=/dev/zconsole"),
    ])
    func `a kvm zone's pipe to its console device is a serial line`(console: String, device: String) throws {
        try expect(Rendered(Self.qemu, [("console", console)], brand: .kvm).values("-chardev"), equals: [device])
    }

    @Test func `NICs are at their places, the first function open for more`() throws {
        let rendered = try Rendered(Self.qemu, nics: (0...8).map { "vm\($0)" })
        let devices = rendered.values("-device").filter { $0.contains("netdev") }
        #expect(devices.first == "virtio-net-pci,netdev=net0,mac=02:08:20:00:00:01,addr=6.0,multifunction=on")
        #expect(devices[1] == "virtio-net-pci,netdev=net1,mac=02:08:20:00:00:01,addr=6.1")
        #expect(devices[8] == "virtio-net-pci,netdev=net8,mac=02:08:20:00:00:01,addr=c.0,multifunction=on")
        #expect(rendered.values("-netdev") == (0...8).map { "user,id=net\($0)" })
    }

    @Test func `slots are counted in hexadecimal`() throws {
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

    @Test(arguments: [
        ("on", "VGA,addr=1e.0,multifunction=on", "unix:/tmp/vm.vnc"),
        ("w=1024,h=768", "VGA,xres=1024,yres=768,addr=1e.0,multifunction=on", "unix:/tmp/vm.vnc"),
        ("h=480,tcp=:5999", "VGA,yres=480,addr=1e.0,multifunction=on", ":99"),
        ("rfb=0.0.0.0:5900", "VGA,addr=1e.0,multifunction=on", "0.0.0.0:0"),
    ])
    func `a bhyve zone's screen has its size and its display`(vnc: String, device: String, display: String) throws {
        let rendered = try Rendered(Self.qemu, [("vnc", vnc), ("xhci", "off")])
        #expect(rendered.values("-device").filter { $0.hasPrefix("VGA") } == [device])
        #expect(rendered.values("-vnc") == [display])
        #expect(rendered.diagnostics == [])
    }

    @Test func `the guest waits for no client`() throws {
        let expected = says(
            .warning, 2, "attr \"vnc\": QEMU cannot wait for a client; the guest starts at once",
            "under bhyve it waits")
        try expect(Rendered(Self.qemu, [("vnc", "wait")]).diagnostics, equals: [expected])
    }

    @Test(arguments: [(Brand.bhyve, "none"), (.kvm, "std")])
    func `without a screen nothing is displayed`(brand: Brand, vga: String) throws {
        let rendered = try Rendered(Self.qemu, brand: brand)
        #expect(rendered.values("-vga") == [vga])
        #expect(rendered.values("-display") == ["none"])
        #expect(rendered.values("-vnc") == [])
    }

    @Test func `what bhyve alone can do is left out, and that is said`() throws {
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

    @Test func `a kvm zone's extra arguments are QEMU's and come last`() throws {
        let rendered = try Rendered(Self.qemu, [("extra", "-A x")], brand: .kvm)
        #expect(rendered.commandLine.words.suffix(2) == ["-A", "x"])
        #expect(rendered.diagnostics == [])
    }

    @Test(arguments: [Brand.bhyve, .kvm])
    func `a bhyve zone ends when the guest resets, a kvm zone goes on`(brand: Brand) throws {
        try expect(Rendered(Self.qemu, brand: brand).has("-no-reboot"), equals: (brand == .bhyve))
    }
}
