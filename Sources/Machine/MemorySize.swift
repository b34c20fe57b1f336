import Platform

/// The machine's memory (attr `ram`).
public struct MemorySize: Equatable, Sendable {
    public let bytes: UInt64
    /// As written, trimmed.
    public let text: String

    static let mebibyte: UInt64 = 1 << 20
    /// 16 TiB: more than any host has, far below what overflows.
    static let largest: UInt64 = 16 << 40

    /// A count with K, M, G or T in any letter case, or plain: below 1048576 it is MiB, else bytes (`vm_parse_memsize`
    /// of bhyve).
    public init(_ text: String) throws(ValueError) {
        var digits = text
        let shift: UInt64
        switch text.last {
        case "k", "K": shift = 10
        case "m", "M": shift = 20
        case "g", "G": shift = 30
        case "t", "T": shift = 40
        default: shift = 0
        }
        if shift != 0 { digits.removeLast() }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0.isDigit }) else {
            throw ValueError(text, isNot: "a size", remedy: "use a number with K, M, G or T, such as 4G")
        }
        let unit = shift == 0 && (UInt64(digits) ?? .max) < Self.mebibyte ? Self.mebibyte : 1 << shift
        guard let count = UInt64(digits), case (let bytes, false) = count.multipliedReportingOverflow(by: unit),
            bytes <= Self.largest
        else {
            throw ValueError("\"" + text + "\" is more than 16T", remedy: "use a size that the host has, such as 4G")
        }
        guard bytes >= Self.mebibyte else {
            throw ValueError(
                "\"" + text + "\" is less than 1M", remedy: "use at least 1M; most guests need 256M or more")
        }
        self.bytes = bytes
        self.text = text
    }

    /// Whole MiB, rounded up.
    public var mebibytes: UInt64 { (bytes + Self.mebibyte - 1) / Self.mebibyte }

    /// True when the text ends in a unit.
    public var hasUnit: Bool { text.utf8.last.map { !$0.isDigit } ?? false }
}
