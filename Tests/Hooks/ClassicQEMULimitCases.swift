/// The limits of illumos-kvm's QEMU, row by row.
extension Limit {
    private static func kvm(_ row: LimitRow, _ lines: String..., shows: String? = nil, on platform: String = "illumos")
        -> Limit
    {
        Limit(row: row, lines: lines, told: [], shows: shows, brand: "kvm", platform: platform)
    }

    private static func kvm(
        _ row: LimitRow, _ lines: String..., says told: String..., shows: String? = nil, on platform: String = "illumos"
    ) -> Limit {
        Limit(row: row, lines: lines, told: told, shows: shows, brand: "kvm", platform: platform)
    }

    private static func drive(_ text: String, _ what: String, _ remedy: String, name: String = "disk0", line: Int = 2)
        -> String
    {
        error(name, "\"\(text)\" \(what)", remedy, line: line)
    }

    private static let driveKeys =
        "use cyls, heads, secs, trans, snapshot, aio, format, serial, ser, rerror, werror, addr, readonly, boot or id"

    private static func unknown(_ text: String) -> String {
        drive(text, "is not an option of QEMU's -drive", driveKeys)
    }

    private static func plainCount(_ text: String, _ written: String) -> [String] {
        [
            warning(
                "vcpus", "sockets, cores and threads can trouble guests of kvm zones",
                "use a plain number: \(written.split(separator: ",")[0])"),
            rewritten(text, written),
        ]
    }

    private static func rewritten(_ text: String, _ written: String) -> String {
        warning(
            "vcpus", "\"\(text)\" is read by QEMU 0.14 as another number of CPUs, and is written \(written)",
            "write the number first, and without cpus=")
    }

    static let classic: [Limit] = classicCPUs + classicDrives + classicNICs + classicTexts

    private static let classicCPUs: [Limit] = [
        kvm(.classicVCPUs, attr("vcpus", "4"), shows: "-smp 4 "),
        kvm(.classicVCPUs, attr("vcpus", "cpus=4"), says: rewritten("cpus=4", "4"), shows: "-smp 4 "),
        Limit(
            row: .classicVCPUs, lines: [attr("vcpus", "sockets=2,cpus=4")],
            told: plainCount("sockets=2,cpus=4", "4,sockets=2"), shows: "-smp 4,sockets=2 ", brand: "kvm",
            platform: "illumos"),
        kvm(.classicVCPUs, attr("vcpus", "cpus=4"), shows: "-smp cpus=4 ", on: "linux"),
    ]

    private static let classicDrives: [Limit] =
        ["snapshot=on", "readonly", "readonly=on", "rerror=stop", "format=raw", "serial=ABC", "cyls=1,heads=2,secs=3"]
        .map {
            kvm(.classicDrives, attr("disk0", "rpool/a," + $0), shows: "file=/dev/zvol/rdsk/rpool/a,\($0),if=virtio")
        }
        + ["sectorsize=512", "nocache", "x=1", "Serial=1", "a.b"].map {
            kvm(.classicDrives, attr("disk0", "rpool/a," + $0), says: unknown($0))
        }
        + ["if=scsi", "media=cdrom", "index=3", "cache=writeback"].map {
            kvm(
                .classicDrives, attr("disk0", "rpool/a," + $0),
                says: warning("disk0", "\"\($0)\" has no effect: the hook writes its own", "remove it"))
        } + otherDrives

    private static let otherDrives: [Limit] = [
        kvm(
            .classicDrives, attr("disk0", "rpool/a,ser=ABC"),
            shows: "file=/dev/zvol/rdsk/rpool/a,serial=ABC,if=virtio,media=disk,index=0,cache=none "),
        kvm(
            .classicDrives, attr("disk0", "rpool/a,ro"),
            says: drive("ro", "is not an option of QEMU's -drive", "write readonly=on")),
        kvm(
            .classicDrives, attr("disk0", "rpool/a,file=/b"),
            says: drive("file=/b", "would replace /dev/zvol/rdsk/rpool/a", "name the disk once")),
        kvm(
            .classicDrives, attr("disk0", "rpool/a,unit=2"),
            says: drive("unit=2", "conflicts with the index= that every disk has, and ends QEMU", "remove it")),
        kvm(
            .classicDrives, attr("disk0", "rpool/a,readonly=yes"),
            says: drive("readonly=yes", "is not on or off", "write readonly=on")),
        kvm(
            .classicDrives, attr("disk0", "rpool/a,readonly=on"), attr("diskif", "ide"),
            says: drive("readonly=on", "ends QEMU: ide has no read-only disks", "use virtio for this disk")),
        kvm(.classicDrives, attr("cdrom0", "/iso/a,readonly=on"), shows: "file=/iso/a,readonly=on,if=ide,media=cdrom"),
        kvm(.classicDrives, attr("disk0", "rpool/a,boot=on"), shows: "file=/dev/zvol/rdsk/rpool/a,boot=on"),
        kvm(
            .classicDrives, attr("disk0", "rpool/a,boot=on"), attr("bootdisk", "rpool/b"),
            says: drive("boot=on", "can be set once, and bootdisk has it", "remove it")),
        kvm(
            .classicDrives, attr("disk0", "rpool/a,boot=on"), attr("disk1", "rpool/b,boot"),
            says: drive("boot=on", "can be set once, and disk0 has it", "remove it", name: "disk1", line: 3)),
        kvm(.classicDiskif, attr("disk0", "rpool/a"), attr("diskif", "scsi"), shows: "if=scsi"),
        kvm(.classicDiskif, attr("disk0", "rpool/a"), attr("diskif", "ide"), shows: "if=ide"),
        kvm(
            .classicDiskif, attr("diskif", "ahci"), attr("disk0", "rpool/a"), attr("disk1", "rpool/b"),
            says: drive(
                "ahci", "is not a disk interface of QEMU 0.14", "use virtio, ide or scsi; letter case counts",
                name: "diskif")),
    ]

