import Platform
import ZoneConfig

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
