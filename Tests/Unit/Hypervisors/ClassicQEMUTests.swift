import Hypervisors
import Machine
import TestSupport
import Testing

@Suite struct ClassicQEMUTests {
    @Test(
        "memory without a unit is given in MiB",
        arguments: [
            ("4G", "4G"), ("4g", "4g"), ("512", "512"), ("1024M", "1024M"), ("1048576", "1"), ("2147483648", "2048"),
            ("2147483649", "2049"),
            ("1024K", "1024K"),
        ])
    func memoryWithout(ram: String, argument: String) throws {
        try expect(Rendered(.classicQEMU, [("ram", ram)]).values("-m"), equals: [argument])
    }

    @Test("indices count per interface, CD-ROMs and IDE disks sharing one")
    func indicesCount() throws {
        let rendered = try Rendered(
            .classicQEMU, [("cdrom", "/a"), ("bootdisk", "rpool/b"), ("disk", "/c,serial=X"), ("diskif", "ide")])
        #expect(
            rendered.values("-drive") == [
                "file=/a,if=ide,media=cdrom,index=0,cache=none,serial=cdrom0",
                "file=/dev/zvol/rdsk/rpool/b,if=ide,media=disk,index=1,cache=none,serial=disk1,boot=on",
                "file=/c,serial=X,if=ide,media=disk,index=2,cache=none",
            ])
        let virtio = try Rendered(.classicQEMU, [("cdrom", "/a"), ("bootdisk", "rpool/b"), ("disk", "/c")])
        #expect(
            virtio.values("-drive").map {
                $0.split(separator: ",").filter { $0.hasPrefix("if=") || $0.hasPrefix("index=") }.joined(separator: " ")
            }
                == ["if=ide index=0", "if=virtio index=0", "if=virtio index=1"])
    }

    @Test("four IDE drives fit and a fifth does not")
    func fourIDE() throws {
        let four = [("cdrom", "/a"), ("cdrom", "/b"), ("bootdisk", "rpool/c"), ("disk", "rpool/d"), ("diskif", "ide")]
        try expect(Rendered(.classicQEMU, four).diagnostics, equals: [])
        try expect(
            Rendered(.classicQEMU, four + [("disk", "rpool/e")]).diagnostics,
            equals: [
                says(
                    .error, 7,
                    "attr \"disk\": the zone has 5 CD-ROMs and IDE disks; a PC has four places for them",
                    "remove some, or give disks another diskif")
            ])
        try expect(Rendered(.classicQEMU, four.dropLast() + [("disk", "rpool/e")]).diagnostics, equals: [])
    }

    @Test("NICs are devices, or -net for e1000, each with its VNIC")
    func nicsDevices() throws {
        let virtio = try Rendered(.classicQEMU, nics: ["a", "b"])
        #expect(
            virtio.values("-device") == [
                "virtio-net-pci,mac=02:08:20:00:00:01,tx=timer,x-txtimer=200000,x-txburst=128,vlan=0",
                "virtio-net-pci,mac=02:08:20:00:00:01,tx=timer,x-txtimer=200000,x-txburst=128,vlan=1",
            ])
        #expect(virtio.values("-net") == ["vnic,vlan=0,name=net0,ifname=a", "vnic,vlan=1,name=net1,ifname=b"])
        let e1000 = try Rendered(.classicQEMU, [("netif", "e1000")], nics: ["a"])
        #expect(
            e1000.values("-net") == [
                "nic,vlan=0,name=net0,model=e1000,macaddr=02:08:20:00:00:01", "vnic,vlan=0,name=net0,ifname=a",
            ])
        #expect(e1000.values("-device") == [])
    }

    @Test(
        "a screen is spelt as a display",
        arguments: [
            ("off", "none"), ("none", "none"), ("on", "unix:/tmp/vm.vnc"), ("wait", "unix:/tmp/vm.vnc"),
            ("unix=/x", "unix:/x"), ("unix:/x", "unix:/x"),
            ("0.0.0.0:1", "0.0.0.0:1"), (":0,lossy", ":0,lossy"), ("on,w=640,h=480", "unix:/tmp/vm.vnc"),
            ("tcp=5900", ":0"),
            ("tcp=127.0.0.1:5901", "127.0.0.1:1"), ("rfb=[::1]:5910", "[::1]:10"), ("tcp=:65535", ":59635"),
        ])
    func screenSpelt(vnc: String, display: String) throws {
        let rendered = try Rendered(.classicQEMU, [("vnc", vnc)])
        #expect(rendered.values("-vnc") == [display])
        #expect(rendered.diagnostics == [])
    }

    @Test(
        "a port that is no display is refused",
        arguments: [
            ("tcp", "127.0.0.1:80"), ("tcp", "5899"), ("rfb", "host"), ("tcp", "65536"), ("tcp", "host5900"),
            ("tcp", "a:b"), ("rfb", "0.0.0.0:"),
            ("tcp", ":99999999999999999999"),
        ])
    func portDisplay(key: String, address: String) throws {
        let rendered = try Rendered(.classicQEMU, [("vnc", key + "=" + address)])
        #expect(
            rendered.diagnostics == [
                says(
                    .error, 2, "attr \"vnc\": \(key)=\(address) is not an address that QEMU can listen on",
                    "use [HOST:]PORT with a port from 5900, such as \(key)=127.0.0.1:5900")
            ])
        #expect(rendered.values("-vnc") == ["none"])
    }

    @Test(
        "the console is a character device that the serial port names",
        arguments: [
            ("pipe,id=c1,path=/dev/zconsole", "pipe,id=c1,path=/dev/zconsole", "chardev:c1"),
            ("stdio", "stdio,id=console0", "chardev:console0"),
        ])
    func consoleCharacter(console: String, device: String, serial: String)
        throws
    {
        let rendered = try Rendered(.classicQEMU, [("console", console)])
        #expect(rendered.values("-chardev") == [device])
        #expect(rendered.values("-serial") == [serial])
    }

    @Test("extra arguments come last")
    func extraArguments() throws {
        let rendered = try Rendered(.classicQEMU, [("extra", "-a 'b c'"), ("extra3", "-d")])
        #expect(Array(rendered.commandLine.words.suffix(5)) == ["-vnc", "none", "-d", "-a", "b c"])
    }
}
