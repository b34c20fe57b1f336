import Machine
import Platform
import Text

extension HypervisorTraits {
    /// The QEMU of illumos-kvm. It reads no secret from a file, and brings its own BIOS.
    static var classicQEMU: HypervisorTraits {
        HypervisorTraits(
            program: "/usr/bin/qemu-system-x86_64", environmentFile: "/etc/qemu.env", shutdownLimit: 60,
            secretText: { $0 }, check: { $0.checkClassicQEMU() }, write: { writer, _ in writer.writeClassicQEMU() },
            romProblem: { _, _, _ in nil }, variablesTemplate: { $0 })
    }
}
