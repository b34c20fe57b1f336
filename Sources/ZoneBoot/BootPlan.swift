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

    /// How much of the host's present state is looked at.
    private enum Look {
        /// Nothing: the zone is not about to boot.
        case configuration
        /// What has to be there before zoneadmd begins to boot the zone.
        case readiness
        /// Everything that a boot uses.
        case boot
    }

    /// Returns what is wrong with a zone: with its configuration, and with what has to be there when it is about to boot.
    @export(interface)
    package static func verify(_ request: BootRequest, isAboutToBoot: Bool = false) -> [Diagnostic] {
        make(request, isAboutToBoot ? .readiness : .configuration).diagnostics
    }

    /// Reads the zone and plans its boot.
    @export(interface)
    package static func make(_ request: BootRequest) -> BootPlan {
        make(request, .boot)
    }

    private static func make(_ request: BootRequest, _ look: Look) -> BootPlan {
        let zone: ZoneConfiguration
        do {
            zone = try ZoneConfiguration.read(file: request.file)
        } catch {
            return BootPlan(request, diagnostics: [error.diagnostic])
        }
        let problems = zone.problems(for: request)
        guard zone.name == request.zoneName, let brand = zone.brand.flatMap({ Brand(rawValue: $0) }) else {
            return BootPlan(request, zone: zone, diagnostics: problems)
        }
        if request.onlyReservoir {
            guard !problems.hasErrors, request.hasReservoir(brand) else {
                return BootPlan(request, zone: zone, diagnostics: problems)
            }
            let reservoir = Reservoir.read(zone)
            return BootPlan(
                request, zone: zone, steps: [.hold(bytes: reservoir.bytes ?? 0, origin: nil)],
                diagnostics: reservoir.diagnostics)
        }
        return plan(zone, brand, request, problems.hasErrors ? .configuration : look, problems)
    }

    /// Everything that is wrong is told at once: where a part cannot be read, the others are looked at all the same.
    private static func plan(
        _ zone: ZoneConfiguration, _ brand: Brand, _ request: BootRequest, _ look: Look, _ problems: [Diagnostic]
    ) -> BootPlan {
        let (facts, unknown) = facts(zone, brand, request, look)
        let reading = Machine.read(zone, brand: brand, facts: facts)
        let draft = reading.draft
        let hypervisor = Hypervisor(brand: brand, platform: request.platform)
        let rendering = hypervisor.render(draft, accelerator: request.accelerator)
        let lookup = BootROMLookup(hypervisor, directory: request.firmwareDirectory)
        let romProblems = lookup.diagnostics(draft)
        let isNow = look != .configuration
        let resources = ResourceCheck(
            zone, draft, zoneRoot: isNow ? .holds(zone.pathsPresent(of: draft)) : .unknown,
            absentDevices: isNow ? draft.devicesAbsent : [], isDraft: reading.machine == nil)
        var findings = romProblems + resources.diagnostics + rendering.diagnostics
        if look == .readiness { findings += HostPresence(zone, draft, request).diagnostics }
        // Without a ROM there may be no template either, and one message is enough.
        let template = romProblems.isEmpty ? lookup.variablesTemplate : nil
        let contents = isNow ? BootContents(zone, draft, rendering.commandLine, variablesTemplate: template) : nil
        findings += contents?.diagnostics ?? []
        let subject = reading.machine.map { Subject(machine: $0, commandLine: rendering.commandLine) }
        var steps: [BootStep] = []
        if let subject, let contents { steps = BootStep.all(subject, contents, zone, request) }
        return BootPlan(
            request, zone: zone, subject: problems.hasErrors ? nil : subject, steps: steps,
            diagnostics: problems + reading.diagnostics + unknown + reading.own(findings))
    }

    /// What the machine is told of the host, and what could not be learnt.
    private static func facts(
        _ zone: ZoneConfiguration, _ brand: Brand, _ request: BootRequest, _ look: Look
    ) -> (HostFacts, [Diagnostic]) {
        guard look == .boot else { return (HostFacts(), []) }
        return HostFacts.gather(
            zone, brand: brand, platform: request.platform, commands: request.commands, acts: request.acts)
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
