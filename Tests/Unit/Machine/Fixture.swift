@testable import Machine
@testable import ZoneConfig
import TestSupport
import Text

/// Zones for the tests, one resource a line: attrs from line 2, networks from 100, devices from 200, file systems from
/// 300, datasets from 400.
func makeZone(
    _ brand: Brand = .bhyve, _ attributes: [(String?, String?)] = [], networks: [ZoneConfiguration.Network] = [],
    devices: [String?] = [], fileSystems: [String?] = [], datasets: [String?] = [], name: String = "vm",
    ipType: String = "exclusive"
) -> ZoneConfiguration {
    var zone = ZoneConfiguration(
        file: "vm.xml", line: 1,
        properties: [
            .init(name: "name", value: name), .init(name: "brand", value: brand.rawValue),
            .init(name: "ip-type", value: ipType),
        ])
    zone.attributes = attributes.enumerated().map {
        .init(line: 2 + $0.offset, name: $0.element.0, type: "string", value: $0.element.1)
    }
    zone.networks = networks
    zone.devices = devices.enumerated().map { .init(line: 200 + $0.offset, match: $0.element) }
    zone.fileSystems = fileSystems.enumerated().map {
        .init(line: 300 + $0.offset, directory: $0.element, special: "/special", raw: nil, type: "lofs")
    }
    zone.datasets = datasets.enumerated().map { .init(line: 400 + $0.offset, name: $0.element) }
    return zone
}

/// The network on a line, with its properties on the lines behind it.
func makeNetwork(
    _ physical: String?, line: Int = 100, mac: String? = nil, addresses: String? = nil, gateways: String? = nil,
    vlan: String? = nil, _ properties: [(String?, String?)] = []
) -> ZoneConfiguration.Network {
    .init(
        line: line, physical: physical, address: nil, allowedAddress: addresses, defrouter: gateways, globalNic: nil,
        macAddress: mac,
        vlanID: vlan,
        attributes: properties.enumerated().map {
            .init(line: line + 1 + $0.offset, name: $0.element.0, value: $0.element.1)
        })
}

let someUUID = "8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11"
let someFacts = HostFacts(randomUUID: someUUID)

/// The machine of a zone, and all that is said about it.
func read(_ zone: ZoneConfiguration, facts: HostFacts = someFacts) -> MachineReading {
    Machine.read(zone, brand: Brand(rawValue: zone.brand ?? "")!, facts: facts)
}

func read(_ brand: Brand, _ attributes: [(String?, String?)]) -> MachineReading { read(makeZone(brand, attributes)) }

/// A diagnostic of the tests' zone, about the attribute that is named, or with which its message begins.
func says(
    _ severity: Diagnostic.Severity, _ line: Int?, _ message: String, _ remedy: String..., of attribute: String? = nil
) -> Diagnostic {
    Diagnostic(
        severity, file: "vm.xml", line: line, attribute: attribute ?? attributeNamed(in: message), message: message,
        remedy: remedy)
}

extension MachineReading {
    /// The text of one attribute under `opts`.
    func option(_ name: String) -> String? {
        machine?.options.first { $0.name == name }?.text
    }
}
