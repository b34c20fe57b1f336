/// Sizes as zfs(8) takes them.
enum ByteCount {
    /// The bytes that `30G`, `512M` or a plain number stands for; `nil` for anything else, and for more than fit.
    static func read(_ text: String) -> UInt64? {
        let units: [Character: UInt64] = ["k": 10, "m": 20, "g": 30, "t": 40]
        var number = text.lowercased()
        if number.hasSuffix("b") { number.removeLast() }
        guard let last = number.last else { return nil }
        guard let shift = units[last] else { return UInt64(number) }
        guard let count = UInt64(number.dropLast()), count < 1 << (63 - shift) else { return nil }
        return count << shift
    }
}
