import Glibc
import Text

/// What zonecfg(8) takes for the addresses of a net resource as they are set: an IPv4 address or a host's name, with or
/// without a prefix length, or an IPv6 address with one.
enum NetAddressSyntax {
    /// Throws in zonecfg's words when a property that holds addresses is set to something else.
    static func check(_ value: String, of property: String) throws {
        guard ["address", "allowed-address", "defrouter"].contains(property) else { return }
        for address in value.pieces(separator: ",") { try check(address.trimmed, isRouter: property == "defrouter") }
    }

    private static func check(_ address: String, isRouter: Bool) throws {
        let (host, prefix) = address.splitOnce(at: "/")
        let length = prefix.map { Int($0) ?? -1 }
        if isIPv6(host) {
            guard length != nil || isRouter else {
                throw LabError(
                    "\(address): IPv6 addresses require /prefix-length suffix.", remedy: "such as \(host)/64")
            }
            guard (0...128).contains(length ?? 0) else {
                throw LabError("\(address): IPv6 address prefix lengths must be 0 - 128.", remedy: "such as \(host)/64")
            }
            return
        }
        guard (0...32).contains(length ?? 0) else {
            throw LabError("\(address): IPv4 address prefix lengths must be 0 - 32.", remedy: "such as \(host)/24")
        }
        guard isHostName(host) else {
            throw LabError(
                "\(host): bogus host name or network address syntax", remedy: "such as 10.0.0.112/24, or fd00::112/64")
        }
    }

    private static func isIPv6(_ text: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET6, text, &address) == 1
    }

    /// An IPv4 address looks like one, too.
    private static func isHostName(_ text: String) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool { byte.isDigit || (0x61...0x7a).contains(byte | 0x20) }
        guard let first = text.utf8.first, isPlain(first) else { return false }
        return text.utf8.allSatisfy { isPlain($0) || "-.".utf8.contains($0) }
    }
}
