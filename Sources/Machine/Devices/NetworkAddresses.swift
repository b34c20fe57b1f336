import Platform
import Text
import ZoneConfig

/// An address of a NIC, with the length of its network's prefix.
package struct NetworkAddress: Equatable, Sendable {
    /// The address, without its prefix.
    package let address: IPAddress
    /// Bits, from 1 to all that the address has.
    package let prefixLength: Int

    /// `192.0.2.10/24`.
    package var text: String { "\(address.text)/\(prefixLength)" }

    /// From the form of ``text``.
    init(_ text: String) throws(ValueError) {
        let (host, length) = text.splitOnce(at: "/")
        let remedy = "write it with its prefix, such as 192.0.2.10/24 or 2001:db8::10/64, and commas between several"
        guard let address = IPAddress(host) else { throw ValueError(text, isNot: "an IP address", remedy: remedy) }
        guard let length else { throw ValueError("\(text.quoted) has no prefix length", remedy: remedy) }
        guard let bits = length.decimal(in: 1...address.bitCount) else {
            throw ValueError(
                "\(text.quoted) has no prefix length from 1 to \(address.bitCount)", remedy: remedy)
        }
        self.address = address
        prefixLength = bits
    }

    /// True when an address belongs to the same network.
    func isInNetwork(of other: IPAddress) -> Bool { address.shares(prefixLength, bitsWith: other) }
}

/// The addresses that a NIC's guest is to have: a net resource's allowed-address and defrouter (zonecfg(8)).
package struct NetworkAddresses: Equatable, Sendable {
    /// The guest's own, in the order of allowed-address.
    package let own: [NetworkAddress]
    /// At most one of each family.
    package let gateways: [IPAddress]
}

extension NetworkAddresses {
    /// Reads the addresses; hands over what is wrong with each.
    init(_ network: ZoneConfiguration.Network, report: (ValueError) -> Void) {
        var own: [NetworkAddress] = []
        for text in Self.parts(network.allowedAddress) {
            do throws(ValueError) {
                own.append(try NetworkAddress(text))
            } catch {
                report(ValueError("allowed-address \(error.message)", remedy: error.remedy))
            }
        }
        var gateways: [IPAddress] = []
        for text in Self.parts(network.defrouter) {
            do throws(ValueError) {
                gateways.append(try Self.gateway(text, of: own, after: gateways))
            } catch {
                report(ValueError("defrouter \(error.message)", remedy: error.remedy))
            }
        }
        self.own = own
        self.gateways = gateways
    }

    /// The parts of a comma list; none when it is empty or not there.
    private static func parts(_ list: String?) -> [String] {
        guard let list = list?.trimmed, !list.isEmpty else { return [] }
        return list.trimmedParts(separator: ",")
    }

    private static func gateway(
        _ text: String, of own: [NetworkAddress], after others: [IPAddress]
    ) throws(ValueError) -> IPAddress {
        guard let gateway = IPAddress(text) else {
            throw ValueError(text, isNot: "an IP address", remedy: "give the gateway's address, such as 192.0.2.1")
        }
        guard !others.contains(where: { $0.family == gateway.family }) else {
            throw ValueError(
                "\(text.quoted) is a second \(gateway.family.name) gateway", remedy: "give one of each family at most")
        }
        guard !own.contains(where: { $0.address.bytes == gateway.bytes }) else {
            throw ValueError("\(text.quoted) is the NIC's own address", remedy: "give the gateway's address")
        }
        let isNear = own.contains { $0.isInNetwork(of: gateway) || gateway.isLinkLocal && $0.address.family == .ipv6 }
        guard isNear else {
            throw ValueError(
                "\(text.quoted) is in no network of the allowed-address",
                remedy: "give a gateway that the NIC reaches, or the allowed-address the right prefix")
        }
        return gateway
    }
}

extension MachineBuilder {
    /// The NIC's addresses. A mistake is an error when a seed hands them to the guest; nothing else here uses them, so
    /// otherwise it is a warning.
    mutating func addresses(_ network: ZoneConfiguration.Network, _ link: Sourced<String>, hasSeed: Bool)
        -> NetworkAddresses
    {
        var problems: [ValueError] = []
        let addresses = NetworkAddresses(network) { problems.append($0) }
        if let problem = vlanProblem(network.vlanID?.trimmed ?? "") { problems.append(problem) }
        for problem in problems {
            report(
                hasSeed ? .error : .warning, link.origin, "net \(link.value.quoted): \(problem.message)", problem.remedy
            )
        }
        return addresses
    }

    /// 0 stands for none, as an empty one does.
    private func vlanProblem(_ text: String) -> ValueError? {
        guard !text.isEmpty, text.decimal(in: 0...4094) == nil else { return nil }
        return ValueError("vlan-id \(text.quoted) is not a number from 0 to 4094", remedy: "give the VLAN's number")
    }
}
