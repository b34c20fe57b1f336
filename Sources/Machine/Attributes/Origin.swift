import Text

/// Where a part of the machine comes from: what `boot -e` prints and what diagnostics point at.
package enum Origin: Equatable, Sendable {
    /// A zone attribute and its line.
    case attribute(name: String, line: Int)
    /// A `<network>` resource and its line.
    case network(link: String, line: Int)
    /// A property of one NIC.
    case netAttribute(name: String, line: Int)
    /// The `<zone>` element itself.
    case zone(line: Int)
    /// The attribute table's default.
    case byDefault
    /// Something the host knows, such as the zone's /etc/uuid.
    case host(String)
    /// The brand does it for every zone.
    case brand

    /// The line in the zone's XML, if it has one.
    package var line: Int? {
        switch self {
        case .attribute(_, let line), .network(_, let line), .netAttribute(_, let line), .zone(let line): line
        case .byDefault, .host, .brand: nil
        }
    }

    /// The name of the attribute, if it is one.
    package var attribute: String? {
        if case .attribute(let name, _) = self { name } else { nil }
    }

    /// How a message about an attribute begins; nothing for what is none.
    package var prefix: String {
        guard let name = attribute else { return "" }
        return "attr \(name.quoted): "
    }

    /// `attr ram, line 14`, `default`, …
    package var description: String {
        switch self {
        case .attribute(let name, let line): "attr \(name), line \(line)"
        case .network(let link, let line): "net \(link), line \(line)"
        case .netAttribute(let name, let line): "property \(name), line \(line)"
        case .zone(let line): "zone, line \(line)"
        case .byDefault: "default"
        case .host(let what): what
        case .brand: "always"
        }
    }
}

/// A value and where it comes from.
package struct Sourced<Value: Equatable & Sendable>: Equatable, Sendable {
    /// What holds.
    package let value: Value
    /// What has said so.
    package let origin: Origin

    package init(_ value: Value, _ origin: Origin) {
        self.value = value
        self.origin = origin
    }
}
