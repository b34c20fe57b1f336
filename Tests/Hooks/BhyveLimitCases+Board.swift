import Foundation

/// bhyve's limits, row by row: NICs, the board, the screen and the attr `extra`.
extension Limit {
    // MARK: NICs

    static func unknownProperty(_ key: String, _ model: String) -> String {
        warning(
            nil, "net \"a0\", property \"\(key)\": \(model) does not know it; it is passed on, and ignored",
            "remove it if it is a mistake")
    }

    private static func property(_ key: String, _ value: String, _ what: String) -> String {
        error(
            nil, "net \"a0\", property \"\(key)\": \"\(value)\" is not \(what)",
            "write it in decimal, or in hexadecimal with 0x")
    }

    private static func nicModel(_ name: String?, _ value: String, place: String = "") -> String {
        error(
            name, place + "\"\(value)\" is not a NIC of bhyve",
            "use virtio-net-viona, virtio-net or e1000; letter case counts")
    }

    private static let mac = "remove it; the net resource's mac-addr is the NIC's address"

    static let bhyveNICs: [Limit] =
        ["vqsize", "txvqsize", "rxvqsize"].flatMap { key in
            ["2", "0x400", "32768"].map { taken(.viona, net("a0", [key: $0]), shows: "a0,\(key)=\($0)") }
                + ["0", "1", "3", "65536", "many"].map {
                    told(.viona, net("a0", [key: $0]), says: property(key, $0, "a power of two from 2 to 32768"))
                }
        } + nics

