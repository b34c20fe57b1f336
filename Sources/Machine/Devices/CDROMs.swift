import Platform

extension MachineBuilder {
    mutating func cdroms(in slot: PCISlot) -> [Drive] {
        let interface = Sourced(brand == .bhyve ? "ahci-cd" : "ide", .brand)
        return drives(.cdrom, in: [slot]) { _ in interface }
    }
}
