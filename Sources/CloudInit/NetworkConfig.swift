import Machine
import Platform
import Text

/// The `network-config` of a seed: version 2, as JSON.
enum NetworkConfig {
    /// The text; `nil` when there is no NIC to tell of.
    static func text(_ machine: Machine) -> String? {
        let interfaces = machine.nics.compactMap { nic -> JSON.Member? in
            guard let mac = nic.mac?.value, !nic.addresses.own.isEmpty else { return nil }
            return JSON.Member(nic.link.value, interface(nic, mac, machine.seedInputs))
        }
        guard !interfaces.isEmpty else { return nil }
        let members = [JSON.Member("version", .number(2)), JSON.Member("ethernets", .object(interfaces))]
        return "\(JSON.object(members).text)\n"
    }

    private static func interface(_ nic: NIC, _ mac: MACAddress, _ inputs: SeedInputs) -> JSON {
        var members = [JSON.Member("match", .object([JSON.Member("macaddress", .string(mac.text))]))]
        if nic.link.value.isInterfaceName { members.append(JSON.Member("set-name", .string(nic.link.value))) }
        members.append(JSON.Member("addresses", .array(nic.addresses.own.map { .string($0.text) })))
        if !nic.addresses.gateways.isEmpty {
            members.append(JSON.Member("routes", .array(nic.addresses.gateways.map { defaultRoute($0) })))
        }
        if let nameservers = nameservers(inputs) { members.append(JSON.Member("nameservers", nameservers)) }
        return .object(members)
    }

    private static func defaultRoute(_ gateway: IPAddress) -> JSON {
        let everywhere =
            switch gateway.family {
            case .ipv4: "0.0.0.0/0"
            case .ipv6: "::/0"
            }
        return .object([JSON.Member("to", .string(everywhere)), JSON.Member("via", .string(gateway.text))])
    }

    private static func nameservers(_ inputs: SeedInputs) -> JSON? {
        var members: [JSON.Member] = []
        if let resolvers = inputs.resolvers?.value {
            members.append(JSON.Member("addresses", .array(resolvers.addresses.map { .string($0.text) })))
        }
        if let domain = inputs.domain?.value { members.append(JSON.Member("search", .array([.string(domain)]))) }
        return members.isEmpty ? nil : .object(members)
    }
}

extension String {
    /// True for what a network interface of Linux can be called: 15 bytes at most (IFNAMSIZ), and no sign that is special
    /// in file names or to network tools.
    var isInterfaceName: Bool {
        let signs = Array("_-.".utf8)
        return (1...15).contains(utf8.count) && self != "." && self != ".."
            && utf8.allSatisfy { $0.isLetterOrDigit || signs.contains($0) }
    }
}
