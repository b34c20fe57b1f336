import Text

extension Attributes {
    static let bootdisk = Attribute<DriveSource>(
        "bootdisk", "boot disk", from: .page, isOption: false, elsewhere: ["rootdisk", "hda"],
        .of(.bhyve, syntax: diskSyntax, example: "rpool/vm0,nocache", parse: DriveSource.init(disk:)),
        .of(.kvm, syntax: kvmDiskSyntax, example: "rpool/vm0", parse: DriveSource.init(disk:)))
    static let disk = ListAttribute<DriveSource>(
        "disk", "data disk", from: .page, elsewhere: ["drive", "volume", "hd", "sata", "scsi"],
        .of(
            .bhyve, numbers: 0...15, syntax: diskSyntax, example: "/dev/zvol/rdsk/fast/hdd1,serial=1234",
            parse: DriveSource.init(disk:)),
        .of(
            .kvm, numbers: 0...10, plain: .fill(0...9), syntax: kvmDiskSyntax,
            example: "/dev/zvol/rdsk/fast/hdd1,serial=1234", parse: DriveSource.init(disk:)))
    static let diskif = Attribute<String>(
        "diskif", "disk interface", from: .page, elsewhere: ["disk_driver", "disk_type"],
        .of(.bhyve, default: "virtio-blk", syntax: interfaceSyntax, example: "nvme", parse: interface),
        .of(
            .kvm, default: "virtio", syntax: "virtio, ide or scsi", example: "ide",
            parse: { text throws(ValueError) in try Interface.resolve(text, []) }))
    static let diskifs = ListAttribute<String>(
        "diskif", "interface of one data disk",
        .of(.bhyve, numbers: 0...15, plain: .other, syntax: interfaceSyntax, example: "ahci", parse: interface))
    static let bootdiskif = Attribute<String>(
        "bootdiskif", "interface of the boot disk", isOption: false,
        .of(.bhyve, syntax: interfaceSyntax, example: "ahci", parse: interface))

    private static let diskSyntax = "POOL/VOLUME or /PATH, then bhyve's options for a disk after commas"
    private static let kvmDiskSyntax = "POOL/VOLUME or /PATH, then QEMU's options for a -drive after commas"
    private static let interfaceSyntax = "virtio (virtio-blk), ahci (ahci-hd), nvme, or another model that bhyve has"

    @Sendable private static func interface(_ text: String) throws(ValueError) -> String {
        try Interface.resolve(text, [Alias("virtio", "virtio-blk"), Alias("ahci", "ahci-hd")])
    }
}

extension MachineBuilder {
    /// The boot disk and the data disks, each with its own interface or the common one.
    mutating func disks() -> (boot: Drive?, data: [Drive]) {
        let common = settings.read(Attributes.diskif, otherwise: "virtio")
        let (bootSource, bootInterface) = (settings.read(Attributes.bootdisk), settings.read(Attributes.bootdiskif))
        let (members, interfaces) = (settings.read(Attributes.disk), settings.read(Attributes.diskifs))
        let boot = bootSource.flatMap {
            drive("bootdisk", $0, at: PCIPlace(.bootDisk), bootInterface ?? common)
        }
        let data = drives(members, named: Attributes.disk.row.name, in: [.disks, .moreDisks]) { index in
            interfaces.first { $0.index == index }?.setting ?? common
        }
        for member in interfaces where !members.contains(where: { $0.index == member.index }) {
            reportLonely(member.setting.origin, member.name, "disk\(member.index)")
        }
        if let bootInterface, bootSource == nil {
            reportLonely(bootInterface.origin, Attributes.bootdiskif.row.name, "bootdisk")
        }
        return (boot, data)
    }

    /// An interface for a disk that is not there is most likely a slip.
    private mutating func reportLonely(_ origin: Origin, _ name: String, _ disk: String) {
        report(.warning, origin, "attr \(name.quoted): there is no \(disk)", "add the disk, or remove it")
    }
}
