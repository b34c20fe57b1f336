import Platform
import Text
import ZoneConfig

/// Whether the zone has the resources its machine uses: a disk's `device`, an ISO's `fs`. Faults here do not hide the
/// machine; they would keep it from starting.
package struct ResourceCheck {
    let zone: ZoneConfiguration
    let machine: Machine
    let zoneRoot: ZoneRoot
    let absentDevices: [String]
    /// Something in the zone could not be read, which may be what the machine lacks as a whole.
    let isDraft: Bool

    /// What is known of the files in the zone root, where a disk may lie without any resource.
    package enum ZoneRoot: Sendable {
        /// The zone may not be built yet: what may lie there is worth a warning.
        case unknown
        /// These paths of the zone are there, and no others that matter.
        case holds([String])
    }

    /// `absentDevices` are those of the machine's passed-through devices that the host is known not to have.
    package init(
        _ zone: ZoneConfiguration, _ machine: Machine, zoneRoot: ZoneRoot, absentDevices: [String] = [],
        isDraft: Bool = false
    ) {
        self.zone = zone
        self.machine = machine
        self.zoneRoot = zoneRoot
        self.absentDevices = absentDevices
        self.isDraft = isDraft
    }

    /// What is missing, each with the zonecfg command that adds it.
    @export(interface)
    package var diagnostics: [Diagnostic] {
        machine.needs.compactMap { check($0) } + absentDeviceDiagnostics + bootSourceDiagnostics
    }

    /// A zone that says something of its machine says too what that boots from. What it gives as it is (attr `extra`), and
    /// devices of the host, may be bootable.
    private var bootSourceDiagnostics: [Diagnostic] {
        guard !isDraft, !zone.attributes.isEmpty, machine.drives.isEmpty, machine.nics.isEmpty,
            machine.passthrough.isEmpty,
            machine.extra.isEmpty
        else { return [] }
        return [
            Diagnostic(
                .warning, file: zone.file, line: zone.line,
                message: "there is nothing to boot from: no disk, no CD-ROM, no NIC",
                remedy: ["add the attr bootdisk with a device resource, or cdrom with an fs resource, or a net"])
        ]
    }

    /// Paths outside /dev, of which a copy may lie in the zone root.
    package static func pathsInZone(_ machine: Machine) -> [String] {
        machine.needs.filter { $0.missing == .mayLieInRoot && $0.path.beginsWith("/") }.map { $0.path }
    }

    private func check(_ need: ResourceNeed) -> Diagnostic? {
        guard need.path.beginsWith("/") else {
            return Diagnostic(
                .error, file: zone.file, line: need.origin.line, attribute: need.origin.attribute,
                message: "\(need.origin.prefix)\(need.path.quoted) is not an absolute path",
                remedy: ["give the path that the zone sees it by, and the same in an fs resource"])
        }
        guard !isGiven(need), let severity = severity(need) else { return nil }
        let (resource, commands) =
            switch need.kind {
            case .device: ("device", addDevice(need.path))
            case .file(let isReadOnly): ("fs", addFileSystem(need.path, isReadOnly: isReadOnly))
            }
        return Diagnostic(
            severity, file: zone.file, line: need.origin.line, attribute: need.origin.attribute,
            message: "\(need.origin.prefix)the zone has no \(resource) resource for \(need.path)",
            remedy: ["zonecfg -z \(ShellWords.quote(machine.zoneName)) \(ShellWords.quote(commands))"])
    }

    private func isGiven(_ need: ResourceNeed) -> Bool {
        switch need.kind {
        case .device(let volume): hasDevice(need.path) || isInDataset(volume: volume)
        case .file: hasFileSystem(need.path) || isInDataset(path: need.path)
        }
    }

    /// What a need that no resource meets is worth; `nil`: nothing.
    private func severity(_ need: ResourceNeed) -> Diagnostic.Severity? {
        switch (need.missing, zoneRoot) {
        case (.warning, _), (.mayLieInRoot, .unknown): .warning
        case (.mayLieInRoot, .holds(let paths)) where paths.contains(need.path): nil
        case (.error, _), (.mayLieInRoot, .holds): .error
        }
    }

    private func hasDevice(_ path: String) -> Bool {
        zone.devices.contains { $0.match.map { pattern($0.trimmed, matches: path) } ?? false }
    }

    private func hasFileSystem(_ path: String) -> Bool {
        zone.fileSystems.contains { isNamed($0.directory) { path.isPath(atOrBelow: $0.withoutTrailingSlashes) } }
    }

    /// A volume of a delegated dataset appears in the zone by itself.
    private func isInDataset(volume: String?) -> Bool {
        guard let volume else { return false }
        return zone.datasets.contains { isNamed($0.name) { volume.isPath(atOrBelow: $0) } }
    }

    /// A file of a delegated dataset, mounted where ZFS does by default.
    private func isInDataset(path: String) -> Bool {
        zone.datasets.contains { isNamed($0.name) { path.isPath(atOrBelow: "/\($0)") } }
    }

    /// Whether a name is there, and is one that the test accepts.
    private func isNamed(_ name: String?, _ accepts: (String) -> Bool) -> Bool {
        guard let name = name?.trimmed, !name.isEmpty else { return false }
        return accepts(name)
    }

    private func addDevice(_ path: String) -> String {
        "add device; set match=\(quoted(path)); end"
    }

    private func addFileSystem(_ path: String, isReadOnly: Bool) -> String {
        "add fs; set dir=\(quoted(path)); set special=\(quoted(path)); set type=lofs; "
            + (isReadOnly ? "add options ro; " : "") + "add options nodevices; end"
    }

    /// As zonecfg wants a value: in double quotes when a blank or another sign of its own would end it.
    private func quoted(_ text: String) -> String {
        let special = Array(" ;#=()[]".utf8)
        return text.utf8.contains { special.contains($0) } ? text.quoted : text
    }
}

/// Something of the host that a device of the machine uses, and that its zone must be given. Each device's file says what it
/// needs.
struct ResourceNeed: Equatable, Sendable {
    /// Where the zone sees it.
    let path: String
    let kind: Kind
    let missing: Missing
    /// What asks for it.
    let origin: Origin

    enum Kind: Equatable, Sendable {
        /// A device node: a `device` resource gives it, or the delegated dataset that the volume is in.
        case device(volume: String?)
        /// A file or directory: an `fs` resource gives it, or a delegated dataset.
        case file(isReadOnly: Bool)
    }

    /// What it is worth that nothing gives it.
    enum Missing: Equatable, Sendable {
        case error, warning
        /// Nothing when it lies in the zone root itself, otherwise an error.
        case mayLieInRoot
    }
}

extension Machine {
    fileprivate var needs: [ResourceNeed] {
        drives.map { $0.need } + passthrough.map { $0.need } + shares.map { $0.need }
    }
}
