import Text

extension Attributes {
    static let hostbridge = Attribute<HostBridge>(
        "hostbridge", "host bridge", from: .page,
        .of(
            .bhyve, default: .model("i440fx"), syntax: "i440fx, q35, amd, netapp, none, or vendor=ID,devid=ID",
            example: "q35", parse: HostBridge.init))
}

/// The host bridge at slot 0 (attr `hostbridge`).
package enum HostBridge: Equatable, Sendable {
    case none
    case model(String)
    /// `vendor=…,devid=…`.
    case options(String)

    private static let models = ["i440fx", "q35", "amd", "netapp"]

    init(_ text: String) throws(ValueError) {
        if text == "none" {
            self = .none
        } else if text == "intel" {
            self = .model("netapp")
        } else if Self.models.contains(text) {
            self = .model(text)
        } else if let options = Self.options(text) {
            self = .options(options)
        } else {
            throw ValueError(
                text, isNot: "a host bridge",
                remedy: "use " + list(Self.models + ["none"], "or") + ", or vendor=…,devid=…")
        }
    }

    /// Every part has a key and a value.
    private static func options(_ text: String) -> String? {
        let parts = text.trimmedParts(separator: ",").map { DeviceOption($0) }
        guard parts.allSatisfy({ !$0.key.isEmpty && $0.value?.isEmpty == false }) else { return nil }
        return parts.map { $0.text }.joined(separator: ",")
    }

    var text: String {
        switch self {
        case .none: "none"
        case .model(let text), .options(let text): text
        }
    }
}

extension HostBridge: AttributeValue {}

extension MachineBuilder {
    mutating func hostBridge() -> Sourced<HostBridge> {
        settings.read(Attributes.hostbridge, otherwise: .none)
    }
}
