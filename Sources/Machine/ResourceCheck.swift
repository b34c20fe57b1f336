import Platform
import ZoneConfig

/// Whether the zone has the resources its machine uses: a disk's `device`, an ISO's `fs`. Faults here do not hide the
/// machine; they would keep it from starting.
public struct ResourceCheck {
    let zone: ZoneConfiguration
    let machine: Machine
    let zoneRoot: ZoneRoot
    let absentDevices: [String]

    /// What is known of the files in the zone root, where a disk may lie without any resource.
    public enum ZoneRoot: Sendable {
        /// The zone may not be built yet: what may lie there is worth a warning.
        case unknown
        /// These paths of the zone are there, and no others that matter.
        case holds([String])
    }

    /// `absentDevices` are those of the machine's passed-through devices that the host is known not to have.
    public init(_ zone: ZoneConfiguration, _ machine: Machine, zoneRoot: ZoneRoot, absentDevices: [String] = []) {
        self.zone = zone
        self.machine = machine
        self.zoneRoot = zoneRoot
        self.absentDevices = absentDevices
    }

    /// What is missing, each with the zonecfg command that adds it.
    @export(interface)
    public var diagnostics: [Diagnostic] {
        var found: [Diagnostic] = []
        for drive in machine.drives { found += check(drive) }
        for device in machine.passthrough where !hasDevice(device.device) {
            found.append(missing(.warning, device.origin, device.device, "device", addDevice(device.device)))
        }
        for device in machine.passthrough where absentDevices.contains(device.device) {
            found.append(
                Diagnostic(
                    .error, file: zone.file, line: device.origin.line,
                    message: name(device.origin) + "the host has no " + device.device,
                    remedy: ["pptadm list -a shows the devices that can be passed through; off leaves this one out"]))
        }
        for share in machine.shares where !hasFileSystem(share.share.value.path) {
            found.append(
                missing(
                    .warning, share.share.origin, share.share.value.path, "fs",
                    addFileSystem(share.share.value.path, isReadOnly: share.share.value.isReadOnly)))
        }
        return found + seedDiagnostics
    }

    /// Paths outside /dev, of which a copy may lie in the zone root.
    public static func pathsInZone(_ machine: Machine) -> [String] {
        machine.drives.map { $0.source.value.path }.filter { $0.beginsWith("/") && !$0.isPath(atOrBelow: "/dev") }
            + (machine.hasSeed ? [CloudInit.seedImage] : [])
    }

    /// The seed image is not built here: until the zone root has one, the zone is shown but does not boot.
    private var seedDiagnostics: [Diagnostic] {
        guard machine.hasSeed else { return [] }
        if case .holds(let paths) = zoneRoot, paths.contains(CloudInit.seedImage) { return [] }
        let origin = machine.cloudInit.origin
        return [
            Diagnostic(
                .warning, file: zone.file, line: origin.line,
                message: name(origin) + "this version builds no seed image, and the zone does not boot without one",
                remedy: ["put a NoCloud image at ZONEPATH/root" + CloudInit.seedImage + ", or give a URL"])
        ]
    }

    private func check(_ drive: Drive) -> [Diagnostic] {
        let path = drive.source.value.path
        let origin = drive.source.origin
        guard path.beginsWith("/") else {
            return [
                Diagnostic(
                    .error, file: zone.file, line: origin.line,
                    message: name(origin) + "\"" + path + "\" is not an absolute path",
                    remedy: ["give the path that the zone sees it by, and the same in an fs resource"])
            ]
        }
        if path.isPath(atOrBelow: "/dev") {
            guard !hasDevice(path), !isInDataset(volume: drive.source.value.volume) else { return [] }
            return [missing(.error, origin, path, "device", addDevice(path))]
        }
        guard !hasFileSystem(path), !isInDataset(path: path) else { return [] }
        let severity: Diagnostic.Severity
        switch zoneRoot {
        case .unknown: severity = .warning
        case .holds(let paths) where paths.contains(path): return []
        case .holds: severity = .error
        }
        return [missing(severity, origin, path, "fs", addFileSystem(path, isReadOnly: drive.isCDROM))]
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
        zone.datasets.contains { isNamed($0.name) { path.isPath(atOrBelow: "/" + $0) } }
    }

    /// Whether a name is there, and is one that the test accepts.
    private func isNamed(_ name: String?, _ accepts: (String) -> Bool) -> Bool {
        guard let name = name?.trimmed, !name.isEmpty else { return false }
        return accepts(name)
    }

    private func name(_ origin: Origin) -> String {
        guard case .attribute(let name, _) = origin else { return "" }
        return "attr \"" + name + "\": "
    }

    private func missing(
        _ severity: Diagnostic.Severity, _ origin: Origin, _ path: String, _ kind: String, _ commands: String
    ) -> Diagnostic {
        Diagnostic(
            severity, file: zone.file, line: origin.line,
            message: name(origin) + "the zone has no " + kind + " resource for " + path,
            remedy: ["zonecfg -z " + ShellWords.quote(machine.zoneName) + " " + ShellWords.quote(commands)])
    }

    private func addDevice(_ path: String) -> String {
        "add device; set match=" + quoted(path) + "; end"
    }

    private func addFileSystem(_ path: String, isReadOnly: Bool) -> String {
        "add fs; set dir=" + quoted(path) + "; set special=" + quoted(path) + "; set type=lofs; "
            + (isReadOnly ? "add options ro; " : "") + "add options nodevices; end"
    }

    /// As zonecfg wants a value: in double quotes when a blank or another sign of its own would end it.
    private func quoted(_ text: String) -> String {
        let special = Array(" ;#=()[]".utf8)
        return text.utf8.contains { special.contains($0) } ? "\"" + text + "\"" : text
    }
}
