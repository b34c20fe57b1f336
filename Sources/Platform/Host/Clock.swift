import CPlatform

/// Time, for limits and for logs.
package enum Clock {
    /// The time since some moment that stays the same while the program runs.
    package static var now: Duration { .milliseconds(cp_milliseconds()) }

    /// Does nothing for this long, or until a signal comes.
    package static func sleep(_ time: Duration) {
        cp_sleep(time.milliseconds)
    }

    /// The present time, `2026-11-22T13:47:00Z`.
    package static var utc: String {
        var text = [CChar](repeating: 0, count: 32)
        cp_utc(&text)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension Duration {
    /// Whole milliseconds, as calls take them that wait: none for a time that has passed, 24 days at most.
    package var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        guard seconds < 86400 * 24 else { return Int32.max }
        return Int32(clamping: max(0, seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }

    /// `60 s`, rounded.
    package var text: String {
        let (seconds, attoseconds) = components
        return "\(Int(seconds) + (attoseconds >= 500_000_000_000_000_000 ? 1 : 0)) s"
    }
}
