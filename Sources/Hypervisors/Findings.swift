import Machine
import Text

/// What a hypervisor refuses, misreads or cannot do in a machine: found before anything starts. Each hypervisor's folder
/// holds its limits, as functions that look at the machine and report.
struct Findings {
    let machine: Machine
    private(set) var diagnostics: [Diagnostic] = []

    init(_ machine: Machine) {
        self.machine = machine
    }

    /// Adds a diagnostic, at the line of the origin. What several devices have from one attribute is told once.
    mutating func report(_ severity: Diagnostic.Severity, _ origin: Origin, _ message: String, _ remedy: String) {
        let found = Diagnostic(
            severity, file: machine.file, line: origin.line, attribute: origin.attribute,
            message: origin.prefix + message, remedy: [remedy])
        if !diagnostics.contains(found) { diagnostics.append(found) }
    }
}

// MARK: What more than one hypervisor checks

extension Findings {
    /// A disk's interface must be one of these; `owner` has them.
    mutating func checkInterface(of drive: Drive, among interfaces: [String], of owner: String) {
        let interface = drive.interface
        guard !interfaces.contains(interface.value) else { return }
        report(
            .error, interface.origin, "\(interface.value.quoted) is not a disk interface of \(owner)",
            "use " + list(interfaces, "or") + "; letter case counts")
    }

    /// A NIC's model must be one of these; `owner` has them.
    mutating func checkModel(of nic: NIC, among models: [String], of owner: String) {
        let model = nic.model
        guard !models.contains(model.value) else { return }
        let isItsOwn = if case .netAttribute = model.origin { true } else { false }
        report(
            .error, model.origin,
            (isItsOwn ? nic.place("netif") : "") + "\(model.value.quoted) is not a NIC of \(owner)",
            "use " + list(models, "or") + "; letter case counts")
    }
}

// MARK: What the zone gives as it is

extension Findings {
    /// What follows each such option: in the next word or, where options are letters (getopt(3)), in the same.
    func values(of option: String, in words: [String], areLetters: Bool) -> [String] {
        words.indices.compactMap { index in
            guard let value = words[index].dropping(prefix: option), areLetters || value.isEmpty else { return nil }
            return value.isEmpty ? (index + 1 < words.count ? words[index + 1] : nil) : value
        }
    }

    /// An option that says again what an attribute says: of the two the hypervisor takes the last, which `boot -e` shows.
    mutating func checkRivals(
        _ extra: Sourced<[String]>, _ rivals: [(option: String, attribute: String)], areLetters: Bool
    ) {
        for (option, attribute) in rivals {
            guard let value = values(of: option, in: extra.value, areLetters: areLetters).first else { continue }
            report(
                .warning, extra.origin, "\("\(option) \(value)".quoted) fights the attr \(attribute)",
                "set the attr \(attribute) instead")
        }
    }
}

extension NIC {
    /// How messages begin that are about one of its properties.
    func place(_ property: String) -> String {
        "net \(link.value.quoted), property \(property.quoted): "
    }
}
