import Machine
import Text

/// Collects the arguments of one command line.
struct ArgumentWriter {
    let machine: Machine
    private(set) var arguments: [Argument] = []
    private(set) var findings: Findings
    /// What the hypervisor reads from a file, when there is something.
    var secret: SecretSource?

    /// `findings` is what is known of the machine before.
    init(_ findings: Findings) {
        self.findings = findings
        machine = findings.machine
    }

    mutating func add(_ words: String..., for purpose: String, from origins: Origin...) {
        arguments.append(Argument(words, purpose, origins))
    }

    mutating func add(words: [String], for purpose: String, from origins: [Origin]) {
        arguments.append(Argument(words, purpose, origins))
    }

    mutating func report(_ severity: Diagnostic.Severity, _ origin: Origin, _ message: String, _ remedy: String) {
        findings.report(severity, origin, message, remedy)
    }
}

extension Drive {
    /// What `-e` calls it.
    var purpose: String {
        for (stem, noun) in [("cdrom", "CD-ROM "), ("disk", "disk ")] {
            if let number = name.dropping(prefix: stem) { return noun + number }
        }
        return "boot disk"
    }
}
