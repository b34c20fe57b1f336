import Text

/// What tells most names apart at a glance: the length, and which letters there are. Case does not matter.
struct NameShape: Equatable, Sendable {
    let count: Int
    /// A bit for each letter that is in the name; other bytes share those that are left.
    private let letters: UInt64

    init(_ name: some Sequence<UInt8>) {
        var (count, letters) = (0, UInt64(0))
        for byte in name {
            count += 1
            let lower = byte.lowercasedASCII
            letters |= 1 << UInt64((0x61...0x7a).contains(lower) ? lower - 0x61 : 26 + lower % 38)
        }
        (self.count, self.letters) = (count, letters)
    }

    /// How many edits a name may be away from another one that may have been meant: two, but no more than a third of it.
    var tolerance: Int { min(2, count / 3) }

    /// False when surely more edits lead to the other name. An edit adds one letter at most, and takes one away.
    func mayBe(within edits: Int, of other: NameShape) -> Bool {
        abs(count - other.count) <= edits && Self.hasBits(letters & ~other.letters, atMost: edits)
            && Self.hasBits(other.letters & ~letters, atMost: edits)
    }

    private static func hasBits(_ bits: UInt64, atMost count: Int) -> Bool {
        var rest = bits
        for _ in 0..<count { rest &= rest &- 1 }
        return rest == 0
    }
}
