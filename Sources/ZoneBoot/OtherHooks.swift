import Hypervisors
import Machine
import Platform
import Text

/// A zone that OmniOS' own hooks booted, and that ours were laid over since: a guest's reset starts our init in it, and
/// `zoneadm shutdown` our shutdown. Its root holds what those hooks left there.
package enum OtherHooks {
    /// The configuration that they leave for bhyve.
    private static let configuration = "/etc/bhyve.cfg"

    /// What a boot of ours removes from the zone root: theirs, and what ours left there before `/hvm` was.
    static let leftovers = [configuration, "/etc/launch", "/etc/qemu.secret"]

    /// Where they keep what they make a seed for cloud-init of, a password included.
    package static let seedDirectory = "/cloud-init"

    /// The command that their init runs: bhyve with the configuration they left, which must be a file of root's. Throws
    /// where there is none: a kvm zone's command is in nothing that they leave.
    package static func launch(
        _ root: borrowing RootedDirectory, zone: String
    ) throws(Failure) -> (file: LaunchFile, warnings: [Diagnostic]) {
        let found: FileStatus?
        do {
            found = try root.status(configuration)
        } catch {
            throw Failure(error, remedy: remedy(zone))
        }
        guard let found, found.kind == .regular, found.owner == 0 else {
            throw Failure(
                "other hooks than these booted the zone, and "
                    + (found == nil ? "left no \(configuration)" : "\(configuration) is not a file of root's"),
                remedy: remedy(zone))
        }
        let environment = ExtraEnvironment.read(from: root, for: .bhyve)
        let file = LaunchFile(
            hypervisor: .bhyve, program: Hypervisor.bhyve.program, argv0: "bhyve-\(zone)",
            environment: environment.variables, arguments: ["-k", configuration])
        return (file, environment.warnings)
    }

    private static func remedy(_ zone: String) -> String { "boot it with these: zoneadm -z \(zone) reboot" }

    /// Who runs in the zone: QEMU where its monitor is, else bhyve.
    package static func hypervisor(_ root: borrowing RootedDirectory, platform: HostPlatform) -> Hypervisor {
        let monitor = try? root.status(QEMUPaths.monitor)
        return Hypervisor(brand: monitor?.kind == .socket ? .kvm : .bhyve, platform: platform)
    }
}
