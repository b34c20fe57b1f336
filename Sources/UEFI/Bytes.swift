/// Little-endian numbers, read and written within bounds.
extension Array where Element == UInt8 {
    /// The number of this width at an offset; `nil` when it does not lie within the bytes.
    func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type, at offset: Int) -> Number? {
        let width = Number.bitWidth / 8
        guard offset >= 0, offset <= count - width else { return nil }
        var value: Number = 0
        for index in (0..<width).reversed() { value = value << 8 | Number(self[offset + index]) }
        return value
    }

    /// Adds a number.
    mutating func append<Number: FixedWidthInteger & UnsignedInteger>(number: Number) {
        for index in 0..<Number.bitWidth / 8 { append(UInt8(truncatingIfNeeded: number >> Number(8 * index))) }
    }

    /// The 16-bit units of all bytes; an odd last byte is left out.
    var units: [UInt16] { stride(from: 0, to: count - 1, by: 2).map { UInt16(self[$0]) | UInt16(self[$0 + 1]) << 8 } }

    /// The bytes of 16-bit units.
    init(units: [UInt16]) {
        self = []
        for unit in units { append(number: unit) }
    }
}

extension String {
    /// The text of UTF-16 units, up to a NUL; what is not UTF-16 shows as U+FFFD.
    init(units: some Sequence<UInt16>) {
        self = String(decoding: Array(units.prefix { $0 != 0 }), as: UTF16.self)
    }
}
