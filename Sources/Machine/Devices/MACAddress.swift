import Text

/// A NIC's Ethernet address.
package struct MACAddress: Equatable, Sendable {
    /// Six pairs of lower-case hexadecimal digits with colons between, as hypervisors want it.
    package let text: String

    /// From six numbers with or without leading zeros, as dladm(8) and zonecfg(8) write them; `nil` for anything else.
    package init?(_ text: String) {
        let groups = text.pieces(separator: ":")
        guard groups.count == 6 else { return nil }
        var pairs: [String] = []
        for group in groups {
            guard (1...2).contains(group.utf8.count), group.utf8.allSatisfy({ $0.isHexadecimalDigit }) else {
                return nil
            }
            pairs.append((group.utf8.count == 1 ? "0" : "") + group.lowercasedASCII)
        }
        self.text = pairs.joined(separator: ":")
    }
}
