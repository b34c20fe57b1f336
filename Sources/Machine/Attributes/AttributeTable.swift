/// A name that means something to a virtual machine.
public enum AttributeName: String, CaseIterable, Sendable {
    case acpi, bootdisk, bootdiskif, bootnext, bootorder, bootrom, cdrom, com, console, cpu, disk, diskif, extra
    case hostbridge, memreserve, netif, password, ppt, ram, resolvers, rng, rtc, sshkey, type, uefivars, uuid, vcpus
    case vga, virtfs, vnc, xhci
    case cloudInit = "cloud-init"
    case debugPersist = "debug.persist"
    case dnsDomain = "dns-domain"
    case privDebug = "priv.debug"
    case shutdownTimeout = "shutdown-timeout"
}

/// How often an attribute may stand in a zone, and under which names.
public enum Multiplicity: Equatable, Sendable {
    /// Once, under its own name.
    case once
    /// Once for all, and with a number for one member of a list (`diskif`, `diskif3`).
    case onceAndNumbered(ClosedRange<Int>)
    /// A list: `disk3` is number 3, and what a plain `disk` does.
    case list(ClosedRange<Int>, plain: PlainNames)
}

/// What a list's name without a number means.
public enum PlainNames: Equatable, Sendable {
    /// It takes the first free number of these.
    case fill(ClosedRange<Int>)
    /// It means nothing; a warning asks for the number.
    case ignored
    /// It is an error.
    case refused
}

/// An attribute as one brand understands it.
public struct AttributeForm: Sendable {
    public let kind: AttributeKind
    public let multiplicity: Multiplicity
    /// What holds when the zone says nothing; `nil`: then there is none.
    public let fallback: String?
    /// A value that is not of the kind is a warning, and the fallback holds: other tools take any.
    public var isLenient = false

    /// An attribute whose values of no kind count as the fallback.
    static func lenient(_ kind: AttributeKind, _ fallback: String) -> AttributeForm {
        var form = once(kind, fallback)
        form.isLenient = true
        return form
    }

    static func once(_ kind: AttributeKind, _ fallback: String? = nil) -> AttributeForm {
        AttributeForm(kind: kind, multiplicity: .once, fallback: fallback)
    }

    static func list(_ kind: AttributeKind, _ numbers: ClosedRange<Int>, plain: PlainNames) -> AttributeForm {
        AttributeForm(kind: kind, multiplicity: .list(numbers, plain: plain), fallback: nil)
    }

    static func list(_ kind: AttributeKind, _ numbers: ClosedRange<Int>) -> AttributeForm {
        list(kind, numbers, plain: .fill(numbers))
    }
}

/// One row of the attribute table.
public struct AttributeRow: Sendable {
    public let name: AttributeName
    /// What it gives the machine, in a few words: the purpose column of `boot -e`.
    public let summary: String
    /// `nil`: the brand has no such attribute.
    public let bhyve: AttributeForm?
    public let kvm: AttributeForm?
    /// Whether `boot -j` lists its text under `opts`, as zone managers read them.
    public let isOption: Bool

    init(
        _ name: AttributeName, _ summary: String, b bhyve: AttributeForm? = nil, k kvm: AttributeForm? = nil,
        option isOption: Bool = true
    ) {
        self.name = name
        self.summary = summary
        self.bhyve = bhyve
        self.kvm = kvm
        self.isOption = isOption
    }

    public func form(for brand: Brand) -> AttributeForm? {
        switch brand {
        case .bhyve: bhyve
        case .kvm: kvm
        }
    }
}

