import Hypervisors
import Machine
import TestSupport
import Testing

@Suite struct BhyveTests {
    @Test(
        "the guest's type decides on -w and the LPC bridge's slot",
        arguments: [("generic", false, "1,lpc"), ("openbsd", true, "1,lpc"), ("windows", false, "31,lpc")])
    func guestsType(type: String, ignoresRegisters: Bool, lpc: String)
        throws
    {
        let rendered = try Rendered(.bhyve, [("type", type)])
        #expect(rendered.has("-w") == ignoresRegisters)
        #expect(rendered.values("-s").filter { $0.hasSuffix(",lpc") } == [lpc])
    }

    @Test(
        "-u is for a clock in UTC; bhyve keeps local time by itself",
        arguments: [("utc", ["-w", "-u", "-U"]), ("localtime", ["-w", "-U"]), (nil, ["-w", "-U"])])
    func uClock(clock: String?, options: [String]) throws {
        let rendered = try Rendered(.bhyve, [("type", "openbsd")] + (clock.map { [("rtc", $0)] } ?? []))
        #expect(rendered.commandLine.arguments.prefix(options.count).map { $0.words[0] } == options)
        #expect(rendered.has("-u") == (clock == "utc"))
    }

    @Test(
        "the host bridge is a model, options, or none",
        arguments: [
            ("i440fx", ["0,hostbridge,model=i440fx"]), ("intel", ["0,hostbridge,model=netapp"]), ("none", []),
            ("vendor=0x1022, devid=0x7432", ["0,hostbridge,vendor=0x1022,devid=0x7432"]),
        ])
    func hostBridge(value: String, arguments: [String]) throws {
        try expect(
            Rendered(.bhyve, [("hostbridge", value)]).purpose("host bridge"), equals: arguments.map { "-s " + $0 })
    }

    @Test("serial ports 2 to 4 come in order, before the console")
    func serialPorts() throws {
        let rendered = try Rendered(
            .bhyve,
            [("com4", "/dev/d"), ("console", "socket,/tmp/vm.com1,wait"), ("com2", "stdio"), ("com3", "socket,/tmp/c")])
        #expect(
            rendered.values("-l") == [
                "bootrom,/usr/share/bhyve/firmware/BHYVE_RELEASE_CSM.fd", "com2,stdio", "com3,socket,/tmp/c",
                "com4,/dev/d",
                "com1,socket,/tmp/vm.com1",
            ])
    }

    @Test(
        "a UEFI ROM is given the zone's variables",
        arguments: [
            ("BHYVE_RELEASE", "on", "bootrom,/usr/share/bhyve/firmware/BHYVE_RELEASE.fd,/etc/uefivars"),
            ("BHYVE_RELEASE", "off", "bootrom,/usr/share/bhyve/firmware/BHYVE_RELEASE.fd"),
            ("BHYVE_CSM", "on", "bootrom,/usr/share/bhyve/firmware/BHYVE_CSM.fd"),
            ("/roms_CSM/my", "on", "bootrom,/roms_CSM/my,/etc/uefivars"),
        ])
    func uefiROM(rom: String, variables: String, argument: String) throws {
        try expect(Rendered(.bhyve, [("bootrom", rom), ("uefivars", variables)]).values("-l").first, equals: argument)
    }

    @Test("drives are at their places, CD-ROMs read-only")
    func drivesPlaces() throws {
        let rendered = try Rendered(
            .bhyve,
            [
                ("disk9", "rpool/d,ro"), ("cdrom1", "/b.iso"), ("bootdisk", "rpool/a"), ("disk", "/c.img"),
                ("diskif9", "nvme"), ("cdrom0", "/a.iso,x=y"),
            ])
        #expect(
            rendered.values("-s").filter { $0.contains("/") } == [
                "3:0,ahci-cd,/a.iso,x=y,ro", "3:1,ahci-cd,/b.iso,ro", "4:0,virtio-blk,/dev/zvol/rdsk/rpool/a",
                "5:0,virtio-blk,/c.img",
                "8:1,nvme,/dev/zvol/rdsk/rpool/d,ro",
            ])
        #expect(rendered.purpose("disk 9") == ["-s 8:1,nvme,/dev/zvol/rdsk/rpool/d,ro"])
        #expect(rendered.purpose("boot disk") == ["-s 4:0,virtio-blk,/dev/zvol/rdsk/rpool/a"])
        #expect(rendered.purpose("CD-ROM 1") == ["-s 3:1,ahci-cd,/b.iso,ro"])
    }

    @Test("passthrough wires the memory, once, before the devices")
    func passthroughWires() throws {
        let rendered = try Rendered(.bhyve, [("ppt1", "on"), ("ppt0", "slot3"), ("virtfs", "a,/a,ro"), ("rng", "on")])
        let words = rendered.commandLine.words
        #expect(words.filter { $0 == "-S" }.count == 1)
        #expect(
            Array(words.suffix(10)) == [
                "-S", "-s", "9:0,passthru,/dev/ppt1", "-s", "9:3,passthru,/dev/ppt0", "-s", "11:0,virtio-9p,a=/a,ro",
                "-s",
                "10:0,virtio-rnd", "vm",
            ])
        #expect(try !Rendered(.bhyve, [("ppt0", "off")]).has("-S"))
    }

    @Test("flags, then extra arguments, then the name come last")
    func flagsThen() throws {
        let rendered = try Rendered(
            .bhyve,
            [
                ("extra", "-o \"a b\""), ("memreserve", "on"), ("priv.debug", "on"), ("debug.persist", "yes"),
                ("extra0", "#x"),
            ], name: "z")
        #expect(
            Array(rendered.commandLine.words.suffix(10)) == [
                "-o", "privileges.debug=true", "-o", "debug.persist=true", "-o", "memory.use_reservoir=true", "#x",
                "-o", "a b", "z",
            ])
    }

    @Test("a seed comes first")
    func seedComes() throws {
        let rendered = try Rendered(.bhyve, [("cloud-init", "on")])
        #expect(
            rendered.commandLine.arguments.first?.words == ["-s", "29:0,ahci-cd,/cloud-init.iso,ro,ser=CLOUD-INIT-0"])
        #expect(rendered.values("-B").map { $0.contains(",serial=ds=nocloud;i=" + someUUID + ",") } == [true])
    }

    @Test(
        "the screen's options are unix, wait, then the others",
        arguments: [
            ("wait", "off", "fbuf,vga=off,unix=/tmp/vm.vnc,wait"),
            ("tcp=0.0.0.0:5900,w=640,h=480", "io", "fbuf,vga=io,tcp=0.0.0.0:5900,w=640,h=480"),
            ("unix:/x,lossy", "on", "fbuf,vga=on,unix=/x,lossy"),
        ])
    func screensOptions(vnc: String, vga: String, argument: String) throws {
        try expect(Rendered(.bhyve, [("vnc", vnc), ("vga", vga)]).purpose("screen"), equals: ["-s 30:0," + argument])
    }

    @Test("no screen has no tablet")
    func screenTablet() throws {
        try expect(Rendered(.bhyve, [("xhci", "on")]).values("-s").filter { $0.hasPrefix("30:") }, equals: [])
        try expect(
            Rendered(.bhyve, [("vnc", "on"), ("xhci", "off")]).values("-s").filter { $0.hasPrefix("30:") }.count,
            equals: 1)
    }
}