    private static let nicModel = "use virtio-net-pci or e1000; letter case counts"

    private static func emulated(_ count: Int) -> [String] {
        [attr("netif", "e1000")] + (0..<count).map { net("a\($0)") }
    }

    private static let classicNICs: [Limit] = [
        kvm(.classicNetif, net("a0"), shows: "-device virtio-net-pci,"),
        kvm(
            .classicNetif, attr("netif", "rtl8139"), net("a0"),
            says: error("netif", #""rtl8139" is not a NIC of kvm zones"#, nicModel)),
        kvm(
            .classicNetif, net("a0", ["netif": "pcnet"]),
            says: error(nil, #"net "a0", property "netif": "pcnet" is not a NIC of kvm zones"#, nicModel)),
        Limit(
            row: .classicNetif, lines: emulated(8), told: [], shows: "model=e1000", brand: "kvm", platform: "illumos"),
        Limit(
            row: .classicNetif, lines: emulated(9),
            told: [
                error(
                    nil, #"net "a8": the zone has 9 e1000 NICs; QEMU takes 8"#, "use virtio for some of them", line: 11)
            ], shows: nil, brand: "kvm", platform: "illumos"),
    ]

    private static func console(_ what: String, _ remedy: String) -> String { error("console", what, remedy) }

    private static let pipe = "write pipe,path=/dev/zconsole, for instance"

    private static let classicTexts: [Limit] =
        ["base=localtime", "base=utc,clock=vm,driftfix=none", "base=2020-01-02T03:04:05"].map {
            kvm(.classicRTC, attr("rtc", $0), shows: "-rtc \($0) ")
        }
        + ["base=gmt", "clock=rt", "driftfix=on", "base"].map { text in
            let choices = ["base": "utc, localtime or a date", "clock": "host or vm", "driftfix": "slew or none"]
            let key = String(text.split(separator: "=")[0])
            return kvm(
                .classicRTC, attr("rtc", text),
                says: error(
                    "rtc", "\"\(text)\" is not \(choices[key] ?? "")", "use base=utc,driftfix=slew, for instance"))
        }
        + ["utc", "drift=slew", "base=utc, driftfix=slew"].flatMap { text in
            ["illumos", "linux"].map { platform in
                kvm(
                    .classicRTC, attr("rtc", text),
                    says: error(
                        "rtc", "\"\(text.split(separator: ",").last ?? "")\" is not an option of QEMU's -rtc",
                        "use base=, clock= and driftfix=, such as base=utc,driftfix=slew"), on: platform)
            }
        }
        + [
            "pipe,id=c1,path=/dev/zconsole", "stdio,id=c", "null,id=console0", "pty,id=a.b-c_1", "vc,id=v,cols=80",
            "file,id=c,path=/tmp/log", "socket,id=c,path=/tmp/x,server,nowait",
            "socket,id=c,host=127.0.0.1,port=4000,telnet",
            "udp,id=c,host=127.0.0.1,port=1", "tty,id=c,path=/dev/term/a",
        ].map { kvm(.classicConsole, attr("console", $0), shows: "-chardev \($0) ") }
        + ["pipe", "file", "serial", "tty"].map {
            kvm(.classicConsole, attr("console", $0 + ",id=c"), says: console("\"\($0)\" needs path=", pipe))
        } + consoles

    private static let types =
        "use pipe, file, serial, tty, socket, udp, null, stdio, pty or vc, such as pipe,id=console0,path=/dev/zconsole"
    private static let chardevKeys =
        "use path, host, port, localaddr, localport, to, width, height, cols, rows, name, debug, ipv4, ipv6, wait, server, "
        + "delay, telnet, mux or signal"

    private static let consoles: [Limit] = [
        kvm(
            .classicConsole, attr("console", "socket,id=c,host=h"),
            says: console(#""socket" needs path=, or host= and port="#, pipe)),
        kvm(.classicConsole, attr("console", "udp,id=c,host=h"), says: console(#""udp" needs port="#, pipe)),
        kvm(
            .classicConsole, attr("console", "com1"), says: console(#""com1" is not a character device of QEMU"#, types)
        ),
        kvm(
            .classicConsole, attr("console", "com1"),
            says: console(#""com1" is not a character device of QEMU"#, types),
            on: "linux"),
        kvm(
            .classicConsole, attr("console", "stdio,id=1c"),
            says: console(#""1c" is not an id of QEMU's"#, "start it with a letter; letters, digits, -, . and _ follow")
        ),
        kvm(
            .classicConsole, attr("console", "pipe,id=c,path=/x,foo=bar"),
            says: console(#""foo=bar" is not an option of QEMU's -chardev"#, chardevKeys)),
        kvm(
            .classicConsole, attr("console", "pipe,id=c,path=/x,nopath"),
            says: console(#""nopath" is not an option of QEMU's -chardev"#, chardevKeys)),
        kvm(.classicTrial, attr("extra", "-usb"), shows: "-usb"),
    ]
}
