/// Where ours is right to differ from a recorded vector.
struct Departure: Sendable {
    let vector: String
    /// D1–D35 of the design, or several of them.
    let rule: String
    let reason: String
    let outcome: Outcome

    enum Outcome: Sendable {
        /// Recorded as accepted; ours refuses it.
        case refused
        /// The argv of this vector, or of another one, with some words replaced.
        case argv(like: String? = nil, [(from: [String], to: [String])])
    }

    /// MiB in the memory reservoir, where they differ.
    var reservation: UInt64?
    /// Parts of the JSON that differ as well.
    var parts: [String: String] = [:]
    var options: [String: String] = [:]

    static func of(_ vector: String) -> Departure? { table.first { $0.vector == vector } }

    private static func refused(_ vector: String, _ rule: String, _ reason: String) -> Departure {
        Departure(vector: vector, rule: rule, reason: reason, outcome: .refused)
    }

    private static func word(
        _ vector: String, _ rule: String, _ reason: String, _ from: String, _ to: String,
        options: [String: String] = [:],
        parts: [String: String] = [:]
    ) -> Departure {
        Departure(
            vector: vector, rule: rule, reason: reason, outcome: .argv([(from: [from], to: [to])]), parts: parts,
            options: options)
    }

    /// The screen's password is read from a file of mode 0600, which the command line names behind the screen.
    private static func password(
        _ vector: String, screen: String, was: String? = nil, reservation: UInt64? = nil
    ) -> Departure {
        Departure(
            vector: vector, rule: "D17" + (was == nil ? "" : ", D26") + (reservation == nil ? "" : ", D31"),
            reason: "the password is handed over by -k /hvm/secret instead of being added to a logged configuration",
            outcome: .argv([(from: [was ?? screen], to: [screen, "-k", "/hvm/secret"])]),
            reservation: reservation,
            options: was == nil ? [:] : ["vnc": "unix=/tmp/vm.vnc"])
    }

