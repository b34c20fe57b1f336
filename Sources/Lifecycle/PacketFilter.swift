import Platform
import Text

/// The zone's packet filter, kept by the global zone where the zone cannot change it (ipf(8) `-G`).
struct PacketFilter {
    private let hook: Hook

    init(_ hook: Hook) {
        self.hook = hook
    }

    /// Loads the rules in ZONEPATH/etc or ZONEPATH/config; without any, the filter is left alone.
    func load() throws(Failure) {
        guard hook.platform == .illumos else { return }
        let zone = hook.zone
        let (filter, filter6, translation) = (file("ipf.conf"), file("ipf6.conf"), file("ipnat.conf"))
        guard filter != nil || filter6 != nil || translation != nil else { return }
        try ipf(["-GE", zone])
        try ipf(["-GFa", zone])
        try ipf(["-6GFa", zone])
        try hook.commands.run("/usr/sbin/ipnat", ["-CF", "-G", zone])
        if let filter { try ipf(["-Gf", filter, zone]) }
        if let filter6 { try ipf(["-6Gf", filter6, zone]) }
        if let translation { try hook.commands.run("/usr/sbin/ipnat", ["-G", zone, "-f", translation]) }
        try ipf(["-Gy", zone])
        hook.log.write("loaded the packet filter")
    }

    private func ipf(_ arguments: [String]) throws(Failure) {
        try hook.commands.run("/usr/sbin/ipf", arguments)
    }

    private func file(_ name: String) -> String? {
        ["etc", "config"].map { (hook.zonepath ?? "") + "/\($0)/\(name)" }.first { HostFiles.exists($0) }
    }
}
