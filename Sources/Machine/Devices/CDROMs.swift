extension Attributes {
    static let cdrom = ListAttribute<DriveSource>(
        "cdrom", "CD-ROM", from: .page, elsewhere: ["iso", "cd", "dvd"],
        .of(
            .bhyve, numbers: 0...7, syntax: isoSyntax, example: "/rpool/iso/debian.iso", parse: DriveSource.init(iso:)),
        .of(
            .kvm, numbers: 0...5, plain: .fill(0...4), syntax: isoSyntax, example: "/rpool/iso/debian.iso",
            parse: DriveSource.init(iso:)))

    private static let isoSyntax = "/PATH of the image, then the hypervisor's options for it after commas"
}

extension MachineBuilder {
    /// A BIOS tries slots in order, so the CD-ROMs stand behind the disks when it is to try the boot disk first. Windows'
    /// own order does not care, and its drivers remember the slots.
    func cdromSlot(_ bootOrder: [BootEntry], _ firmware: BootFirmware, _ guest: GuestType) -> PCISlot {
        bootOrder.first == .bootdisk && !firmware.keepsVariables && guest != .windows ? .cdromsBehindDisks : .cdroms
    }

    mutating func cdroms(in slot: PCISlot) -> [Drive] {
        let interface = Sourced(brand.cdromInterface, .brand)
        return drives(settings.read(Attributes.cdrom), named: Attributes.cdrom.row.name, in: [slot]) { _ in interface }
    }
}
