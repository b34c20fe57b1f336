import Text

/// A zone as its XML says it (`zonecfg.dtd.1`): no defaults, no meaning, every resource with its line.
///
/// A value that the file does not give is `nil`; one that it gives as `""` is empty.
package struct ZoneConfiguration: Equatable, Sendable {
    /// What messages call the file.
    package let file: String
    /// The line of the `<zone>` element.
    package let line: Int
    /// The XML attributes of `<zone>` itself, in the file's order: name, zonepath, brand, autoboot, ip-type …
    package let properties: [Property]
    package internal(set) var attributes: [Attribute] = []
    package internal(set) var networks: [Network] = []
    package internal(set) var devices: [Device] = []
    package internal(set) var fileSystems: [FileSystem] = []
    package internal(set) var datasets: [Dataset] = []

    package init(file: String, line: Int, properties: [Property]) {
        self.file = file
        self.line = line
        self.properties = properties
    }

    /// A property of the zone: `property("ip-type")`; trimmed.
    package func property(_ name: String) -> String? {
        properties[name]?.trimmed
    }

    package var name: String? { property("name") }
    package var brand: String? { property("brand") }

    /// The zonepath without trailing slashes.
    package var zonepath: String? { property("zonepath")?.withoutTrailingSlashes }

    /// Where the zone's own files lie: `ZONEPATH/root`.
    package var zoneroot: String? { zonepath.map { "\($0)/root" } }

    /// A name and what it is set to.
    package struct Property: Equatable, Sendable {
        package let name: String
        package let value: String
    }

    /// `<attr>`: one generic attribute of `zonecfg`.
    package struct Attribute: Equatable, Sendable {
        package let line: Int
        package let name: String?
        package let type: String?
        package let value: String?
    }

    /// `<network>`: one NIC of the zone.
    package struct Network: Equatable, Sendable {
        package let line: Int
        package let physical: String?
        package let address: String?
        package let allowedAddress: String?
        package let defrouter: String?
        package let globalNic: String?
        package let macAddress: String?
        package let vlanID: String?
        /// Its `<net-attr>` elements, in order.
        package internal(set) var attributes: [NetAttribute] = []

        /// The MAC address that was chosen for it, as written; `nil` when that is left to the system (`auto`, empty or
        /// none).
        package var chosenMAC: String? {
            guard let text = macAddress?.trimmed, !text.isEmpty, text != "auto" else { return nil }
            return text
        }
    }

    /// `<net-attr>`: a property of one NIC (`add property` in zonecfg).
    package struct NetAttribute: Equatable, Sendable {
        package let line: Int
        package let name: String?
        package let value: String?
    }

    /// `<device>`: device nodes the zone gets, as an fnmatch(3) pattern over paths below /dev.
    package struct Device: Equatable, Sendable {
        package let line: Int
        package let match: String?
    }

    /// `<filesystem>`: something of the global zone mounted in the zone.
    package struct FileSystem: Equatable, Sendable {
        package let line: Int
        /// Where it appears in the zone.
        package let directory: String?
        /// What is mounted: for lofs a path of the global zone.
        package let special: String?
        package let raw: String?
        package let type: String?
        /// `<fsoption>` names, in order.
        package internal(set) var options: [String] = []
    }

    /// `<dataset>`: a ZFS dataset delegated to the zone.
    package struct Dataset: Equatable, Sendable {
        package let line: Int
        package let name: String?
    }
}
