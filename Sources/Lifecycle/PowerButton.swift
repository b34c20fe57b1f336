import Hypervisors
import Platform
import Text

/// The memory of a power button that was pressed, in a zone's `/tmp/vm.asked`: the hypervisor's process and the time, in one
/// line. Some guests, illumos among them, take a second press for "stay on after all", so whoever stops the machine presses
/// once for all.
///
///     17.1763819220.117 2026-11-22T13:47:00Z
///
/// The file is the hostile zone's. The worst that a lie does is that nobody presses, and the guest is forced off at the limit.
struct PowerButton {
    /// The zone's root.
    let zoneroot: String

    /// Where it lies in the zone.
    static let path = "/tmp/vm.asked"
    /// More than a line that is written here takes.
    private static let sizeLimit = 256

    /// When the button of this very hypervisor was pressed; `nil` when it was not, as far as is known.
    func pressed(_ running: RunningHypervisor) -> String? {
        guard let identity = running.identity, let root = try? RootedDirectory(zoneroot),
            let bytes = try? root.read(Self.path, limit: Self.sizeLimit)
        else { return nil }
        let (process, time) = String(decoding: bytes, as: UTF8.self).trimmed.splitOnce(at: " ")
        guard process == identity, let time else { return nil }
        return time.printable.cut(to: 20)
    }

    /// Remembers that it was pressed now. Throws where that cannot be; then the next one may press again.
    func remember(_ running: RunningHypervisor) throws(SystemError) {
        guard let identity = running.identity else {
            throw SystemError(
                "remember that the guest was asked", reason: "the hypervisor's process is not to be known again")
        }
        let line = "\(identity) \(Clock.utc)\n"
        try RootedDirectory(zoneroot).replaceFile(Self.path, with: Array(line.utf8), mode: 0o600)
    }
}
