/// What a Boot#### variable holds: EFI_LOAD_OPTION (UEFI 2.10 §3.1.3).
package struct LoadOption: Equatable, Sendable {
    package let attributes: UInt32
    /// For people, in the firmware's menu.
    package let title: String
    package let path: [DevicePathNode]
    /// What the program that is started gets.
    package let optionalData: [UInt8]

    private static let active: UInt32 = 1
    private static let hidden: UInt32 = 8

    /// Active, with nothing for the program.
    init(title: String, path: [DevicePathNode]) {
        attributes = Self.active
        self.title = title
        self.path = path
        optionalData = []
    }

    /// `nil` when the bytes are not a load option.
    package init?(_ bytes: [UInt8]) {
        guard let attributes = bytes.number(UInt32.self, at: 0), let length = bytes.number(UInt16.self, at: 4) else {
            return nil
        }
        let units = Array(bytes[6...]).units
        guard let end = units.firstIndex(of: 0) else { return nil }
        let start = 6 + 2 * (end + 1)
        guard start + Int(length) <= bytes.count, let path = DevicePath.nodes(Array(bytes[start..<start + Int(length)]))
        else { return nil }
        self.attributes = attributes
        title = String(units: units)
        self.path = path
        optionalData = Array(bytes[(start + Int(length))...])
    }

    /// As the variable holds it. The path is one of those that this program writes.
    var bytes: [UInt8] {
        let path = DevicePath.bytes(path)
        var bytes: [UInt8] = []
        bytes.append(number: attributes)
        bytes.append(number: UInt16(truncatingIfNeeded: path.count))
        return bytes + [UInt8](units: Array(title.utf16) + [0]) + path + optionalData
    }

    /// True when the firmware would start it (LOAD_OPTION_ACTIVE).
    package var isActive: Bool { attributes & Self.active != 0 }

    /// True when the firmware's menu does not show it (LOAD_OPTION_HIDDEN).
    package var isHidden: Bool { attributes & Self.hidden != 0 }

    /// True when it can be chosen: the firmware would start it, and shows it.
    package var isOffered: Bool { isActive && !isHidden }

    /// True for one that the firmware has made for a device it found.
    package var isMadeByFirmware: Bool { optionalData == GUID.firmwareEntry.bytes }

    /// What an entry leads to.
    package enum Target: Hashable, Sendable {
        /// Something at a place on the first PCI bus.
        case device(slot: Int, function: Int, way: Way)
        case application(GUID)
        case file
    }

    /// How a device is used.
    package enum Way: Hashable, Sendable {
        case disk, network4, network6, http4, http6
    }

    /// `nil` when it leads to none of what has a name here.
    package var target: Target? {
        var places: [(slot: UInt8, function: UInt8)] = []
        for node in path {
            switch node {
            case .file: return .file
            case .application(let guid): return .application(guid)
            case .pci(let device, let function): places.append((device, function))
            case .pciRoot(let number) where number > 0: return nil
            default: break
            }
        }
        // A second one stands behind a bridge.
        guard places.count == 1 else { return nil }
        return .device(slot: Int(places[0].slot), function: Int(places[0].function), way: way)
    }

    private var way: Way {
        let isHTTP = path.contains { if case .uri = $0 { true } else { false } }
        let isVersion6 = path.contains(.ipv6)
        let isNetwork = path.contains { if case .mac = $0 { true } else { false } }
        if isHTTP { return isVersion6 ? .http6 : .http4 }
        return isVersion6 ? .network6 : isNetwork ? .network4 : .disk
    }
}
