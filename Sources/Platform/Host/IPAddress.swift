import CPlatform

/// An IP version.
package enum AddressFamily: Sendable {
    case ipv4, ipv6

    /// The family of an address in text form (inet_pton(3)), or `nil` when it is none.
    package init?(address: String) {
        guard let address = IPAddress(address) else { return nil }
        self = address.family
    }

    /// `IPv4` or `IPv6`, for messages.
    package var name: String {
        switch self {
        case .ipv4: "IPv4"
        case .ipv6: "IPv6"
        }
    }
}

/// An IP address.
package struct IPAddress: Equatable, Sendable {
    /// As it was written.
    package let text: String
    /// Of four bytes or of sixteen.
    package let family: AddressFamily
    /// Four or sixteen, the first one first.
    package let bytes: [UInt8]

    /// From the text form that inet_pton(3) reads; `nil` for anything else, an IPv6 address with a zone id included.
    package init?(_ text: String) {
        guard !text.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        switch cp_address(text, &bytes) {
        case 4: family = .ipv4
        case 6: family = .ipv6
        default: return nil
        }
        self.text = text
        self.bytes = family == .ipv4 ? Array(bytes.prefix(4)) : bytes
    }

    /// Bits in it.
    package var bitCount: Int { bytes.count * 8 }

    /// True for an IPv6 address that means something on one link alone (fe80::/10, RFC 4291).
    package var isLinkLocal: Bool { family == .ipv6 && bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80 }

    /// True when so many of the first bits are the same in both; false for addresses of two families.
    package func shares(_ count: Int, bitsWith other: IPAddress) -> Bool {
        guard family == other.family else { return false }
        return (0..<min(count, bitCount)).allSatisfy { bit in
            (bytes[bit / 8] ^ other.bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }
}
