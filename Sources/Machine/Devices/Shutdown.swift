import ZoneConfig

extension Attributes {
    static let shutdownTimeout = Attribute<Int>(
        "shutdown-timeout", "seconds a guest has to power off", from: .ours, isOption: false,
        elsewhere: ["stop_timeout"],
        .of(
            .bhyve, .kvm, effect: .elsewhere("how long shutdown and a halt wait for the guest"),
            syntax: "seconds, 0 to 86400", example: "120", parse: Seconds.parse))
}

/// What stopping a zone has to know of its attributes: read leniently, since a zone must be able to stop whatever its
/// configuration says by then.
package struct StopSettings: Equatable, Sendable {
    /// Seconds to wait for the guest, when the zone says so.
    package let shutdownTimeout: Int?
    /// bhyve's instance stays (`debug.persist`).
    package let persists: Bool
    /// Paths in the zone at which its hypervisor listens.
    package let sockets: [String]

    /// Without a configuration, the brand's usual ones.
    package init(_ zone: ZoneConfiguration?, brand: Brand) {
        var sockets = [VNCServer.defaultSocket]
        guard let zone else {
            (shutdownTimeout, persists, self.sockets) = (nil, false, sockets)
            return
        }
        var settings = Settings(zone, brand: brand)
        shutdownTimeout = settings.read(Attributes.shutdownTimeout)?.value
        persists = settings.read(Attributes.debugPersist, otherwise: false).value
        if case .unix(let path) = settings.read(Attributes.vnc, otherwise: nil).value?.listener { sockets.append(path) }
        let ports = [settings.read(Attributes.console)?.value] + settings.read(Attributes.com).map { $0.setting.value }
        for case .socket(let path, _)? in ports { sockets.append(path) }
        self.sockets = sockets
    }
}
