import Platform

extension MachineBuilder {
    mutating func bootDisk() -> Drive? {
        guard let setting = settings.singles[.bootdisk] else { return nil }
        let interface = settings.singles[.bootdiskif].map { $0.sourced($0.text) } ?? text(.diskif)
        return drive("bootdisk", setting, at: PCIPlace(.bootDisk), interface)
    }

    mutating func disks() -> [Drive] {
        let common = text(.diskif)
        let settings = settings
        return drives(.disk, in: [.disks, .moreDisks]) { index in
            settings.member(index, of: .diskif).map { $0.sourced($0.text) } ?? common
        }
    }

    /// An interface for a disk that is not there is most likely a slip.
    mutating func checkDiskInterfaces() {
        var lonely: [(Setting, disk: String)] = []
        for member in settings.list(.diskif, brand: brand) where settings.member(member.index, of: .disk) == nil {
            lonely.append((member.setting, "disk" + String(member.index)))
        }
        if let setting = settings.singles[.bootdiskif], settings.singles[.bootdisk] == nil {
            lonely.append((setting, "bootdisk"))
        }
        for (setting, disk) in lonely {
            report(
                .warning, setting.origin, "attr \"" + setting.name + "\": there is no " + disk,
                "add the disk, or remove it")
        }
    }
}
