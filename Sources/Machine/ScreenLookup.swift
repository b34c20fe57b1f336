import Platform
import ZoneConfig

/// Where a zone's screen is to be found, as its configuration says.
public enum ScreenLookup: Equatable, Sendable {
    /// At this socket in the zone.
    case socket(String)
    /// The hypervisor listens on TCP itself.
    case tcp(String)
    /// There is none.
    case off

    /// Throws the diagnostic of an attribute that cannot be understood.
    public static func read(_ zone: ZoneConfiguration, brand: Brand) throws(ZoneReadError) -> ScreenLookup {
        let reader = SettingsReader(zone, brand: brand, only: [.vnc])
        if let problem = reader.diagnostics.first(where: { $0.severity == .error }) {
            throw ZoneReadError(diagnostic: problem)
        }
        guard case .vnc(let server?) = reader.settings.singles[.vnc]?.value else { return .off }
        switch server.listener {
        case .unix(let path): return .socket(path)
        case .tcp(_, let address), .display(let address): return .tcp(address)
        }
    }
}