    private static let nics: [Limit] = [
        taken(.viona, net("a0", ["qpair": "256"]), shows: "qpair=256"),
        told(.viona, net("a0", ["qpair": "257"]), says: property("qpair", "257", "a number from 1 to 256")),
        told(.viona, net("a0", ["qpair": "0"]), says: property("qpair", "0", "a number from 1 to 256")),
        taken(.viona, net("a0", ["feature_mask": "0x3"]), shows: "feature_mask=0x3"),
        told(.viona, net("a0", ["feature_mask": "all"]), says: property("feature_mask", "all", "a number")),
        taken(.viona, net("a0", ["speed": "1000", "promiscphys": "on"]), shows: "speed=1000,promiscphys=on"),
        told(
            .viona, net("a0", ["mtu": "9000"]), says: unknownProperty("mtu", "virtio-net-viona"), shows: "a0,mtu=9000"),
        taken(.viona, net("a0", ["netif": "virtio-net", "mtu": "9000"]), shows: "6:0,virtio-net,a0,mtu=9000"),
        told(
            .viona, net("a0", ["netif": "e1000", "vqsize": "3"]), says: unknownProperty("vqsize", "e1000"),
            shows: "vqsize=3"),
        told(
            .viona, net("a0", ["netif": "e1000", "mac": "2:8:20:1:2:3"]),
            says: warning(nil, #"net "a0", property "mac": it is replaced by the VNIC's address"#, mac)),
        told(
            .viona, net("a0", ["netif": "e1000", "mac": "x"]),
            says: error(nil, #"net "a0", property "mac": "x" is not a MAC address"#, mac)),
        taken(.netif, net("a0"), shows: "6:0,virtio-net-viona,a0"),
        taken(.netif, attr("netif", "e1000"), net("a0"), shows: "6:0,e1000,a0"),
        taken(.netif, attr("netif", "virtio-net"), net("a0"), shows: "6:0,virtio-net,a0"),
        told(.netif, attr("netif", "rtl8139"), net("a0"), net("b0"), says: nicModel("netif", "rtl8139")),
        told(.netif, attr("netif", "E1000"), net("a0"), says: nicModel("netif", "E1000")),
        told(
            .netif, net("a0", ["netif": "vmxnet3"]),
            says: nicModel(nil, "vmxnet3", place: #"net "a0", property "netif": "#)),
    ]

    // MARK: The board

    private static func cpus(_ text: String, _ count: Int) -> String {
        warning(
            "vcpus", "\"\(text)\" makes \(count) CPUs, more than the 32 of illumos' bhyve",
            "use at most 32, unless this host's bhyve was built for more")
    }

    private static func port(_ name: String, _ text: String) -> String {
        error(
            name, "\"\(text)\" is not what bhyve connects a serial port to",
            "use socket,/PATH, stdio, or the path of a terminal device")
    }

    private static let longPath = "/" + String(repeating: "x", count: 106)
    private static let waiting = warning(
        "console", "bhyve does not wait for a client of a serial port; wait is left out", "write socket,/tmp/vm.com1")

    static let bhyveBoard: [Limit] =
        [
            taken(.vcpus, attr("vcpus", "32"), shows: "-c 32 "),
            told(.vcpus, attr("vcpus", "33"), says: cpus("33", 33), shows: "-c 33 "),
            told(.vcpus, attr("vcpus", "sockets=2,cores=32"), says: cpus("sockets=2,cores=32", 64)),
            told(.vcpus, attr("vcpus", "255"), says: cpus("255", 255), shows: "-c 255 "),
            told(
                .vcpus, attr("vcpus", "256"),
                says: error(
                    "vcpus", #""256" is not a count from 1 to 255"#,
                    "use a number, such as 4, or cpus=8,sockets=2,cores=2,threads=2")),
            taken(.ram, attr("ram", "1048576"), shows: "-m 1048576 "),
            taken(.ram, attr("ram", "1028K"), shows: "-m 1028K "),
            told(
                .ram, attr("ram", "1048577"),
                says: error(
                    "ram", #""1048577" is not a whole number of pages of 4K"#, "use a multiple of 4K, such as 1028K")),
            told(
                .ram, attr("ram", "1025K"),
                says: error(
                    "ram", #""1025K" is not a whole number of pages of 4K"#, "use a multiple of 4K, such as 1028K")),
            taken(.hostBridge, attr("hostbridge", "q35"), shows: "0,hostbridge,model=q35"),
            taken(.hostBridge, attr("hostbridge", "model=amd"), shows: "0,hostbridge,model=amd"),
            taken(
                .hostBridge, attr("hostbridge", "vendor=0x1022,devid=29746"),
                shows: "0,hostbridge,vendor=0x1022,devid=29746"),
            taken(.acpi, attr("acpi", "off")),
            told(
                .acpi, attr("acpi", "banana"),
                says: warning(
                    "acpi", #""banana" is not on or off, and counts as on"#,
                    "use on or off (true, yes, 1, false, no and 0 do too)")),
            taken(.clock, attr("type", "generic"), shows: " -H -B "),
            taken(.serialPorts, attr("console", "socket,/tmp/vm.com1"), shows: "com1,socket,/tmp/vm.com1 "),
            taken(.serialPorts, attr("com2", "stdio"), shows: "com2,stdio"),
            taken(.serialPorts, attr("com4", "/dev/term/a"), shows: "com4,/dev/term/a"),
            taken(.serialPorts, attr("console", "socket," + longPath), shows: longPath),
            told(
                .serialPorts, attr("console", "socket,/tmp/vm.com1,wait"), says: waiting,
                shows: "com1,socket,/tmp/vm.com1 "),
            taken(
                .serialPorts, attr("console", "socket,/tmp/vm.com1,wait"), shows: "path=/tmp/vm.com1,server=on,wait=on",
                on: "linux"),
            told(.serialPorts, attr("console", "com1"), says: port("console", "com1")),
            told(.serialPorts, attr("com2", "tcp=127.0.0.1:4000"), says: port("com2", "tcp=127.0.0.1:4000")),
            told(
                .serialPorts, attr("com3", "socket," + longPath + "x"),
                says: error(
                    "com3", "\"\(longPath.prefix(64))…\" is longer than the 107 bytes of a socket's path",
                    "use a shorter path, such as /tmp/vm.com1")),
            told(
                .serialPorts, attr("console", "com1"),
                says: error(
                    "console", #"QEMU on Linux has no stand-in for "com1""#,
                    "use a device's path, stdio, or socket,/PATH[,wait]"), on: "linux"),
            taken(.virtfs, attr("virtfs", String(repeating: "n", count: 256) + ",/a"), shows: "n=/a"),
            taken(.virtfs, attr("virtfs", "a,/b=c"), shows: "a=/b=c"),
            told(
                .virtfs, attr("virtfs", "a=b,/c"),
                says: error(
                    "virtfs", #"the name "a=b" holds =, where bhyve ends it"#, "give the share a name without =")),
            told(
                .virtfs, attr("virtfs", String(repeating: "n", count: 257) + ",/a"),
                says: error(
                    "virtfs", "the name \"\(String(repeating: "n", count: 64))…\" is longer than 256 bytes",
                    "give the share a shorter name")),
        ]
        + [
            "vendor=0x1022", "devid=1", "vendor=0,devid=1", "vendor=1,devid=0x10000", "vendor=x,devid=1",
            "vendor=010,devid=1", "foo=bar", "model=zx81", "model=amd,vendor=1,devid=1", "vendor=1,devid=2,x=3",
        ].map { told(.hostBridge, attr("hostbridge", $0), says: hostBridge($0)) }

    // MARK: The screen

    private static func size(_ text: String, _ range: String) -> String {
        error(
            "vnc", "\"\(text)\" is not a number from \(range)",
            "use w=1024,h=768, for instance; bhyve before 2024 takes at most 1920x1200")
    }

    private static func address(_ text: String) -> String {
        let key = text.split(separator: "=")[0]
        return error(
            "vnc", "\"\(text)\" is not PORT, IPv4:PORT or [IPv6]:PORT with a port from 1 to 65535",
            "use \(key)=127.0.0.1:5900, for instance; names of hosts are not looked up")
    }

    static let bhyveScreen: [Limit] =
        [
            "tcp=192.0.2.1", "tcp=::1:5901", "rfb=localhost:5900", "tcp=:5900", "tcp=[::1]", "tcp=[192.0.2.1]:5900",
            "tcp=127.0.0.1:0", "tcp=127.0.0.1:65536", "tcp=[::1]5900", "tcp=0x10",
        ].map { told(.listener, attr("vnc", $0), says: address($0)) }
        + ["tcp=127.0.0.1:5900", "rfb=0.0.0.0:65535", "tcp=[::1]:1", "tcp=[fe80::1%net0]:5900"].map {
            taken(
                .listener, attr("vnc", $0),
                shows: "fbuf,vga=off," + $0.replacingOccurrences(of: "%", with: #"\%"#))
        } + screens

    private static let screens: [Limit] = [
        told(
            .listener, attr("vnc", "tcp=5900"),
            says: warning(
                "vnc", #""tcp=5900" names a port alone: which addresses bhyve then listens at depends on its build"#,
                "name one: tcp=127.0.0.1:5900"), shows: "fbuf,vga=off,tcp=5900"),
        told(
            .listener, attr("vnc", "tcp=127.0.0.1:5900,rfb=127.0.0.1:5901"),
            says: error("vnc", "tcp= and rfb= are both given, and bhyve listens at rfb= alone", "remove one of them")),
        taken(.vga, attr("vga", "io"), attr("vnc", "on"), shows: "vga=io"),
        taken(.vga, attr("vga", "on"), attr("vnc", "on"), on: "linux"),
        told(
            .vga, attr("vga", "on"), attr("vnc", "on"),
            says: error("vga", #""on" ends bhyve, which renders no VGA"#, "use io or off")),
        told(
            .vga, attr("vnc", "on,vga"),
            says: warning(
                "vnc", #""vga" is not an option that is known, and is passed on"#,
                "the options are on, off, unix=, tcp=, w=, h=, wait and password="),
            error("vnc", #""vga" without a value ends bhyve"#, "use the attr vga, with io or off")),
        taken(.screen, attr("vnc", "w=640,h=480"), shows: "w=640,h=480"),
        taken(.screen, attr("vnc", "w=3840,h=2160"), shows: "w=3840,h=2160"),
        told(.screen, attr("vnc", "w=639,h=480"), says: size("w=639", "640 to 3840")),
        told(.screen, attr("vnc", "w=640,h=479"), says: size("h=479", "480 to 2160")),
        told(
            .screen, attr("vnc", "w=3841,h=2161"), says: size("w=3841", "640 to 3840"), size("h=2161", "480 to 2160")),
        taken(.password, attr("vnc", "on,password=12345678")),
        told(
            .password, attr("vnc", "on,password=123456789"),
            says: warning(
                "vnc", "of the password only the first 8 bytes count",
                "VNC knows no longer ones; reach the screen through vnc(1) and SSH instead of over a network")),
    ]

    // MARK: The attr extra

    private static func trial(_ word: String, _ name: String = "extra") -> String {
        error(
            name, "\"\(word)\" is for the hook, which tries the arguments with it: here it could start the machine",
            "remove it; boot -e shows every argument")
    }

    static let bhyveExtra: [Limit] = [
        taken(.dryRun, attr("extra", "-o rfb.debug=true"), shows: "-o rfb.debug=true"),
        told(.dryRun, attr("extra", "-o config.dump=false"), says: trial("config.dump=false")),
        told(.dryRun, attr("extra3", "-oconfig.dump=1"), says: trial("-oconfig.dump=1", "extra3")),
        told(
            .dryRun, attr("extra", "-P --"),
            says: error(
                "extra", #""--" ends the options, but the hook adds one to try them"#,
                "remove it: only the name of the VM follows")),
        taken(.dryRun, attr("extra", "--"), brand: "kvm"),
        taken(.oneOnly, attr("extra", "-s 7,virtio-rnd -s 20,fbuf,vga=off"), shows: "-s 20,fbuf,vga=off"),
        taken(.oneOnly, attr("extra", "-S -s 7,passthru,/dev/ppt1"), shows: "-S -s 7,passthru,/dev/ppt1"),
        taken(.oneOnly, attr("ppt0", "on"), attr("extra", "-s 7,passthru,/dev/ppt1"), shows: "-s 7,passthru,/dev/ppt1"),
        told(
            .oneOnly, attr("extra", "-s 7,lpc"),
            says: error("extra", #""7,lpc" is a second LPC bridge, and bhyve has one"#, "remove it")),
        told(
            .oneOnly, attr("extra", "-s20,fbuf,vga=off"), attr("vnc", "on"),
            says: error(
                "extra", #""20,fbuf,vga=off" is a second screen, and bhyve has one"#,
                "remove it, or set the attr vnc to off")),
        told(
            .oneOnly, attr("extra", "-s 7,passthru,/dev/ppt1"),
            says: error("extra", #""7,passthru,/dev/ppt1" wants wired memory"#, "add -S, or use the attr ppt0")),
        taken(.oneOnly, attr("rng", "on"), attr("extra", "-s 10:1,virtio-rnd"), shows: "-s 10:1,virtio-rnd"),
        told(
            .oneOnly, attr("rng", "on"), attr("extra", "-s 0:10:0,virtio-rnd"),
            says: error(
                "extra", #""0:10:0,virtio-rnd" is to be where rng is, and bhyve has one device at each place"#,
                "use another slot, such as 2:0", line: 3)),
        told(
            .oneOnly, attr("extra", "-m 4G -c2"),
            says: warning("extra", #""-m 4G" fights the attr ram"#, "set the attr ram instead"),
            warning("extra", #""-c 2" fights the attr vcpus"#, "set the attr vcpus instead")),
        taken(.netif, #"<network physical="a0" global-nic="auto" allowed-address="192.0.2.1/24"/>"#),
        told(
            .netif, #"<network physical="a0" global-nic="auto"/>"#,
            says: warning(
                nil, #"net "a0": global-nic is auto, and there is no allowed-address to find the link by"#,
                "set global-nic to a link, or give the net an allowed-address")),
    ]
}
