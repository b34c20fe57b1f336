/// One node of a device path (UEFI 2.10 §10.3).
package enum DevicePathNode: Hashable, Sendable {
    /// The root of a PCI bus, by its number: ACPI's PNP0A03 or PNP0A08.
    case pciRoot(UInt32)
    case pci(device: UInt8, function: UInt8)
    case sata(port: UInt16, multiplier: UInt16, unit: UInt16)
    case nvme(namespace: UInt32, identifier: UInt64)
    case mac([UInt8])
    case ipv4, ipv6
    /// Where something is fetched over HTTP; often empty.
    case uri(String)
    /// A partition, by its number in the table.
    case hardDrive(partition: UInt32)
    /// A boot entry of El Torito.
    case cdrom(entry: UInt32)
    /// A file on a file system.
    case file(String)
    /// A volume of the firmware itself.
    case firmwareVolume(GUID)
    /// A program in such a volume.
    case application(GUID)
    /// None of these.
    case other(type: UInt8, subtype: UInt8, content: [UInt8])

    private static let pnp0A03: UInt32 = 0x0a03_41d0
    private static let pnp0A08: UInt32 = 0x0a08_41d0

    init(type: UInt8, subtype: UInt8, content: [UInt8]) {
        self = Self.known(type, subtype, content) ?? .other(type: type, subtype: subtype, content: content)
    }

    /// `nil` for a node that is not known, or shorter than its kind has to be.
    private static func known(_ type: UInt8, _ subtype: UInt8, _ content: [UInt8]) -> DevicePathNode? {
        func half(_ offset: Int) -> UInt16? { content.number(UInt16.self, at: offset) }
        func word(_ offset: Int) -> UInt32? { content.number(UInt32.self, at: offset) }
        switch (type, subtype) {
        case (1, 1): return content.count == 2 ? .pci(device: content[1], function: content[0]) : nil
        case (2, 1):
            guard let identifier = word(0), [pnp0A03, pnp0A08].contains(identifier) else { return nil }
            return word(4).map { .pciRoot($0) }
        case (3, 18):
            guard let port = half(0), let multiplier = half(2), let unit = half(4) else { return nil }
            return .sata(port: port, multiplier: multiplier, unit: unit)
        case (3, 23):
            guard let namespace = word(0), let identifier = content.number(UInt64.self, at: 4) else { return nil }
            return .nvme(namespace: namespace, identifier: identifier)
        case (3, 11): return content.count >= 6 ? .mac(Array(content[0..<6])) : nil
        case (3, 12): return .ipv4
        case (3, 13): return .ipv6
        case (3, 24): return .uri(String(decoding: content, as: UTF8.self))
        case (4, 1): return word(0).map { .hardDrive(partition: $0) }
        case (4, 2): return word(0).map { .cdrom(entry: $0) }
        case (4, 4): return .file(String(units: content.units))
        case (4, 6): return GUID(content, at: 0).map { .application($0) }
        case (4, 7): return GUID(content, at: 0).map { .firmwareVolume($0) }
        default: return nil
        }
    }

    /// The bytes of a node that this program writes; `nil` for the others.
    private var written: (type: UInt8, subtype: UInt8, content: [UInt8])? {
        var content: [UInt8] = []
        switch self {
        case .pciRoot(let number):
            for word in [Self.pnp0A03, number] { content.append(number: word) }
            return (2, 1, content)
        case .pci(let device, let function): return (1, 1, [function, device])
        case .sata(let port, let multiplier, let unit): return (3, 18, [UInt8](units: [port, multiplier, unit]))
        case .application(let guid): return (4, 6, guid.bytes)
        case .firmwareVolume(let guid): return (4, 7, guid.bytes)
        default: return nil
        }
    }

    fileprivate var bytes: [UInt8] {
        guard let (type, subtype, content) = written else { return [] }
        var bytes = [type, subtype]
        bytes.append(number: UInt16(truncatingIfNeeded: content.count + 4))
        return bytes + content
    }
}

/// The way to a device, from the bus on.
enum DevicePath {
    private static let end: [UInt8] = [0x7f, 0xff, 4, 0]
    private static let endType: UInt8 = 0x7f

    /// The nodes up to the first end; `nil` when one runs past the bytes, or none ends them.
    static func nodes(_ bytes: [UInt8]) -> [DevicePathNode]? {
        var nodes: [DevicePathNode] = []
        var offset = 0
        while let size = bytes.number(UInt16.self, at: offset + 2), size >= 4, offset + Int(size) <= bytes.count {
            if bytes[offset] == endType { return nodes }
            nodes.append(
                DevicePathNode(
                    type: bytes[offset], subtype: bytes[offset + 1],
                    content: Array(bytes[offset + 4..<offset + Int(size)])))
            offset += Int(size)
        }
        return nil
    }

    /// The bytes of nodes of the kinds that this program writes, with their end.
    static func bytes(_ nodes: [DevicePathNode]) -> [UInt8] { nodes.flatMap { $0.bytes } + end }
}
