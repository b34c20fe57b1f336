import CPlatform

/// Time, for limits and for logs.
package enum Clock {
    /// Milliseconds since some moment that stays the same while the program runs.
    package static var milliseconds: Int { Int(cp_milliseconds()) }

    package static func sleep(milliseconds: Int) {
        cp_sleep(Int32(clamping: milliseconds))
    }

    /// The present time, `2026-11-22T13:47:00Z`.
    package static var utc: String {
        var text = [CChar](repeating: 0, count: 32)
        cp_utc(&text)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
