import Hypervisors
import Machine
import Testing
import TestSupport
import Text
import ZoneConfig

let someUUID = "8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11"

/// What a hypervisor makes of a zone with these attrs, one a line from line 2, and these NICs, one a line from line 100.
struct Rendered {
    let machine: Machine
    let commandLine: CommandLine
    let diagnostics: [Diagnostic]

    init(
        _ hypervisor: Hypervisor, _ attributes: [(String, String)] = [], nics: [String] = [], brand: Brand? = nil,
        name: String = "vm", accelerator: Hypervisor.Accelerator = .tcg
    ) throws {
        let brand = brand ?? (hypervisor == .classicQEMU ? .kvm : .bhyve)
        let attrs = attributes.map { name, value in
            "\n<attr name='\(name)' type='string' value='"
                + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "&apos;") + "'/>"
        }
        let networks = nics.map { "\n<network physical='\($0)' mac-addr='2:8:20:0:0:1'/>" }
        let gap = nics.isEmpty ? "" : String(repeating: "\n", count: 98 - attributes.count)
        let text =
            "<zone name='\(name)' zonepath='/zones/vm' brand='\(brand)'>" + attrs.joined() + gap + networks.joined()
            + "</zone>"
        let zone = try ZoneConfiguration.parse(Array(text.utf8), file: "vm.xml")
        let facts = HostFacts(zoneUUID: someUUID, randomUUID: someUUID)
        let reading = Machine.read(zone, brand: brand, facts: facts)
        machine = try #require(reading.machine, "\(reading.diagnostics)")
        let rendering = hypervisor.render(machine, accelerator: accelerator)
        commandLine = rendering.commandLine
        diagnostics = rendering.diagnostics
    }

    /// The values of an option, in order.
    func values(_ option: String) -> [String] {
        commandLine.arguments.filter { $0.words.count == 2 && $0.words[0] == option }.map { $0.words[1] }
    }

    /// The words of the arguments with this purpose, each joined by blanks.
    func purpose(_ purpose: String) -> [String] {
        commandLine.arguments.filter { $0.purpose == purpose }.map { $0.words.joined(separator: " ") }
    }

    func has(_ word: String) -> Bool { commandLine.words.contains(word) }
}

/// A diagnostic of the tests' zone.
func says(_ severity: Diagnostic.Severity, _ line: Int?, _ message: String, _ remedy: String) -> Diagnostic {
    Diagnostic(
        severity, file: "vm.xml", line: line, attribute: attributeNamed(in: message), message: message, remedy: [remedy]
    )
}
