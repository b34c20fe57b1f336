import Machine
import Text

/// Whether the boot ROM a machine names is there.
package struct BootROMLookup {
    let hypervisor: Hypervisor
    /// Where the host's ROMs are looked for; what the hypervisor is told names ``BootROM/directory`` all the same.
    let directory: String

    /// `directory` is `-F DIR`, else the host's own.
    package init(_ hypervisor: Hypervisor, directory: String? = nil) {
        self.hypervisor = hypervisor
        self.directory = directory ?? BootROM.directory
    }

    /// The file that a zone's UEFI variables start as.
    package var variablesTemplate: String { hypervisor.traits.variablesTemplate(directory) }

    /// What is wrong with the machine's ROM, if anything is.
    @export(interface)
    package func diagnostics(_ machine: Machine) -> [Diagnostic] {
        guard let rom = machine.firmware.rom,
            let problem = hypervisor.traits.romProblem(rom.value, machine.firmware, directory)
        else { return [] }
        return [
            Diagnostic(
                .error, file: machine.file, line: rom.origin.line, attribute: "bootrom",
                message: "attr \"bootrom\": \(problem.message)", remedy: [problem.remedy])
        ]
    }
}
