import Foundation

/// bhyve's limits, row by row: values, keys and disks.
extension Limit {
    // MARK: Values and keys

    private static func variable(_ name: String? = nil, _ text: String) -> String {
        error(name, "\"\(text)\" holds %(, where bhyve would put a variable of its own", "write it without %(")
    }

    static let bhyveValues: [Limit] = [
        taken(.values, attr("bootdisk", "rpool/50%"), shows: #"4:0,virtio-blk,/dev/zvol/rdsk/rpool/50\%"#),
        taken(.values, attr("bootdisk", #"rpool/a\b,serial=x\%,ro"#), shows: #"rpool/a\b,serial=x\\\%,ro"#),
        taken(.values, attr("cdrom", "/iso/100%.iso"), shows: #"3:0,ahci-cd,/iso/100\%.iso,ro"#),
        taken(.values, attr("console", #"socket,/tmp/%\x"#), shows: #"com1,socket,/tmp/\%\\x"#),
        taken(.values, attr("com2", "/dev/%"), shows: #"com2,/dev/\%"#),
        taken(.values, attr("virtfs", #"50%,/a\b"#), shows: #"11:0,virtio-9p,50\%=/a\b"#),
        taken(.values, attr("bootrom", "/roms/%.fd"), shows: #"bootrom,/roms/\%.fd,/etc/uefivars"#),
        taken(.values, attr("cloud-init", "http://h/a%2Cb"), shows: #"serial=ds=nocloud-net;s=http://h/a\%2Cb;i="#),
        taken(.values, attr("vnc", "on,password=%(x)"), shows: "30:0,fbuf,vga=off,unix=/tmp/vm.vnc"),
        taken(.values, attr("extra", "-o x=%(name)"), shows: "-o 'x=%(name)'"),
        told(
            .values, net("a0", ["x": "5%"]), says: unknownProperty("x", "virtio-net-viona"),
            shows: #"6:0,virtio-net-viona,a0,x=5\%"#),
        taken(.values, attr("bootdisk", "rpool/50%"), shows: "file=/dev/zvol/rdsk/rpool/50%", on: "linux"),
        taken(.values, attr("bootdisk", "rpool/%(x)"), shows: "file=/dev/zvol/rdsk/rpool/%(x)", brand: "kvm"),
        told(
            .values, attr("bootdisk", "rpool/%(name)"), says: variable("bootdisk", "/dev/zvol/rdsk/rpool/%(name)")),
        told(
            .values, attr("disk3", "/iso/a,serial=%(x"), attr("disk0", "/iso/b"),
            says: variable("disk3", "/iso/a,serial=%(x")),
        told(.values, attr("console", "/dev/%(x)"), says: variable("console", "/dev/%(x)")),
        told(.values, attr("virtfs", "%(x),/a"), says: variable("virtfs", "%(x),/a")),
        told(.values, attr("bootrom", "/roms/%(x)"), says: variable("bootrom", "/roms/%(x)")),
        told(
            .values, net("a0", ["feature_mask": "%(x)"]),
            says: variable(nil, "feature_mask=%(x)").replacingOccurrences(
                of: "error: ", with: "error: net \"a0\", property \"feature_mask\": "),
            error(
                nil, #"net "a0", property "feature_mask": "%(x)" is not a number"#,
                "write it in decimal, or in hexadecimal with 0x")),
        told(
            .values, attr("vnc", "unix=/tmp/%x"),
            says: error(
                "vnc", #""unix=/tmp/%x" holds %, which bhyve reads wrongly here"#,
                "use a path without %, such as unix=/tmp/vm.vnc")),
    ]

    private static func replaces(_ name: String? = nil, _ option: String, place: String = "") -> String {
        error(
            name, place + "\"\(option)\" would replace the device or what it opens",
            "remove it: device, path, type, backend, vnic, sharename, ram, port, target and file, and names with a dot, "
                + "are bhyve's own")
    }

    private static let reservedOptions = [
        "device=nvme", "path=/x", "path", "type=hd", "backend=x", "vnic=b0", "sharename=x", "ram=1", "port=0",
        "target=x", "file=/x", "a.b=1",
    ]

    static let bhyveKeys: [Limit] =
        reservedOptions.map {
            told(.optionKeys, attr("disk0", "rpool/a," + $0), says: replaces("disk0", $0))
        } + [
            taken(.optionKeys, attr("disk0", "rpool/a,ser=a.b,nocache"), shows: "rpool/a,ser=a.b,nocache"),
            told(.optionKeys, attr("cdrom", "/iso/a,path=/b"), says: replaces("cdrom", "path=/b")),
            told(
                .optionKeys, net("a0", ["vnic": "b0"]),
                says: replaces(nil, "vnic=b0", place: #"net "a0", property "vnic": "#)),
            told(
                .optionKeys, attr("vnc", "on,device"),
                says: warning(
                    "vnc", #""device" is not an option that is known, and is passed on"#,
                    "the options are on, off, unix=, tcp=, w=, h=, wait and password="), replaces("vnc", "device")),
            told(.optionKeys, attr("vnc", "on,path=/x"), says: unknownInVNC),
            told(.optionKeys, attr("hostbridge", "device=lpc"), says: hostBridge("device=lpc")),
        ]

    private static let unknownInVNC = error(
        "vnc", "it holds an option that is not known, and that is not shown since it may be part of a password",
        "the options are on, off, unix=, tcp=, w=, h=, wait and password=; put a password with a comma into a file: password=/PATH"
    )

    static func hostBridge(_ text: String) -> String {
        error(
            "hostbridge", "\"\(text)\" is not a model, or vendor= and devid= with numbers from 1 to 0xffff",
            "use i440fx, q35, amd or netapp, or vendor=0x1022,devid=0x7432, for instance")
    }

    // MARK: Disks

    private static func boolean(_ text: String, _ key: String) -> String {
        error(
            "bootdisk", "\"\(text)\" is not on or off (true, yes, 1, false, no, 0)",
            "write \(key), \(key)=on or \(key)=off")
    }

    private static func octal(_ text: String, of name: String? = "bootdisk", place: String = "") -> String {
        error(
            name, place + "\"\(text)\" is a number with a leading zero, which can mean octal",
            "write it without the zero, or with 0x if it is hexadecimal")
    }

    private static func count(_ text: String, from first: Int) -> String {
        let key = text.split(separator: "=")[0]
        return error(
            "bootdisk", "\"\(text)\" is not a decimal number from \(first)", "write \(key)=\(first), for instance")
    }

    private static func ignored(_ text: String, _ choices: String, _ example: String) -> String {
        warning("bootdisk", "\"\(text)\" is ignored: it is not \(choices)", "write \(example), for instance")
    }

    private static func disk(_ options: String) -> String { attr("bootdisk", "rpool/a," + options) }
    private static let nvme = attr("bootdiskif", "nvme")
    private static let fwcfg = attr("extra", "-o lpc.fwcfg=qemu")
    private static let twenty = "01234567890123456789"

    static let bhyveDrives: [Limit] =
        ["ro", "ro=on", "nocache=Yes", "nodelete=FALSE", "sync=1", "direct=0"].map {
            taken(.booleans, disk($0), shows: "rpool/a," + $0)
        }
        + ["ro", "nocache", "nodelete", "sync", "direct"].map {
            told(.booleans, disk($0 + "=maybe"), says: boolean($0 + "=maybe", $0))
        }
        + ["qsz=1", "ioslots=8", "maxq=2", "sectsz=4096", "dsm=auto", "eui64=0x589cfc20", "eui64=12"].map {
            taken(.nvme, disk($0), nvme, shows: "4:0,nvme,/dev/zvol/rdsk/rpool/a," + $0)
        }
        + ["qsz=0", "ioslots=0", "maxq=0", "qsz=x", "ioslots=0x10", "qsz", "maxq=99999999999999999999"].map {
            told(.nvme, disk($0), nvme, says: count($0, from: 1))
        } + drives

    private static let drives: [Limit] = [
        taken(.booleans, disk("bootindex=1"), fwcfg, shows: "bootindex=1"),
        told(.booleans, disk("ro=on,ro="), says: boolean("ro=", "ro")),
        told(
            .booleans, disk("bootindex=1"), attr("disk0", "rpool/b,bootindex=1"), fwcfg,
            says: error(
                "disk0", #""bootindex=1" is the boot index of bootdisk too"#, "give each device its own", line: 3)),
        told(
            .booleans, disk("bootindex=1"),
            says: warning(
                "bootdisk", #""bootindex=1" has no effect without -o lpc.fwcfg=qemu"#,
                "use the attr bootorder, or add -o lpc.fwcfg=qemu to the attr extra"), shows: "bootindex=1"),
        told(.booleans, disk("bootindex=x"), fwcfg, says: count("bootindex=x", from: 0)),
        taken(.serialNumbers, disk("serial=" + twenty), shows: "serial=" + twenty),
        taken(.serialNumbers, disk("ser=" + twenty), nvme, shows: "ser=" + twenty),
        told(
            .serialNumbers, disk("serial=" + twenty + "0"),
            says: warning(
                "bootdisk", "of the serial number \"\(twenty)0\" only the first 20 bytes count", "use at most 20 bytes"),
            shows: "serial=\(twenty)0"),
        told(
            .serialNumbers, disk("serial=A1"), nvme,
            says: warning("bootdisk", #""serial=A1" has no effect: nvme reads ser="#, "write ser= instead")),
        taken(.nvme, disk("qsz=0"), shows: "virtio-blk,/dev/zvol/rdsk/rpool/a,qsz=0"),
        told(
            .nvme, disk("sectsz=1024"), nvme,
            says: ignored("sectsz=1024", "512, 4096 or 8192", "sectsz=512"), shows: "sectsz=1024"),
        told(.nvme, disk("dsm=on"), nvme, says: ignored("dsm=on", "auto, enable or disable", "dsm=auto")),
        told(
            .nvme, disk("eui64=589cfc2045c20001"), nvme,
            says: warning(
                "bootdisk", #""eui64=589cfc2045c20001" is read as another number: hexadecimal ones want 0x"#,
                "write eui64=0x…, with at most 16 hexadecimal digits"), shows: "eui64=589cfc2045c20001"),
        taken(.diskif, attr("disk", "rpool/a"), attr("diskif", "virtio"), shows: "5:0,virtio-blk,"),
        taken(.diskif, attr("disk", "rpool/a"), attr("diskif", "nvme"), shows: "5:0,nvme,"),
        taken(.diskif, attr("disk", "rpool/a"), attr("diskif", "ahci"), shows: "5:0,ahci-hd,"),
        told(
            .diskif, attr("disk", "rpool/a"), attr("diskif", "ahci-cd"),
            says: warning(
                "diskif", #""ahci-cd" makes CD-ROMs of disks, which the guest cannot write to"#,
                "use ahci for a disk, or the attr cdrom for an image", line: 3), shows: "5:0,ahci-cd,"),
        told(
            .diskif, attr("diskif0", "fbuf"), attr("disk", "rpool/a"), says: diskInterface("diskif0", "fbuf")),
        told(
            .diskif, attr("diskif", "VIRTIO"), attr("disk", "rpool/a"), attr("disk", "rpool/b"),
            says: diskInterface("diskif", "VIRTIO")),
        told(
            .diskif, attr("bootdiskif", "virtio-scsi"), attr("bootdisk", "rpool/a"),
            says: diskInterface("bootdiskif", "virtio-scsi")),
        taken(.numbers, attr("vcpus", "cpus=08,sockets=02,cores=4"), shows: "-c cpus=8,sockets=2,cores=4 "),
        taken(.numbers, attr("ram", "010G"), shows: "-m 10G "),
        taken(.numbers, attr("vnc", "w=0800,h=0600"), shows: "w=800,h=600"),
        taken(.numbers, disk("sectorsize=512/4096,ser=007"), shows: "sectorsize=512/4096,ser=007"),
        told(.numbers, disk("sectorsize=0512"), says: octal("sectorsize=0512")),
        told(.numbers, disk("sectorsize=512/04096"), says: octal("sectorsize=512/04096")),
        told(.numbers, disk("bootindex=01"), fwcfg, says: octal("bootindex=01")),
        told(.numbers, disk("sectsz=0512"), nvme, says: octal("sectsz=0512")),
        told(.numbers, disk("qsz=010"), nvme, says: octal("qsz=010")),
        told(
            .numbers, net("a0", ["vqsize": "0256"]),
            says: octal("vqsize=0256", of: nil, place: #"net "a0", property "vqsize": "#)),
        told(
            .numbers, net("a0", ["netif": "e1000", "mtu": "01500"]),
            says: octal("mtu=01500", of: nil, place: #"net "a0", property "mtu": "#)),
    ]

    private static func diskInterface(_ name: String, _ value: String) -> String {
        error(
            name, "\"\(value)\" is not a disk interface of bhyve", "use virtio-blk, nvme or ahci-hd; letter case counts"
        )
    }
}
