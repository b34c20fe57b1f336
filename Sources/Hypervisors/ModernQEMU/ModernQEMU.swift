import Machine
import Platform
import Text

extension HypervisorTraits {
    /// Today's QEMU on Linux. Its secret is the file's whole text.
    static var modernQEMU: HypervisorTraits {
        HypervisorTraits(
            program: "/usr/bin/qemu-system-x86_64", environmentFile: "/etc/qemu.env", shutdownLimit: 60,
            secretText: { $0 }, check: { $0.checkModernQEMU() },
            write: { writer, accelerator in writer.writeModernQEMU(accelerator) },
            romProblem: { rom, firmware, _ in
                StandInFirmware.problem(rom, keepsVariables: firmware.keepsVariables)
            },
            variablesTemplate: { _ in StandInFirmware.variables })
    }
}
