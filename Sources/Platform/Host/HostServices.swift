import CPlatform

/// True when the fnmatch(3) pattern matches the whole text; `*` matches slashes too, as it does for zone devices.
package func pattern(_ pattern: String, matches text: String) -> Bool {
    cp_pattern_matches(pattern, text) == 1
}

/// Bytes from the system's random generator.
package func randomBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        cp_random(buffer.baseAddress, Int64(count))
        filled = count
    }
}
