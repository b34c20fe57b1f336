import Machine
import Platform
import Text

/// Who runs the machine: chosen once by brand and platform. The raw value is its name in the launch file.
package enum Hypervisor: String, Sendable {
    case bhyve
    /// The QEMU of illumos-kvm, with the options of its time (0.14).
    case classicQEMU = "classic-qemu"
    /// Today's QEMU on Linux, standing in for both brands.
    case modernQEMU = "modern-qemu"

    /// How QEMU on Linux runs the guest's code.
    package enum Accelerator: String, CaseIterable, Sendable {
        /// Translated: works everywhere.
        case tcg
        /// By the CPU's virtualization.
        case kvm
    }

    /// The hypervisor that runs zones of the brand on the platform.
    package init(brand: Brand, platform: HostPlatform) {
        switch (platform, brand) {
        case (.illumos, .bhyve): self = .bhyve
        case (.illumos, .kvm): self = .classicQEMU
        case (.linux, _): self = .modernQEMU
        }
    }

    /// What its folder says of it.
    var traits: HypervisorTraits {
        switch self {
        case .bhyve: .bhyve
        case .classicQEMU: .classicQEMU
        case .modernQEMU: .modernQEMU
        }
    }

    /// Absolute path of its program.
    package var program: String { traits.program }

    /// The file in a zone that holds more variables for the hypervisor's environment.
    package var environmentFile: String { traits.environmentFile }

    /// Seconds that `zoneadm shutdown` waits for the guest when the zone says nothing (attr `shutdown-timeout`).
    package var shutdownLimit: Int { traits.shutdownLimit }

    /// The command that runs the machine, and what the hypervisor refuses or misreads in it. `accelerator` matters to
    /// today's QEMU alone.
    @export(interface)
    package func render(_ machine: Machine, accelerator: Accelerator = .tcg) -> Rendering {
        var findings = Findings(machine)
        traits.check(&findings)
        var writer = ArgumentWriter(findings)
        traits.write(&writer, accelerator)
        let commandLine = CommandLine(
            hypervisor: self, program: program, argv0: "\(program.baseName)-\(machine.zoneName)",
            arguments: writer.arguments,
            secretFile: writer.secret.map { SecretFile(source: $0, hypervisor: self) })
        return Rendering(commandLine: commandLine, diagnostics: writer.findings.diagnostics)
    }
}

/// What a hypervisor made of a machine.
package struct Rendering: Sendable {
    /// The command that runs the machine.
    package let commandLine: CommandLine
    /// What it refuses, misreads, or cannot do as the zone wants it.
    package let diagnostics: [Diagnostic]
}

/// A hypervisor, as its folder describes it.
struct HypervisorTraits {
    let program: String
    let environmentFile: String
    let shutdownLimit: Int
    /// The text of the file that the secret is read from.
    let secretText: (Secret) -> Secret
    /// Reports what it refuses or misreads in the machine.
    let check: (inout Findings) -> Void
    /// Writes the machine's arguments.
    let write: (inout ArgumentWriter, Hypervisor.Accelerator) -> Void
    /// Why it cannot start from the machine's boot ROM; the text is the directory with the host's ROMs.
    let romProblem: (BootROM, BootFirmware, String) -> ValueError?
    /// The file that a zone's UEFI variables start as; the text is the directory with the host's ROMs.
    let variablesTemplate: (String) -> String
}
