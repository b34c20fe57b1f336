/// Sizes and times as people read them.
extension UInt64 {
    /// Bytes in the largest unit that has at least one of them: `384 MiB`, `1.5 GiB`.
    package var bytesText: String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"]
        var (unit, whole, tenths) = (0, self, UInt64(0))
        while whole >= 1024, unit < units.count - 1 {
            tenths = whole % 1024 * 10 / 1024
            whole /= 1024
            unit += 1
        }
        return String(whole) + (tenths > 0 ? "." + String(tenths) : "") + " " + units[unit]
    }
}

extension Int {
    /// Seconds in the two largest units that they fill: `3 d 4 h`, `12 min 5 s`.
    package var secondsText: String {
        let units = [("d", 86400), ("h", 3600), ("min", 60), ("s", 1)]
        guard let first = units.firstIndex(where: { self >= $0.1 }) else { return "0 s" }
        var parts = ["\(self / units[first].1) \(units[first].0)"]
        if first + 1 < units.count {
            let rest = self % units[first].1 / units[first + 1].1
            if rest > 0 { parts.append("\(rest) \(units[first + 1].0)") }
        }
        return parts.joined(separator: " ")
    }
}

extension String {
    /// Seconds since 1970 of a time in UTC as logs have it, `2026-11-22T13:47:00Z`; `nil` for anything else.
    package var utcSeconds: Int? {
        let bytes = Array(utf8)
        guard bytes.count == 20, bytes[19] == UInt8(ascii: "Z") else { return nil }
        let marks: [(Int, Unicode.Scalar)] = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")]
        guard marks.allSatisfy({ bytes[$0.0] == UInt8(ascii: $0.1) }) else { return nil }
        func number(_ range: Range<Int>, _ limits: ClosedRange<Int>) -> Int? {
            String(decoding: bytes[range], as: UTF8.self).decimal(in: limits)
        }
        guard let year = number(0..<4, 1970...9999), let month = number(5..<7, 1...12),
            let day = number(8..<10, 1...31),
            let hour = number(11..<13, 0...23), let minute = number(14..<16, 0...59),
            let second = number(17..<19, 0...60)
        else { return nil }
        // Years from March on, so that a leap day is the last of its year.
        let (shifted, place) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + (place * 153 + 2) / 5 + day - 1
        return (days - 719_468) * 86400 + hour * 3600 + minute * 60 + second
    }

    /// The one of some names that was most likely meant by this one; `nil` when none is near.
    package func nearest(among names: [String]) -> String? {
        let tolerance = Swift.min(2, Swift.max(1, utf8.count / 3))
        let wanted = lowercasedASCII
        let found = names.compactMap { name in
            wanted.editDistance(to: name, atMost: tolerance).map { (name: name, distance: $0) }
        }
        return found.min { $0.distance < $1.distance }?.name
    }
}

extension Int {
    /// A count with its noun: `1 disk`, `2 disks`.
    package func of(_ noun: String) -> String { "\(self) \(noun)" + (self == 1 ? "" : "s") }
}
