import CloudInit
import Hypervisors
import Machine
import Platform
import Text
import ZoneConfig

/// Everything that booting a zone would do, decided and checked, before anything is done.
package struct BootPlan: Sendable {
    package let request: BootRequest
    /// `nil` when the XML could not be read.
    package let zone: ZoneConfiguration?
    /// What is booted; `nil` when no machine could be built, and when only the reservoir was asked for.
    package let subject: Subject?
    /// What is done, in order. With an error among the diagnostics nothing is.
    package let steps: [BootStep]
    /// In the order of the zone's XML, then what is about other files and none.
    package let diagnostics: [Diagnostic]

    /// A machine, and the command that runs it.
    package struct Subject: Sendable {
        package let machine: Machine
        package let commandLine: CommandLine
    }

    /// The launch file that a boot would write.
    package var launchFile: LaunchFile? {
        for case .write(let file) in steps {
            if case .bytes(let bytes) = file.content, file.place.directory == .launch,
                file.place.path == LaunchFile.name
            {
                return try? LaunchFile.parse(String(decoding: bytes, as: UTF8.self))
            }
        }
        return nil
    }

    private init(
        _ request: BootRequest, zone: ZoneConfiguration? = nil, subject: Subject? = nil, steps: [BootStep] = [],
        diagnostics: [Diagnostic]
    ) {
        self.request = request
        self.zone = zone
        self.subject = subject
        self.steps = steps
        self.diagnostics = diagnostics.inOrder(of: request.file)
    }

    /// Returns what is wrong with a zone that is not about to boot: nothing of the host's present state is looked at.
    @export(interface)
    package static func verify(_ request: BootRequest) -> [Diagnostic] {
        make(request, isBooting: false).diagnostics
    }

    /// Reads the zone and plans its boot.
    @export(interface)
    package static func make(_ request: BootRequest) -> BootPlan {
        make(request, isBooting: true)
    }

    private static func make(_ request: BootRequest, isBooting: Bool) -> BootPlan {
        let zone: ZoneConfiguration
        do {
            zone = try ZoneConfiguration.read(file: request.file)
        } catch {
            return BootPlan(request, diagnostics: [error.diagnostic])
        }
        let problems = zone.problems(for: request)
        guard !problems.hasErrors, let brand = zone.brand.flatMap({ Brand(rawValue: $0) }) else {
            return BootPlan(request, zone: zone, diagnostics: problems)
        }
        if request.onlyReservoir {
            guard request.hasReservoir(brand) else { return BootPlan(request, zone: zone, diagnostics: []) }
            let reservoir = Reservoir.read(zone)
            return BootPlan(
                request, zone: zone, steps: [.hold(bytes: reservoir.bytes ?? 0, origin: nil)],
                diagnostics: reservoir.diagnostics)
        }
        return isBooting ? boot(zone, brand, request) : look(zone, brand, request)
    }

    /// What is wrong with the zone wherever it is booted.
    private static func look(_ zone: ZoneConfiguration, _ brand: Brand, _ request: BootRequest) -> BootPlan {
        let reading = Machine.read(zone, brand: brand, facts: HostFacts())
        guard let machine = reading.machine else {
            return BootPlan(request, zone: zone, diagnostics: reading.diagnostics)
        }
        let hypervisor = Hypervisor(brand: brand, platform: request.platform)
        let rendering = hypervisor.render(machine, accelerator: request.accelerator)
        let romProblems = BootROMLookup(hypervisor, directory: request.firmwareDirectory).diagnostics(machine)
        let resources = ResourceCheck(zone, machine, zoneRoot: .unknown, absentDevices: [])
        return BootPlan(
            request, zone: zone, subject: Subject(machine: machine, commandLine: rendering.commandLine),
            diagnostics: reading.diagnostics + romProblems + resources.diagnostics + rendering.diagnostics)
    }

    private static func boot(_ zone: ZoneConfiguration, _ brand: Brand, _ request: BootRequest) -> BootPlan {
        let (facts, unknown) = HostFacts.gather(
            zone, brand: brand, platform: request.platform, commands: request.commands, acts: request.acts)
        let reading = Machine.read(zone, brand: brand, facts: facts)
        guard let machine = reading.machine else {
            return BootPlan(request, zone: zone, diagnostics: reading.diagnostics + unknown)
        }
        let hypervisor = Hypervisor(brand: brand, platform: request.platform)
        let rendering = hypervisor.render(machine, accelerator: request.accelerator)
        let lookup = BootROMLookup(hypervisor, directory: request.firmwareDirectory)
        let romProblems = lookup.diagnostics(machine)
        let resources = ResourceCheck(
            zone, machine, zoneRoot: .holds(zone.pathsPresent(of: machine)), absentDevices: machine.devicesAbsent)
        // Without a ROM there may be no template either, and one message is enough.
        let template = romProblems.isEmpty ? lookup.variablesTemplate : nil
        let contents = BootContents(zone, machine, rendering.commandLine, variablesTemplate: template)
        let subject = Subject(machine: machine, commandLine: rendering.commandLine)
        return BootPlan(
            request, zone: zone, subject: subject,
            steps: BootStep.all(subject, contents, zone, request),
            diagnostics: reading.diagnostics + unknown + romProblems + resources.diagnostics + rendering.diagnostics
                + contents.diagnostics)
    }
}

extension Machine {
    /// Which of the passed-through devices this host does not have. Only an illumos host could have them.
    fileprivate var devicesAbsent: [String] {
        guard Program.platform == .illumos, !passthrough.isEmpty, let devices = try? RootedDirectory("/dev") else {
            return []
        }
        return passthrough.map { $0.device }.filter { device in
            do throws(SystemError) {
                return try devices.status(device.baseName) == nil
            } catch {
                return false
            }
        }
    }
}

extension ZoneConfiguration {
    /// Which of the machine's disks, and of its other images, lie in the zone root itself.
    fileprivate func pathsPresent(of machine: Machine) -> [String] {
        guard let root = zoneroot.flatMap({ try? RootedDirectory($0) }) else { return [] }
        var present: [String] = []
        for path in ResourceCheck.pathsInZone(machine) {
            let kind = (try? root.status(path))?.kind
            if kind == .regular || kind == .device { present.append(path) }
        }
        return present
    }
}
