import Platform
import Text

/// What zoneadm(8) says a zone does now. The index of zones does not say whether one runs.
package enum ZoneState {
    /// Throws when the zone is anything but halted: its files may be in use then. A host without zoneadm has no zones that
    /// run.
    package static func checkIsHalted(
        _ zone: String, _ platform: HostPlatform, _ commands: HostCommands
    ) throws(Failure) {
        guard platform == .illumos || HostFiles.exists(commands.path("/usr/sbin/zoneadm")) else { return }
        let line = try commands.run("/usr/sbin/zoneadm", ["-z", zone, "list", "-p"]).trimmed
        let fields = line.pieces(separator: ":")
        let state = fields.count > 2 ? fields[2] : line
        guard ["configured", "incomplete", "installed"].contains(state) else {
            throw Failure("the zone is \(state)", remedy: "halt it first: zoneadm -z \(zone) halt")
        }
    }
}
