import Machine
import Text

/// A device of the machine that the firmware can boot from.
package struct BootDevice: Equatable, Sendable {
    /// As boot entries name it: `bootdisk`, `disk3`, `cdrom0`, `net1`.
    package let name: String
    package let place: PCIPlace
    /// From the device itself on to what is booted; `nil` when that is known to the firmware alone, so that no entry can
    /// be made for it: an NVMe namespace's identifier, a network card's address.
    let tail: [DevicePathNode]?

    /// A disk or CD-ROM behind this interface.
    package init(_ name: String, at place: PCIPlace, drive interface: String) {
        self.name = name
        self.place = place
        tail =
            switch interface {
            case "virtio-blk", "virtio": []
            // A controller for each drive, which is at its first port. 0xffff: no port multiplier.
            case "ahci", "ahci-hd", "ahci-cd": [.sata(port: 0, multiplier: 0xffff, unit: 0)]
            default: nil
            }
    }

    /// A network card.
    package init(network name: String, at place: PCIPlace) {
        self.name = name
        self.place = place
        tail = nil
    }

    /// The devices of a machine.
    package static func list(_ machine: Machine) -> [BootDevice] {
        machine.drives.map { BootDevice($0.name, at: $0.place, drive: $0.interface.value) }
            + machine.nics.map { BootDevice(network: "net\($0.index)", at: $0.place) }
    }

    /// The entry that is made for it.
    var entry: LoadOption? {
        let pci = DevicePathNode.pci(
            device: UInt8(truncatingIfNeeded: place.slot.number),
            function: UInt8(truncatingIfNeeded: place.function.number))
        return tail.map { LoadOption(title: LoadOption.ownPrefix + name, path: [.pciRoot(0), pci] + $0) }
    }
}

extension LoadOption {
    /// How the titles of the entries begin that are made here.
    static let ownPrefix = "zone "

    /// True for one that was made here for a device, maybe in an earlier boot.
    var isOwn: Bool {
        guard title.beginsWith(Self.ownPrefix), optionalData.isEmpty, case .device(_, _, .disk) = target else {
            return false
        }
        return true
    }

    /// The entry of the UEFI shell, as EDK II makes it, so that it will find it and add none.
    static let shell = LoadOption(
        title: "EFI Internal Shell", path: [.firmwareVolume(.driverVolume), .application(.shell)])
}
