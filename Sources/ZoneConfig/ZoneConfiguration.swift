import Text

/// A zone as its XML says it (`zonecfg.dtd.1`): no defaults, no meaning, every resource with its line.
///
/// A value that the file does not give is `nil`; one that it gives as `""` is empty.
public struct ZoneConfiguration: Equatable, Sendable {
    /// What messages call the file.
    public let file: String
    /// The line of the `<zone>` element.
    public let line: Int
    /// The XML attributes of `<zone>` itself, in the file's order: name, zonepath, brand, autoboot, ip-type …
    public let properties: [Property]
    public internal(set) var attributes: [Attribute] = []
    public internal(set) var networks: [Network] = []
    public internal(set) var devices: [Device] = []
    public internal(set) var fileSystems: [FileSystem] = []
    public internal(set) var datasets: [Dataset] = []

    public init(file: String, line: Int, properties: [Property]) {
        self.file = file
        self.line = line
        self.properties = properties
    }

    /// A property of the zone: `property("ip-type")`; trimmed.
    public func property(_ name: String) -> String? {
        properties[name]?.trimmed
    }

    public var name: String? { property("name") }
    public var brand: String? { property("brand") }

    /// The zonepath without trailing slashes.
    public var zonepath: String? { property("zonepath")?.withoutTrailingSlashes }

    /// Where the zone's own files lie: `ZONEPATH/root`.
    public var zoneroot: String? { zonepath.map { $0 + "/root" } }

    /// A name and what it is set to.
    public struct Property: Equatable, Sendable {
        public let name: String
        public let value: String
    }

    /// `<attr>`: one generic attribute of `zonecfg`.
    public struct Attribute: Equatable, Sendable {
        public let line: Int
        public let name: String?
        public let type: String?
        public let value: String?
    }

    /// `<network>`: one NIC of the zone.
    public struct Network: Equatable, Sendable {
        public let line: Int
        public let physical: String?
        public let address: String?
        public let allowedAddress: String?
        public let defrouter: String?
        public let globalNic: String?
        public let macAddress: String?
        public let vlanID: String?
        /// Its `<net-attr>` elements, in order.
        public internal(set) var attributes: [NetAttribute] = []

        /// The MAC address that was chosen for it, as written; `nil` when that is left to the system (`auto`, empty or
        /// none).
        public var chosenMAC: String? {
            guard let text = macAddress?.trimmed, !text.isEmpty, text != "auto" else { return nil }
            return text
        }
    }

    /// `<net-attr>`: a property of one NIC (`add property` in zonecfg).
    public struct NetAttribute: Equatable, Sendable {
        public let line: Int
        public let name: String?
        public let value: String?
    }

    /// `<device>`: device nodes the zone gets, as an fnmatch(3) pattern over paths below /dev.
    public struct Device: Equatable, Sendable {
        public let line: Int
        public let match: String?
    }

    /// `<filesystem>`: something of the global zone mounted in the zone.
    public struct FileSystem: Equatable, Sendable {
        public let line: Int
        /// Where it appears in the zone.
        public let directory: String?
        /// What is mounted: for lofs a path of the global zone.
        public let special: String?
        public let raw: String?
        public let type: String?
        /// `<fsoption>` names, in order.
        public internal(set) var options: [String] = []
    }

    /// `<dataset>`: a ZFS dataset delegated to the zone.
    public struct Dataset: Equatable, Sendable {
        public let line: Int
        public let name: String?
    }
}
