import Hypervisors
import Lifecycle
import Machine
import Platform
import Text
import UEFI
import ZoneBoot
import ZoneConfig

/// The UEFI variables of one zone, and the machine whose devices they name.
struct EditedVariables {
    private let hook: Hook
    private let machine: Machine
    private let zoneroot: String
    private let template: String
    private let devices: [BootDevice]

    /// Where the old file is kept when the variables begin anew.
    private static let oldName = "\(BootFirmware.variablesFile.baseName).old"

    /// Reads the zone's configuration. Throws when it describes no machine, or one that keeps no variables.
    init(_ hook: Hook) throws(Failure) {
        self.hook = hook
        let zone: ZoneConfiguration
        do {
            zone = try ZoneConfiguration.read(file: hook.configurationFile)
        } catch {
            throw Failure(error.diagnostic)
        }
        guard zone.name == hook.zone, let brand = zone.brand.flatMap({ Brand(rawValue: $0) }),
            let zoneroot = zone.zoneroot
        else {
            throw Failure(
                "this is not the configuration of virtual machine \(hook.zone)", file: zone.file,
                remedy: "name a zone of brand bhyve or kvm: zoneadm list -cv shows them")
        }
        let reading = Machine.read(zone, brand: brand, facts: HostFacts())
        guard let machine = reading.machine else {
            throw Failure(
                reading.diagnostics.first { $0.severity == .error }
                    ?? Diagnostic(.error, file: zone.file, line: nil, message: "it describes no machine"))
        }
        guard machine.isUEFI else {
            throw Failure(
                "the machine keeps no UEFI variables", file: zone.file,
                remedy: "they need a bhyve zone, a bootrom without CSM, and uefivars=on")
        }
        self.machine = machine
        self.zoneroot = zoneroot
        let hypervisor = Hypervisor(brand: brand, platform: hook.platform)
        template = BootROMLookup(hypervisor, directory: hook.options.value("F")).variablesTemplate
        devices = BootDevice.list(machine)
    }

    /// Does what is asked, and returns the entries as they are then. A zone that runs is refused any change: its firmware
    /// would not see it, and would write over it.
    func perform(_ action: UEFICommand.Action) throws(Failure) -> BootEntriesOutcome {
        let root = try RootedDirectory.open(zoneroot, remedy: "a zone's root is built by zoneadm install")
        if action == .list { return try list(try read(root)) }
        return try hook.alone { () throws(Failure) in try change(root, action) }
    }

    private func change(
        _ root: borrowing RootedDirectory, _ action: UEFICommand.Action
    ) throws(Failure) -> BootEntriesOutcome {
        try ZoneState.checkIsHalted(hook.zone, hook.platform, hook.commands)
        if action == .reset { return try reset(root) }
        let file = try read(root)
        var store = try store(file)
        try change(&store, action, path: file.path)
        if file.isTemplate || store.bytes != file.bytes { try write(store.bytes, root) }
        return BootEntriesOutcome(
            path: root.shown(BootFirmware.variablesFile), entries: store.bootEntries(devices),
            diagnostics: overruled(store, action))
    }

    private func list(_ file: VariablesFile) throws(Failure) -> BootEntriesOutcome {
        var outcome = BootEntriesOutcome(path: file.path, entries: try store(file).bootEntries(devices))
        if file.isTemplate {
            outcome.diagnostics.append(
                Diagnostic(
                    .info, file: nil, line: nil,
                    message: "the zone has no UEFI variables yet: these are the template's"))
        }
        return outcome
    }

    /// Begins anew with the template. What is there is kept under another name, whatever it is.
    private func reset(_ root: borrowing RootedDirectory) throws(Failure) -> BootEntriesOutcome {
        let fresh: VariablesFile
        do {
            fresh = try VariablesFile.read(template: template)
        } catch {
            throw Failure(error, remedy: "nothing was changed; -F names the directory of the template")
        }
        let entries = try store(fresh).bootEntries(devices)
        do {
            let file = BootFirmware.variablesFile
            if try root.status(file) != nil { try root.rename(file, to: Self.oldName) }
            try root.replace(file, with: fresh.bytes, mode: 0o600)
        } catch {
            throw Failure(error, remedy: "look at what is there: the zone may have put it there")
        }
        return BootEntriesOutcome(path: root.shown(BootFirmware.variablesFile), entries: entries)
    }

    private func change(
        _ store: inout VariableStore, _ action: UEFICommand.Action, path: String
    ) throws(Failure) {
        do throws(ValueError) {
            let wish = BootWish(devices: devices, order: action.order, next: action.next)
            let outcome = try store.apply(wish)
            if let missing = outcome.missing.first ?? (outcome.setsNext ? nil : action.next) {
                throw ValueError("the firmware has no entry for \(missing.text)")
            }
        } catch {
            throw Failure(
                "nothing was changed: \(error.message)", file: path,
                remedy: "hvm uefi \(hook.zone) lists the entries")
        }
    }

    /// What the next boot of the zone makes of a new order, when that is another one: the attr bootorder comes first then.
    private func overruled(_ store: VariableStore, _ action: UEFICommand.Action) -> [Diagnostic] {
        guard !action.order.isEmpty else { return [] }
        var booted = store
        let wish = BootWish(devices: devices, order: machine.bootOrder.value)
        guard (try? booted.apply(wish)) != nil, booted.bootOrder != store.bootOrder else { return [] }
        let line = machine.bootOrder.origin.line
        let setting =
            line == nil ? "add attr; set name=bootorder; set type=string" : "select attr name=bootorder"
        return [
            Diagnostic(
                .warning, file: line == nil ? nil : machine.file, line: line,
                message: "the next boot of the zone puts \(Self.text(machine.bootOrder.value)) first again, the "
                    + (line == nil ? "default of the " : "") + "attr \"bootorder\"",
                remedy: ["zonecfg -z \(hook.zone) '\(setting); set value=\"\(Self.text(action.order))\"; end'"])
        ]
    }

    /// Entries as the attr bootorder has them.
    private static func text(_ entries: [BootEntry]) -> String { entries.map { $0.text }.joined(separator: ",") }

    // MARK: The file

    private func read(_ root: borrowing RootedDirectory) throws(Failure) -> VariablesFile {
        do {
            return try VariablesFile.read(in: root, template: template)
        } catch {
            throw Failure(error, remedy: "hvm uefi \(hook.zone) reset begins anew with the template")
        }
    }

    private func store(_ file: VariablesFile) throws(Failure) -> VariableStore {
        do {
            return try VariableStore(file.bytes)
        } catch {
            throw Failure(
                "these are not UEFI variables: \(error.message)", file: file.path,
                remedy:
                    "hvm uefi \(hook.zone) reset begins anew with the template, and keeps this file as \(Self.oldName)")
        }
    }

    private func write(_ bytes: [UInt8], _ root: borrowing RootedDirectory) throws(Failure) {
        do {
            try root.replace(BootFirmware.variablesFile, with: bytes, mode: 0o600)
        } catch {
            throw Failure(error, remedy: "look at what is there: the zone may have put it there")
        }
    }
}
