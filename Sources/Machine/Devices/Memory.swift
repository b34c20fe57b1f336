import Text
import ZoneConfig

extension Attributes {
    static let ram = Attribute<MemorySize>(
        "ram", "memory", from: .page, elsewhere: ["memory", "mem", "memsize"],
        .of(
            .bhyve, .kvm, default: .usual,
            syntax: "a count with K, M, G or T; a plain one is MiB below 1048576, else bytes", example: "4G",
            parse: MemorySize.init))
    static let memreserve = Attribute<Bool>(
        "memreserve", "switch for memory from bhyve's reservoir", elsewhere: ["reservoir"],
        .of(.bhyve, default: false, syntax: Flag.syntax, example: "on", parse: Flag.parse))
}

/// The machine's memory (attr `ram`).
package struct MemorySize: Equatable, Sendable {
    /// The size in bytes, at least 1.
    package let bytes: UInt64
    /// As written, trimmed.
    package let text: String

    static let mebibyte: UInt64 = 1 << 20
    /// 16 TiB: more than any host has, far below what overflows.
    static let largest: UInt64 = 16 << 40

    /// A count with K, M, G or T in any letter case, or plain: below 1048576 it is MiB, else bytes (`vm_parse_memsize`
    /// of bhyve).
    package init(_ text: String) throws(ValueError) {
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
            throw ValueError("\(text.quoted) is more than 16T", remedy: "use a size that the host has, such as 4G")
        }
        guard bytes >= Self.mebibyte else {
            throw ValueError(
                "\(text.quoted) is less than 1M", remedy: "use at least 1M; most guests need 256M or more")
        }
        self.init(bytes: bytes, text: text)
    }

    private init(bytes: UInt64, text: String) {
        self.bytes = bytes
        self.text = text
    }

    /// What a zone has that says nothing of it.
    static let usual = MemorySize(bytes: 1 << 30, text: "1G")

    /// Whole MiB, rounded up.
    package var mebibytes: UInt64 { (bytes + Self.mebibyte - 1) / Self.mebibyte }

    /// True when the text ends in a unit.
    package var hasUnit: Bool { text.utf8.last.map { !$0.isDigit } ?? false }
}

extension MemorySize: AttributeValue {}

/// Memory set aside for bhyve zones (attr `memreserve`).
package enum Reservoir {
    /// The machine's memory, 16 MiB for the ROM, and 32 MiB for a framebuffer (16 in bhyve before 2024).
    static func bytes(memory: MemorySize, hasScreen: Bool) -> UInt64 {
        memory.bytes + (16 + (hasScreen ? 32 : 0)) * MemorySize.mebibyte
    }

    /// What the zone wants set aside, and what is wrong with the attributes that say so; nothing else is looked at.
    @export(interface)
    package static func read(_ zone: ZoneConfiguration) -> (bytes: UInt64?, diagnostics: [Diagnostic]) {
        var settings = Settings(zone, brand: .bhyve)
        guard settings.read(Attributes.memreserve, otherwise: false).value else { return (nil, settings.diagnostics) }
        let memory = settings.read(Attributes.ram, otherwise: .usual).value
        let screen = settings.read(Attributes.vnc, otherwise: nil).value
        guard !settings.diagnostics.hasErrors else { return (nil, settings.diagnostics) }
        return (bytes(memory: memory, hasScreen: screen != nil), settings.diagnostics)
    }
}

extension Machine {
    /// Bytes the zone must hold in bhyve's reservoir; `nil` when it takes its memory elsewhere.
    package var reservoirBytes: UInt64? {
        reservoir.value ? Reservoir.bytes(memory: memory.value, hasScreen: screen != nil) : nil
    }
}

extension MachineBuilder {
    mutating func memory() -> Sourced<MemorySize> {
        settings.read(Attributes.ram, otherwise: .usual)
    }

    mutating func reservoir() -> Sourced<Bool> {
        settings.read(Attributes.memreserve, otherwise: false)
    }
}
