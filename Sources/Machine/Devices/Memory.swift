import Platform
import ZoneConfig

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

/// Memory set aside for bhyve zones (attr `memreserve`).
public enum Reservoir {
    /// The machine's memory, 16 MiB for the ROM, and 32 MiB for a framebuffer (16 in bhyve before 2024).
    static func bytes(memory: MemorySize, hasScreen: Bool) -> UInt64 {
        memory.bytes + (16 + (hasScreen ? 32 : 0)) * MemorySize.mebibyte
    }

    /// What the zone wants set aside, and what is wrong with the attributes that say so; nothing else is looked at.
    @export(interface)
    public static func read(_ zone: ZoneConfiguration) -> (bytes: UInt64?, diagnostics: [Diagnostic]) {
        let wanted = SettingsReader(zone, brand: .bhyve, only: [.memreserve])
        guard wanted.settings.singles[.memreserve]?.value == .flag(true) else { return (nil, wanted.diagnostics) }
        let reader = SettingsReader(zone, brand: .bhyve, only: [.memreserve, .ram, .vnc])
        let singles = reader.settings.singles
        guard !reader.diagnostics.hasErrors, case .size(let memory) = singles[.ram]?.value,
            case .vnc(let screen) = singles[.vnc]?.value
        else { return (nil, reader.diagnostics) }
        return (bytes(memory: memory, hasScreen: screen != nil), reader.diagnostics)
    }
}

extension MachineBuilder {
    func memory() -> Sourced<MemorySize> {
        guard let setting = settings.singles[.ram], case .size(let size) = setting.value else {
            preconditionFailure("the attribute table has no default for ram")
        }
        return setting.sourced(size)
    }
}