/// Every attribute of both brands: the one place that says what a name means, its default and its aliases.
public enum AttributeTable {
    public static let rows: [AttributeRow] = [
        AttributeRow(.acpi, "switch for ACPI tables, which are always built", b: .lenient(.flag, "on")),
        AttributeRow(.bootdisk, "boot disk", b: .once(.disk), k: .once(.disk), option: false),
        AttributeRow(.bootdiskif, "interface of the boot disk", b: .once(.interface(diskAliases)), option: false),
        AttributeRow(.bootnext, "device of the next boot alone", b: .once(.bootEntry)),
        AttributeRow(
            .bootorder, "boot order", b: .once(.bootOrder, BootEntry.usualOrder.map { $0.text }.joined(separator: ",")),
            k: .once(.bootLetters, "cd")),
        AttributeRow(.bootrom, "boot ROM", b: .once(.bootROM, "BHYVE_RELEASE_CSM")),
        AttributeRow(
            .cdrom, "CD-ROM", b: .list(.iso, 0...7), k: .list(.iso, 0...5, plain: .fill(0...4)), option: false),
        AttributeRow(.cloudInit, "source of the guest's first configuration", b: .once(.cloudInit, "off")),
        AttributeRow(.com, "serial port", b: .list(.serial, 2...4, plain: .refused), option: false),
        AttributeRow(
            .console, "console", b: .once(.serial, "/dev/zconsole"),
            k: .once(.chardev, "pipe,id=console0,path=/dev/zconsole")),
        AttributeRow(.cpu, "CPU model", k: .once(.text, "qemu64")),
        AttributeRow(.debugPersist, "switch that keeps the VM's instance after it ends", b: .once(.flag, "off")),
        AttributeRow(
            .disk, "data disk", b: .list(.disk, 0...15), k: .list(.disk, 0...10, plain: .fill(0...9)), option: false),
        AttributeRow(
            .diskif, "disk interface",
            b: AttributeForm(
                kind: .interface(diskAliases), multiplicity: .onceAndNumbered(0...15), fallback: "virtio-blk"),
            k: .once(.interface([]), "virtio")),
        AttributeRow(.dnsDomain, "DNS domain for cloud-init", b: .once(.text), option: false),
        AttributeRow(
            .extra, "extra arguments of the hypervisor", b: .list(.words, 0...15), k: .list(.words, 0...15),
            option: false),
        AttributeRow(.hostbridge, "host bridge", b: .once(.hostBridge, "i440fx")),
        AttributeRow(.memreserve, "switch for memory from bhyve's reservoir", b: .once(.flag, "off")),
        AttributeRow(
            .netif, "NIC model", b: .once(.interface([Alias("virtio", "virtio-net-viona")]), "virtio-net-viona"),
            k: .once(.interface([Alias("virtio", "virtio-net-pci")]), "virtio-net-pci")),
        AttributeRow(.password, "password for cloud-init", b: .once(.secret), option: false),
        AttributeRow(
            .ppt, "device passed through to the guest", b: .list(.passthrough, 0...7, plain: .ignored), option: false),
        AttributeRow(.privDebug, "switch for privilege debugging", b: .once(.flag, "off")),
        AttributeRow(.ram, "memory", b: .once(.size, "1G"), k: .once(.size, "1G")),
        AttributeRow(.resolvers, "DNS servers for cloud-init", b: .once(.addresses), option: false),
        AttributeRow(.rng, "random number device", b: .once(.flag, "off")),
        AttributeRow(.rtc, "real-time clock", k: .once(.text, "base=utc,driftfix=slew")),
        AttributeRow(
            .shutdownTimeout, "seconds a guest has to power off", b: .once(.seconds), k: .once(.seconds),
            option: false),
        AttributeRow(.sshkey, "SSH key for cloud-init", b: .once(.text), option: false),
        AttributeRow(
            .type, "guest type", b: .lenient(.choice(guests), "generic"),
            k: .lenient(.choice(guests), "generic")),
        AttributeRow(.uefivars, "switch for keeping UEFI variables", b: .once(.flag, "on")),
        AttributeRow(.uuid, "UUID", b: .once(.uuid)),
        AttributeRow(.vcpus, "number of virtual CPUs", b: .once(.topology, "1"), k: .once(.topology, "1")),
        AttributeRow(.vga, "VGA of the framebuffer", b: .once(.choice(["on", "io", "off"]), "off")),
        AttributeRow(.virtfs, "shared directory", b: .list(.share, 0...7), option: false),
        AttributeRow(.vnc, "screen over VNC", b: .once(.vnc, "off"), k: .once(.vnc, "off")),
        AttributeRow(.xhci, "switch for the USB tablet", b: .once(.flag, "on")),
    ]

    private static let guests = GuestType.allCases.map { $0.rawValue }
    private static let diskAliases = [Alias("virtio", "virtio-blk"), Alias("ahci", "ahci-hd")]

    /// The row of a name.
    public static func row(_ name: AttributeName) -> AttributeRow? {
        rows.first { $0.name == name }
    }
}

/// Another spelling of a value.
public struct Alias: Equatable, Sendable {
    let from: String
    let to: String

    init(_ from: String, _ to: String) {
        self.from = from
        self.to = to
    }
}
