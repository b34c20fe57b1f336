import CloudInit
import Hypervisors
import Machine
import Platform
import ZoneConfig
import Text

/// What `boot` was asked to do.
package struct BootRequest: Sendable {
    package let zoneName: String
    /// The zone's XML.
    package let file: String
    package let platform: HostPlatform
    /// Where boot ROMs are looked for; `nil`: where the host keeps them.
    package let firmwareDirectory: String?
    package let commands: HostCommands
    package let accelerator: Hypervisor.Accelerator
    /// Only what the memory reservoir needs (`boot -S`).
    package let onlyReservoir: Bool

    package init(
        zoneName: String, file: String, platform: HostPlatform, firmwareDirectory: String?, commands: HostCommands,
        accelerator: Hypervisor.Accelerator, onlyReservoir: Bool
    ) {
        self.zoneName = zoneName
        self.file = file
        self.platform = platform
        self.firmwareDirectory = firmwareDirectory
        self.commands = commands
        self.accelerator = accelerator
        self.onlyReservoir = onlyReservoir
    }
}

extension BootRequest {
    /// bhyve's memory reservoir is illumos' own.
    fileprivate func hasReservoir(_ brand: Brand) -> Bool { brand == .bhyve && platform == .illumos }
}

/// Everything that booting a zone would do, decided and checked, before anything is done.
package struct BootPlan: Sendable {
    package let request: BootRequest
    /// `nil` when the XML could not be read.
    package let zone: ZoneConfiguration?
    /// `nil` when no machine could be built.
    package let machine: Machine?
    package let commandLine: CommandLine?
    /// Variables that a file in the zone root adds to the hypervisor's environment.
    package let environment: ExtraEnvironment
    /// The screen's password, when there is one.
    let secret: ScreenSecret
    /// The UEFI variables, with the boot order in them.
    let variables: ZoneVariables
    /// What cloud-init in the guest is told, when it is told by a seed.
    let seed: Seed?
    /// What is written, in order.
    package let files: [PlannedFile]
    /// Bytes the zone must hold in bhyve's memory reservoir.
    package let reservoirBytes: UInt64?
    /// In the order of the zone's XML, then what is about other files and none.
    package let diagnostics: [Diagnostic]

    /// What is wrong with a zone that is not about to boot: nothing of the host's present state is looked at.
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
        let problems = check(zone, request)
        guard !problems.hasErrors, let brand = zone.brand.flatMap({ Brand(rawValue: $0) }) else {
            return BootPlan(request, zone: zone, diagnostics: problems)
        }
        if request.onlyReservoir {
            guard request.hasReservoir(brand) else { return BootPlan(request, zone: zone, diagnostics: []) }
            let reservoir = Reservoir.read(zone)
            return BootPlan(
                request, zone: zone, reservoirBytes: reservoir.bytes, diagnostics: reservoir.diagnostics)
        }
        let (facts, unknown) =
            isBooting
            ? HostFacts.gather(zone, brand: brand, platform: request.platform, commands: request.commands)
            : (HostFacts(randomUUID: UUIDText.random(randomBytes(16))), [])
        return plan(zone, brand, request, facts: facts, unknown: unknown, isBooting: isBooting)
    }

    private static func plan(
        _ zone: ZoneConfiguration, _ brand: Brand, _ request: BootRequest, facts: HostFacts, unknown: [Diagnostic],
        isBooting: Bool
    ) -> BootPlan {
        let reading = Machine.read(zone, brand: brand, facts: facts)
        guard let machine = reading.machine else {
            return BootPlan(request, zone: zone, diagnostics: reading.diagnostics + unknown)
        }
        let zoneRoot = isBooting ? ResourceCheck.ZoneRoot.holds(pathsPresent(zone, machine)) : .unknown
        let reservoirBytes = request.hasReservoir(brand) ? machine.reservoirBytes : nil
        let hypervisor = Hypervisor(brand: brand, platform: request.platform)
        let rendering = hypervisor.render(machine, accelerator: request.accelerator)
        let environment = isBooting ? environment(zone, hypervisor) : ExtraEnvironment()
        let secretFile = isBooting ? rendering.commandLine.secretFile : nil
        let secret = secretFile.map { ScreenSecret($0, machine) } ?? ScreenSecret()
        let lookup = BootROMLookup(hypervisor, directory: request.firmwareDirectory)
        let romProblems = lookup.diagnostics(machine)
        // Without a ROM there may be no template either, and one message is enough.
        let variables =
            isBooting && romProblems.isEmpty
            ? ZoneVariables(zone, machine, template: lookup.variablesTemplate) : ZoneVariables()
        let seed = isBooting && machine.hasSeed ? Seed.make(machine) : nil
        let diagnostics =
            reading.diagnostics + unknown + romProblems
            + ResourceCheck(
                zone, machine, zoneRoot: zoneRoot, absentDevices: isBooting ? devicesAbsent(machine) : []
            ).diagnostics
            + rendering.diagnostics + environment.warnings + secret.diagnostics + variables.diagnostics
            + (seed?.diagnostics ?? [])
        return BootPlan(
            request, zone: zone, machine: machine, commandLine: rendering.commandLine, environment: environment,
            secret: secret, variables: variables, seed: seed?.seed,
            files: PlannedFile.list(zone, machine, rendering.commandLine, seed?.seed, reservoirBytes),
            reservoirBytes: reservoirBytes, diagnostics: diagnostics)
    }

    /// Which of the passed-through devices this host does not have. Only an illumos host could have them.
    private static func devicesAbsent(_ machine: Machine) -> [String] {
        guard Program.platform == .illumos, !machine.passthrough.isEmpty, let devices = try? RootedDirectory("/dev")
        else { return [] }
        return machine.passthrough.map { $0.device }.filter { device in
            do throws(SystemError) {
                return try devices.status(device.baseName) == nil
            } catch {
                return false
            }
        }
    }

    /// Which of the machine's disks, and of its other images, lie in the zone root itself.
    private static func pathsPresent(_ zone: ZoneConfiguration, _ machine: Machine) -> [String] {
        guard let root = zone.zoneroot.flatMap({ try? RootedDirectory($0) }) else { return [] }
        var present: [String] = []
        for path in ResourceCheck.pathsInZone(machine) {
            let kind = (try? root.status(path))?.kind
            if kind == .regular || kind == .device { present.append(path) }
        }
        return present
    }

    private static func environment(_ zone: ZoneConfiguration, _ hypervisor: Hypervisor) -> ExtraEnvironment {
        guard let root = zone.zoneroot.flatMap({ try? RootedDirectory($0) }) else { return ExtraEnvironment() }
        return ExtraEnvironment.read(from: root, for: hypervisor)
    }

    /// What must hold before attributes are looked at.
    private static func check(_ zone: ZoneConfiguration, _ request: BootRequest) -> [Diagnostic] {
        func problem(_ message: String, _ remedy: String) -> [Diagnostic] {
            [Diagnostic(.error, file: zone.file, line: zone.line, message: message, remedy: [remedy])]
        }
        let set = "zonecfg -z \(ShellWords.quote(request.zoneName)) "
        guard let name = zone.name, !name.isEmpty else {
            return problem("the zone has no name", "zonecfg writes one; restore the file")
        }
        guard name == request.zoneName else {
            return problem(
                "the file is of zone \(name.quoted), not \(request.zoneName.quoted)",
                "name the zone \(name), or another file with -x")
        }
        guard let zonepath = zone.zonepath, zonepath.beginsWith("/"), zonepath.firstControlCharacter == nil else {
            return problem("the zone has no absolute zonepath", "\(set)\"set zonepath=/zones/\(name)\"")
        }
        // zoneadm and zoneadmd put it into the hooks' command lines as it is, and a shell reads those.
        let ascii = String(decoding: zonepath.utf8.filter { $0 < 0x80 }, as: UTF8.self)
        guard ShellWords.quote(ascii) == ascii else {
            return problem(
                "the zonepath \"\(zonepath)\" holds a character that means something to a shell, and would "
                    + "reach the hooks in pieces", "\(set)\"set zonepath=/zones/\(name)\"")
        }
        guard let brand = zone.brand, Brand(rawValue: brand) != nil else {
            return problem(
                "the zone's brand is \"" + (zone.brand ?? "") + "\", not bhyve or kvm",
                "a virtual machine is a zone of brand bhyve or kvm")
        }
        return []
    }

    private init(
        _ request: BootRequest, zone: ZoneConfiguration? = nil, machine: Machine? = nil,
        commandLine: CommandLine? = nil, environment: ExtraEnvironment = ExtraEnvironment(),
        secret: ScreenSecret = ScreenSecret(), variables: ZoneVariables = ZoneVariables(), seed: Seed? = nil,
        files: [PlannedFile] = [], reservoirBytes: UInt64? = nil, diagnostics: [Diagnostic]
    ) {
        self.request = request
        self.zone = zone
        self.machine = machine
        self.commandLine = commandLine
        self.environment = environment
        self.secret = secret
        self.variables = variables
        self.seed = seed
        self.files = files
        self.reservoirBytes = reservoirBytes
        self.diagnostics = diagnostics.inOrder(of: request.file)
    }
}

