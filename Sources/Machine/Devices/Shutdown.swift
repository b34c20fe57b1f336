import Platform
import ZoneConfig

/// What stopping a zone has to know of its attributes: read leniently, since a zone must be able to stop whatever its
/// configuration says by then.
public struct StopSettings: Equatable, Sendable {
    /// Seconds to wait for the guest, when the zone says so.
    public let shutdownTimeout: Int?
    /// bhyve's instance stays (`debug.persist`).
    public let persists: Bool
    /// Paths in the zone at which its hypervisor listens.
    public let sockets: [String]

    /// Without a configuration, the brand's usual ones.
    public init(_ zone: ZoneConfiguration?, brand: Brand) {
        let settings = zone.map {
            SettingsReader($0, brand: brand, only: [.shutdownTimeout, .debugPersist, .vnc, .console, .com]).settings
        }
        let singles = settings?.singles ?? [:]
        shutdownTimeout = if case .seconds(let seconds) = singles[.shutdownTimeout]?.value { seconds } else { nil }
        persists = singles[.debugPersist]?.value == .flag(true)

        var sockets = [VNCServer.defaultSocket]
        if case .vnc(let server?) = singles[.vnc]?.value, case .unix(let path) = server.listener {
            sockets.append(path)
        }
        let ports = [singles[.console]?.value] + (settings?.lists[.com] ?? []).map { $0.setting.value }
        for case .serial(.socket(let path, _)) in ports { sockets.append(path) }
        self.sockets = sockets
    }
}

extension MachineBuilder {
    func shutdownTimeout() -> Sourced<Int>? {
        guard let setting = settings.singles[.shutdownTimeout], case .seconds(let seconds) = setting.value else {
            return nil
        }
        return setting.sourced(seconds)
    }
}
