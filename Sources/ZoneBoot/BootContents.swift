import CloudInit
import Hypervisors
import Machine
import Platform
import Text
import ZoneConfig

/// What the files hold that a boot writes, as far as that is more than the command line: read and made before anything is
/// written, secrets among it.
struct BootContents {
    /// Variables that a file in the zone root adds to the hypervisor's environment.
    let environment: ExtraEnvironment
    /// The screen's password, when there is one.
    let secret: ScreenSecret
    /// The UEFI variables, with the boot order in them.
    let variables: ZoneVariables
    /// What cloud-init in the guest is told, when it is told by a seed.
    let seed: Seed?
    /// What is wrong with any of them.
    let diagnostics: [Diagnostic]

    /// Reads them. Without a template the UEFI variables are left alone.
    init(
        _ zone: ZoneConfiguration, _ machine: Machine, _ commandLine: CommandLine, variablesTemplate: String?
    ) {
        environment = Self.environment(zone, commandLine.hypervisor)
        secret = commandLine.secretFile.map { ScreenSecret($0, machine) } ?? ScreenSecret()
        variables = variablesTemplate.map { ZoneVariables(zone, machine, template: $0) } ?? ZoneVariables()
        let made = machine.hasSeed ? Seed.make(machine) : nil
        seed = made?.seed
        diagnostics =
            environment.warnings + secret.diagnostics + variables.diagnostics + (made?.diagnostics ?? [])
    }

    private static func environment(_ zone: ZoneConfiguration, _ hypervisor: Hypervisor) -> ExtraEnvironment {
        guard let root = zone.zoneroot.flatMap({ try? RootedDirectory($0) }) else { return ExtraEnvironment() }
        return ExtraEnvironment.read(from: root, for: hypervisor)
    }
}