    static let table: [Departure] = [
        // Values that are checked before anything is written.
        refused("bhyve/hostbridge-unknown", "D14", "there is no such host bridge"),
        refused("bhyve/memreserve-ram-exabyte", "D14", "sizes end in K, M, G or T"),
        refused("bhyve/ram-suffix-gb", "D14", "sizes end in K, M, G or T"),
        refused("bhyve/xhci-bad-without-vnc", "D14", "checked whether it is used or not"),
        refused("bhyve/ppt-garbage", "D14", "unknown places were ignored in silence"),
        refused("kvm/ram-bogus", "D14", "QEMU refuses the size"),
        refused("bhyve/vcpus-bad-key", "D22", "bhyve refuses the topology"),
        refused("bhyve/uuid-not-a-uuid", "D22", "bhyve refuses the comma in the SMBIOS argument"),
        refused("bhyve/cloudinit-url-http", "D22", "bhyve refuses the comma in the SMBIOS argument"),
        refused("bhyve/net-seventeen", "D22", "there is no PCI function 8"),
        refused("kvm/uuid-file-spaces", "D22", "QEMU refuses \"abc\" as a UUID"),
        // Values that are missing or empty.
        refused("bhyve/bootdisk-empty", "D24", "an empty value"),
        refused("bhyve/bootdisk-novalue", "D24", "an attr without a value"),
        refused("bhyve/cloudinit-empty", "D24", "an empty value"),
        refused("bhyve/disk-empty", "D24", "an empty value"),
        refused("bhyve/hostbridge-empty", "D24", "an empty value"),
        refused("bhyve/vcpus-empty", "D24", "an empty value"),
        refused("bhyve/vnc-empty", "D24", "an empty value"),
        refused("bhyve/net-attr-novalue", "D24", "a net-attr without a value"),
        refused("bhyve/net-no-physical", "D24", "a network without physical"),
        refused("bhyve/bootrom-comma-abs", "D24", "a comma in bootrom"),
        refused("kvm/bootdisk-novalue", "D24", "an attr without a value"),
        refused("kvm/vnc-empty", "D24", "an empty value"),
        // Other refusals.
        refused("bhyve/extra-newline", "D6", "control characters in a value"),
        refused("bhyve/com-plain", "D20", "a com port without its number"),
        refused("bhyve/vnc-password-empty", "D26", "an empty password"),
        refused("bhyve/xml-brand-ignored", "D27", "the brand is neither bhyve nor kvm"),
        refused("kvm/bootorder-n", "D25", "a kvm boot order holds the letters c, d and n alone"),
        refused("kvm/extra16", "D25", "extra goes up to 15"),
        // What the hypervisor refuses.
        refused("bhyve/vga-on", "D31", "bhyve renders no VGA"),
        refused("bhyve/virtfs-equals", "D31", "bhyve ends the share's name at the ="),
        refused("kvm/net-rtl", "D31", "QEMU ends at the timer options of virtio's"),
        refused("kvm/kitchen-sink", "D31", "QEMU 0.14 has no disk interface ahci"),
        // White space.
        Departure(
            vector: "bhyve/cdrom-name-spaces", rule: "D3", reason: "a plain name is trimmed as a numbered one is",
            outcome: .argv([
                (
                    from: ["3:2,ahci-cd,/iso/a.iso,ro"],
                    to: ["3:0,ahci-cd,/iso/b.iso,ro", "-s", "3:2,ahci-cd,/iso/a.iso,ro"]
                )
            ]),
            parts: [
                "bootoptions":
                    #"{"cdrom":["pci","3.0"],"cdrom0":["pci","3.0"],"cdrom2":["pci","3.2"],"shell":["app","7c04a583-9e3e-4f1c-ad65-e05268d0b4d1"]}"#
            ]),
        word(
            "bhyve/diskifN-spaces", "D3", "trimmed, so the alias applies", "5:0, ahci ,/dev/zvol/rdsk/rpool/a",
            "5:0,ahci-hd,/dev/zvol/rdsk/rpool/a"),
        word(
            "bhyve/virtfs-spaces", "D3", "each part is trimmed", "11:0,virtio-9p,share= /data/share",
            "11:0,virtio-9p,share=/data/share"),
        word(
            "bhyve/vnc-inner-spaces", "D3", "each part is trimmed", "30:0,fbuf,vga=off,unix=/tmp/vm.vnc, wait",
            "30:0,fbuf,vga=off,unix=/tmp/vm.vnc,wait", options: ["vnc": "unix=/tmp/vm.vnc,wait"]),
        Departure(
            vector: "bhyve/xml-attr-name-spaces", rule: "D3", reason: "attribute names are trimmed",
            outcome: .argv([(from: ["-c", "1"], to: ["-c", "4"])]), options: ["vcpus": "4"]),
        Departure(
            vector: "kvm/disk-spaces", rule: "D3", reason: "a plain name is trimmed as a numbered one is",
            outcome: .argv([
                (
                    from: ["-vnc", "none"],
                    to: [
                        "-drive",
                        "file=/dev/zvol/rdsk/rpool/c,if=virtio,media=disk,index=2,cache=none,serial=disk2", "-vnc",
                        "none",
                    ]
                )
            ])),
        // Spellings.
        word(
            "bhyve/net-attr-netif-alias", "D2", "a NIC's own netif has aliases too", "6:0,virtio,a0",
            "6:0,virtio-net-viona,a0"),
        Departure(
            vector: "bhyve/cloudinit-upper-off", rule: "D13", reason: "OFF is off",
            outcome: .argv([
                (from: ["-s", "29:0,ahci-cd,/cloud-init.iso,ro,ser=CLOUD-INIT-0"], to: []),
                (
                    from: [
                        "1,manufacturer=OmniOS,product=OmniOS HVM,version=1.0,serial=ds=nocloud;i=11111111-2222-4333-8444-555555555555,sku=001,family=Virtual Machine"
                    ],
                    to: [
                        "1,manufacturer=OmniOS,product=OmniOS HVM,version=1.0,serial=11111111-2222-4333-8444-555555555555,sku=001,family=Virtual Machine"
                    ]
                ),
            ])),
        Departure(
            vector: "bhyve/net-attr-promiscphys-bad", rule: "D13", reason: "TRUE is true; bhyve takes it as well",
            outcome: .argv(
                like: "bhyve/net-attr-netif-alias",
                [(from: ["6:0,virtio,a0"], to: ["6:0,virtio-net-viona,a0,promiscphys=TRUE"])])),
        word(
            "bhyve/bootrom-abs-csm", "D21", "a directory's name makes no CSM ROM", "bootrom,/opt/fw_CSM/MY.fd",
            "bootrom,/opt/fw_CSM/MY.fd,/etc/uefivars", parts: ["uefi": "true"]),
        Departure(
            vector: "bhyve/com4", rule: "D20", reason: "com4 works",
            outcome: .argv(like: "bhyve/com2", [(from: ["com2,socket,/tmp/vm.com2"], to: ["com4,socket,/tmp/vm.com4"])])
        ),
        Departure(
            vector: "bhyve/memreserve-vnc", rule: "D22", reason: "a plain number of MiB crashed the reservation",
            outcome: .argv(
                like: "bhyve/vnc-on",
                [
                    (from: ["-m", "1G"], to: ["-m", "2048"]),
                    (from: ["30:1,xhci,tablet"], to: ["30:1,xhci,tablet", "-o", "memory.use_reservoir=true"]),
                ])),
        Departure(
            vector: "bhyve/memreserve-vnc-bad-parse", rule: "D31", reason: "bhyve's framebuffer takes 32 MiB",
            outcome: .argv([]), reservation: 1072),
        // The screen.
        word(
            "bhyve/vnc-garbage", "D26", "without unix, tcp or rfb it listens on /tmp/vm.vnc", "30:0,fbuf,vga=off,fred",
            "30:0,fbuf,vga=off,unix=/tmp/vm.vnc,fred", options: ["vnc": "unix=/tmp/vm.vnc,fred"]),
        word(
            "bhyve/vnc-size-only", "D26", "without unix, tcp or rfb it listens on /tmp/vm.vnc",
            "30:0,fbuf,vga=off,w=1024,h=768", "30:0,fbuf,vga=off,unix=/tmp/vm.vnc,w=1024,h=768",
            options: ["vnc": "unix=/tmp/vm.vnc,w=1024,h=768"]),
        word(
            "bhyve/vnc-tcp-wait", "D26", "tcp replaces the socket",
            "30:0,fbuf,vga=off,unix=/tmp/vm.vnc,wait,tcp=0.0.0.0:5900", "30:0,fbuf,vga=off,wait,tcp=0.0.0.0:5900",
            options: ["vnc": "wait,tcp=0.0.0.0:5900"]),
        word("kvm/vnc-wait", "D26", "QEMU cannot wait: wait means on", "wait", "unix:/tmp/vm.vnc"),
        password("bhyve/vnc-password", screen: "30:0,fbuf,vga=off,unix=/tmp/vm.vnc"),
        password("bhyve/vnc-password-equals", screen: "30:0,fbuf,vga=off,unix=/tmp/vm.vnc"),
        password("bhyve/vnc-password-first", screen: "30:0,fbuf,vga=off,unix=/tmp/vm.vnc"),
        password(
            "bhyve/kitchen-sink", screen: "30:0,fbuf,vga=io,unix=/tmp/vm.vnc,wait,w=1280,h=1024", reservation: 8240),
        password("bhyve/vnc-password-only", screen: "30:0,fbuf,vga=off,unix=/tmp/vm.vnc", was: "30:0,fbuf,vga=off,"),
        // kvm.
        word("kvm/console-no-id", "D22", "QEMU refuses a chardev without id", "stdio", "stdio,id=console0"),
        word(
            "kvm/disk-plain", "D25", "an absolute path is used as it is",
            "file=/dev/zvol/rdsk//zones/b.img,if=virtio,media=disk,index=1,cache=none,serial=disk1",
            "file=/zones/b.img,if=virtio,media=disk,index=1,cache=none,serial=disk1"),
        Departure(
            vector: "kvm/net-attr-ignored", rule: "D25", reason: "a NIC's own netif is honoured",
            outcome: .argv([
                (
                    from: [
                        "-device",
                        "virtio-net-pci,mac=02:08:20:0a:0b:91,tx=timer,x-txtimer=200000,x-txburst=128,vlan=0",
                    ], to: ["-net", "nic,vlan=0,name=net0,model=e1000,macaddr=02:08:20:0a:0b:91"]
                )
            ])),
    ]
}
