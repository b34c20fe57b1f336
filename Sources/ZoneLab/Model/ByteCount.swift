import Foundation

/// Sizes as zfs(8) takes and prints them.
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

    /// As zfs(8) prints it: at most three digits that count, and a unit, such as `30.9G`; exactly when the unit divides it.
    static func text(_ count: UInt64) -> String {
        let units = Array("BKMGTPE")
        var unit = 0
        while unit + 1 < units.count, count >> (10 * UInt64(unit)) >= 1024 { unit += 1 }
        let name = unit == 0 ? "" : String(units[unit])
        let whole = count >> (10 * UInt64(unit))
        if whole << (10 * UInt64(unit)) == count { return "\(whole)\(name)" }
        let number = Double(count) / Double(UInt64(1) << (10 * UInt64(unit)))
        let digits = whole < 10 ? 2 : whole < 100 ? 1 : 0
        return String(format: "%.\(digits)f", number) + name
    }
}