/// A file that booting the zone writes.
package struct PlannedFile: Equatable, Sendable {
    /// As the global zone sees it.
    package let path: String
    package let purpose: String
    /// What people may see of what it holds.
    package var content: [Line] = []

    /// A line of it.
    package struct Line: Equatable, Sendable {
        /// Where in it.
        package let place: String
        package let text: String
    }

    fileprivate static func list(
        _ zone: ZoneConfiguration, _ machine: Machine, _ commandLine: CommandLine, _ seed: Seed?,
        _ reservoirBytes: UInt64?
    ) -> [PlannedFile] {
        let (zonepath, root) = (zone.zonepath ?? "", zone.zoneroot ?? "")
        var files = [PlannedFile(path: zonepath + LaunchFile.path, purpose: "the command for init")]
        if commandLine.secretFile != nil {
            files.append(PlannedFile(path: zonepath + SecretFile.path, purpose: "the screen's password"))
        }
        if machine.isUEFI {
            files.append(
                PlannedFile(path: root + BootFirmware.variablesFile, purpose: "UEFI variables, with the boot order"))
        }
        if let seed {
            files.append(
                PlannedFile(
                    path: root + CloudInitSource.seedImage, purpose: "the seed for cloud-init",
                    content: seed.files.flatMap { file in file.shown.map { Line(place: file.name, text: $0) } }))
        }
        if reservoirBytes != nil {
            files.append(
                PlannedFile(
                    path: "/var/run/bhyve/\(machine.zoneName).resv", purpose: "memory held in the reservoir"))
        }
        files.append(PlannedFile(path: "\(zonepath)/log/zone.log", purpose: "log, appended"))
        return files
    }
}
