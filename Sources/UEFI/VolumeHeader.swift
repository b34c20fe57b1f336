import Text

/// The headers in front of the variables: EFI_FIRMWARE_VOLUME_HEADER (PI 1.7, volume 3, §3.2.1) and EDK II's
/// VARIABLE_STORE_HEADER. They say where the variables lie.
struct VolumeHeader: Equatable, Sendable {
    /// Where variables can lie, in the file.
    let variables: Range<Int>

    private static let signature: UInt32 = 0x4856_465f
    /// The bytes of the fixed part; the block map follows.
    private static let fixedSize = 56
    /// The attribute that says that erased bits are ones.
    private static let erasesToOnes: UInt32 = 0x800
    private static let storeHeaderSize = 28
    private static let formatted: UInt8 = 0x5a
    private static let healthy: UInt8 = 0xfe

    init(_ bytes: [UInt8]) throws(ValueError) {
        let volume = try Self.volume(bytes)
        variables = try Self.store(bytes, volume)
    }

    /// Where the volume's content lies.
    private static func volume(_ bytes: [UInt8]) throws(ValueError) -> Range<Int> {
        guard let signature = bytes.number(UInt32.self, at: 40), signature == Self.signature else {
            throw ValueError("it is not a firmware volume: there is no _FVH", at: 40)
        }
        guard GUID(bytes, at: 16) == .variableVolume else {
            throw ValueError("the firmware volume is not one of variables", at: 16)
        }
        guard let length = bytes.number(UInt64.self, at: 32), length <= UInt64(bytes.count) else {
            throw ValueError("the firmware volume is longer than the file", at: 32)
        }
        guard let attributes = bytes.number(UInt32.self, at: 44), attributes & erasesToOnes != 0 else {
            throw ValueError("the firmware volume does not erase to ones", at: 44)
        }
        guard let size = bytes.number(UInt16.self, at: 48), size % 2 == 0, Int(size) >= fixedSize + 8,
            UInt64(size) <= length
        else { throw ValueError("the header of the firmware volume has an impossible length", at: 48) }
        let sum = Array(bytes[0..<Int(size)]).units.reduce(UInt16(0)) { $0 &+ $1 }
        guard sum == 0 else { throw ValueError("the checksum of the firmware volume is wrong", at: 50) }
        guard try blocks(bytes, end: Int(size)) == length else {
            throw ValueError("the blocks of the firmware volume do not add up to its length", at: fixedSize)
        }
        return Int(size)..<Int(length)
    }

    /// The bytes in all blocks of the block map, which ends with zeros.
    private static func blocks(_ bytes: [UInt8], end: Int) throws(ValueError) -> UInt64 {
        var total: UInt64 = 0
        var offset = fixedSize
        while offset + 8 <= end {
            let count = bytes.number(UInt32.self, at: offset) ?? 0
            let length = bytes.number(UInt32.self, at: offset + 4) ?? 0
            if count == 0 && length == 0 { return total }
            // No more than 2^64 - 2^33 + 1, so the sum may run over but the product does not.
            total = total.addingReportingOverflow(UInt64(count) * UInt64(length)).partialValue
            offset += 8
        }
        throw ValueError("the block map of the firmware volume has no end", at: fixedSize)
    }

    private static func store(_ bytes: [UInt8], _ volume: Range<Int>) throws(ValueError) -> Range<Int> {
        let start = volume.lowerBound
        guard start + storeHeaderSize <= volume.upperBound else {
            throw ValueError("the firmware volume has no room for a variable store", at: start)
        }
        guard GUID(bytes, at: start) == .authenticatedStore else {
            throw ValueError("it is not an authenticated variable store", at: start)
        }
        guard let size = bytes.number(UInt32.self, at: start + 16), Int(size) >= storeHeaderSize,
            Int(size) <= volume.count
        else { throw ValueError("the variable store has an impossible size", at: start + 16) }
        guard bytes[start + 20] == formatted else {
            throw ValueError("the variable store is not formatted", at: start + 20)
        }
        guard bytes[start + 21] == healthy else {
            throw ValueError("the variable store is not healthy", at: start + 21)
        }
        let first = (start + storeHeaderSize).aligned
        return first..<max(first, start + Int(size))
    }
}
