import Machine
import Platform

/// Collects the arguments of one command line.
struct ArgumentWriter {
    let machine: Machine
    private(set) var arguments: [Argument] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// What the hypervisor reads from a file, when there is something.
    var secret: SecretSource?

    init(_ machine: Machine) {
        self.machine = machine
    }

    mutating func add(_ words: String..., for purpose: String, from origins: Origin...) {
        arguments.append(Argument(words, purpose, origins))
    }

    mutating func add(words: [String], for purpose: String, from origins: [Origin]) {
        arguments.append(Argument(words, purpose, origins))
    }

    mutating func report(_ severity: Diagnostic.Severity, _ origin: Origin, _ message: String, _ remedy: String) {
        let name = if case .attribute(let name, _) = origin { "attr \"" + name + "\": " } else { "" }
        diagnostics.append(
            Diagnostic(severity, file: machine.file, line: origin.line, message: name + message, remedy: [remedy]))
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
