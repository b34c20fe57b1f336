import Machine
import Platform
import Text

extension HypervisorTraits {
    /// bhyve(8) of illumos.
    static var bhyve: HypervisorTraits {
        HypervisorTraits(
            program: "/usr/sbin/bhyve", environmentFile: "/etc/bhyve.env", shutdownLimit: 300,
            secretText: BhyveSecret.text, check: { $0.checkBhyve() }, write: { writer, _ in writer.writeBhyve() },
            romProblem: { rom, _, directory in BhyveFirmware.problem(rom, in: directory) },
            variablesTemplate: BhyveFirmware.variablesTemplate)
    }
}

/// The file that `-k` names: a line of bhyve's configuration with the screen's password.
enum BhyveSecret {
    static func text(_ password: Secret) -> Secret {
        let place = "pci.0.\(Screen.place.slot.number).\(Screen.place.function.number)"
        return Secret("\(place).password=\(password.revealed.escapedForBhyve)\n")
    }
}
