import CPlatform

/// True when the fnmatch(3) pattern matches the whole text; `*` matches slashes too, as it does for zone devices.
public func pattern(_ pattern: String, matches text: String) -> Bool {
    cp_pattern_matches(pattern, text) == 1
}

/// An IP version.
public enum AddressFamily: Sendable {
    case ipv4, ipv6

    /// The family of an address in text form (inet_pton(3)), or `nil` when it is none.
    public init?(address: String) {
        switch cp_address_family(address) {
        case 4: self = .ipv4
        case 6: self = .ipv6
        default: return nil
        }
    }
}

/// Bytes from the system's random generator.
public func randomBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        cp_random(buffer.baseAddress, Int64(count))
        filled = count
    }
}
