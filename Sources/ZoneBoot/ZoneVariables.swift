import Hypervisors
import Machine
import Platform
import Text
import UEFI
import ZoneConfig

/// A zone's UEFI variables, as a boot leaves them. What is wrong with a store stops no boot: it is told, and the store left
/// as it is.
struct ZoneVariables: Sendable {
    /// What the file is to hold; `nil` when it stays as it is, or there is none.
    private(set) var content: [UInt8]?
    /// True when the guest's next boot is the one that the attr `bootnext` names.
    private(set) var setsNext = false
    private(set) var diagnostics: [Diagnostic] = []

    /// None, and nothing to tell.
    init() {}

    /// Reads what the zone has, or the template when it has none, and sets the boot order in it.
    init(_ zone: ZoneConfiguration, _ machine: Machine, template: String) {
        guard machine.isUEFI else { return }
        do throws(SystemError) {
            guard let source = try source(zone, template) else { return }
            if source.isTemplate { content = source.bytes }
            edit(source.bytes, shown: source.path, machine)
        } catch {
            let remedy = "remove what is there, or set uefivars=off"
            diagnostics.append(Diagnostic(.error, file: nil, line: nil, message: error.description, remedy: [remedy]))
        }
    }

    /// `nil` when there is nothing to read: no zone root to boot from and no template, or a file that cannot be read, which
    /// is told.
    private mutating func source(_ zone: ZoneConfiguration, _ template: String) throws(SystemError) -> VariablesFile? {
        guard let root = zone.zoneroot.flatMap({ try? RootedDirectory($0) }) else {
            return try? VariablesFile.read(template: template)
        }
        let file = BootFirmware.variablesFile
        do throws(SystemError) {
            return try VariablesFile.read(in: root, template: template)
        } catch {
            guard (try? root.status(file))?.kind == .regular else { throw error }
            tellUnset(root.shown(file), error.description)
            return nil
        }
    }

    private mutating func edit(_ bytes: [UInt8], shown path: String, _ machine: Machine) {
        let wish = BootWish(
            devices: BootDevice.list(machine), order: machine.bootOrder.value, next: machine.bootNext?.value)
        do throws(ValueError) {
            var store = try VariableStore(bytes)
            let outcome = try store.apply(wish)
            if store.bytes != bytes { content = store.bytes }
            setsNext = outcome.setsNext
            tell(outcome, machine)
        } catch {
            tellUnset(path, error.message)
        }
    }

    private mutating func tellUnset(_ path: String, _ reason: String) {
        diagnostics.append(
            Diagnostic(
                .warning, file: path, line: nil, message: "the boot order is not set: \(reason)",
                remedy: ["choose in the firmware's own boot menu; a boot without the file begins with a fresh one"]))
    }

    /// Tells which entries had no effect. Those that are not entries, or whose device is not there, are told with the machine.
    private mutating func tell(_ outcome: BootOutcome, _ machine: Machine) {
        let names = machine.bootTargets.map { $0.name }
        func isKnown(_ entry: BootEntry) -> Bool {
            if case .unknown = entry { return false }
            return entry.device.map { names.contains($0) } ?? true
        }
        func tell(_ severity: Diagnostic.Severity, _ entry: BootEntry, _ origin: Origin) {
            guard case .attribute(let name, let line) = origin, isKnown(entry) else { return }
            diagnostics.append(
                Diagnostic(
                    severity, file: machine.file, line: line,
                    message: "attr \(name.quoted): the firmware has no entry for \(entry.text), which is skipped",
                    remedy: [
                        "the firmware and what is installed make it; boot the zone once, and it counts from then on"
                    ]))
        }
        for entry in outcome.missing { tell(.info, entry, machine.bootOrder.origin) }
        if let next = machine.bootNext, !outcome.setsNext { tell(.warning, next.value, next.origin) }
    }

    /// The words of zonecfg(8) that take the attr away when it has been heeded.
    static func forgetNext(_ zone: String) -> [String] { ["-z", zone, "remove attr name=bootnext"] }
}
