import Platform
import ZoneConfig

/// What only the host knows, gathered once before the machine is built.
public struct HostFacts: Equatable, Sendable {
    /// The UUID in the zone's own /etc/uuid.
    public var zoneUUID: String?
    /// For a zone that has none.
    public var randomUUID: String
    /// The addresses of the zone's VNICs, by their names.
    public var macAddresses: [String: MACAddress]

    public init(zoneUUID: String? = nil, randomUUID: String, macAddresses: [String: MACAddress] = [:]) {
        self.zoneUUID = zoneUUID
        self.randomUUID = randomUUID
        self.macAddresses = macAddresses
    }
}

/// What came of reading a zone as a machine.
public struct MachineReading: Sendable {
    /// `nil` when an error forbids to build one.
    public let machine: Machine?
    public let diagnostics: [Diagnostic]
}

extension Machine {
    /// The machine that a zone of the brand describes. Every fault is reported, not only the first; the machine is there
    /// when none of them is an error. Resources outside the attributes are not looked at (see `ResourceCheck`).
    @export(interface)
    public static func read(_ zone: ZoneConfiguration, brand: Brand, facts: HostFacts) -> MachineReading {
        var builder = MachineBuilder(zone, brand: brand, facts: facts)
        let machine = builder.build()
        return MachineReading(
            machine: builder.diagnostics.hasErrors ? nil : machine, diagnostics: builder.diagnostics)
    }
}

/// Turns settings into a machine, family by family.
struct MachineBuilder {
    let zone: ZoneConfiguration
    let brand: Brand
    let facts: HostFacts
    let settings: Settings
    var places = PCIPlaces()
    private(set) var diagnostics: [Diagnostic]

    init(_ zone: ZoneConfiguration, brand: Brand, facts: HostFacts) {
        self.zone = zone
        self.brand = brand
        self.facts = facts
        let reader = SettingsReader(zone, brand: brand)
        settings = reader.settings
        diagnostics = reader.diagnostics
    }

    mutating func build() -> Machine {
        let type = text(.type)
        let guest = Sourced(GuestType(rawValue: type.value) ?? .generic, type.origin)
        let bootOrder = bootEntries(.bootorder) ?? Sourced([], .byDefault)
        let firmware = firmware()
        let isWindows = guest.value == .windows
        let diskFirst = bootOrder.value.first == .bootdisk && !firmware.keepsVariables && !isWindows
        let cdromSlot = diskFirst && brand == .bhyve ? PCISlot.cdromsBehindDisks : .cdroms
        let topology = topology()
        checkDiskInterfaces()

        let machine = Machine(
            file: zone.file, zoneName: zone.name ?? "", brand: brand, options: optionTexts(),
            guest: guest, uuid: uuid(), topology: topology, memory: memory(), reservoir: flag(.memreserve),
            firmware: firmware, hostBridge: hostBridge(), lpc: isWindows ? .lpcForWindows : .lpc, cdromSlot: cdromSlot,
            console: console(), serialPorts: serialPorts(), cdroms: cdroms(in: cdromSlot), bootDisk: bootDisk(),
            disks: disks(), nics: nics(), screen: screen(), passthrough: passthrough(), shares: shares(), rng: rng(),
            cloudInit: cloudInit(), debugsPrivileges: flag(.privDebug), persists: flag(.debugPersist), extra: extra(),
            bootOrder: bootOrder, bootNext: bootNext(), cpu: kvmText(.cpu), rtc: kvmText(.rtc),
            bootLetters: kvmText(.bootorder), shutdownTimeout: shutdownTimeout())
        checkPlaces()
        checkSerialPortsDiffer(machine)
        checkDrivesDiffer(machine.drives)
        checkBoot(machine)
        return machine
    }

    mutating func report(
        _ severity: Diagnostic.Severity, _ origin: Origin, _ message: String, _ remedy: String...
    ) {
        diagnostics.append(
            Diagnostic(severity, file: zone.file, line: origin.line, message: message, remedy: Array(remedy)))
    }

    // MARK: What the settings say

    func flag(_ name: AttributeName) -> Sourced<Bool> {
        guard let setting = settings.singles[name], case .flag(let value) = setting.value else {
            return Sourced(false, .byDefault)
        }
        return setting.sourced(value)
    }

    func text(_ name: AttributeName) -> Sourced<String> {
        guard let setting = settings.singles[name], case .text(let value) = setting.value else {
            return Sourced("", .byDefault)
        }
        return setting.sourced(value)
    }

    private func kvmText(_ name: AttributeName) -> Sourced<String>? {
        brand == .kvm ? text(name) : nil
    }

    /// The texts that zone managers read, in the order of the names.
    private func optionTexts() -> [Machine.NamedText] {
        AttributeTable.rows
            .filter { $0.isOption && $0.form(for: brand) != nil }
            .map { Machine.NamedText(name: $0.name.rawValue, text: settings.singles[$0.name]?.text) }
            .sorted { $0.name < $1.name }
    }

    private func uuid() -> Sourced<String>? {
        if let setting = settings.singles[.uuid], case .text(let uuid) = setting.value { return setting.sourced(uuid) }
        if let uuid = facts.zoneUUID { return Sourced(uuid, .host("the zone's /etc/uuid")) }
        return brand == .bhyve ? Sourced(facts.randomUUID, .host("random")) : nil
    }

    private mutating func topology() -> Sourced<Topology> {
        guard let setting = settings.singles[.vcpus], case .topology(let topology) = setting.value else {
            preconditionFailure("the attribute table has no default for vcpus")
        }
        let sourced = setting.sourced(topology)
        if brand == .kvm && !topology.isSimple {
            report(
                .warning, sourced.origin, "attr \"vcpus\": sockets, cores and threads can trouble guests of kvm zones",
                "use a plain number: " + String(topology.total))
        }
        return sourced
    }

    private func memory() -> Sourced<MemorySize> {
        guard let setting = settings.singles[.ram], case .size(let size) = setting.value else {
            preconditionFailure("the attribute table has no default for ram")
        }
        return setting.sourced(size)
    }

    private func firmware() -> BootFirmware {
        guard let setting = settings.singles[.bootrom], case .bootROM(let rom) = setting.value else {
            return BootFirmware(rom: nil, keepsVariables: false, variablesOrigin: .brand)
        }
        let wanted = flag(.uefivars)
        return BootFirmware(
            rom: setting.sourced(rom), keepsVariables: !rom.isCSM && wanted.value, variablesOrigin: wanted.origin)
    }

    private func hostBridge() -> Sourced<HostBridge> {
        guard let setting = settings.singles[.hostbridge], case .hostBridge(let bridge) = setting.value else {
            return Sourced(.none, .brand)
        }
        return setting.sourced(bridge)
    }

    private func console() -> Sourced<Console> {
        switch (settings.singles[.console], settings.singles[.console]?.value) {
        case (let setting?, .serial(let backend)): setting.sourced(.serial(backend))
        case (let setting?, .chardev(let device)): setting.sourced(.characterDevice(device))
        default: preconditionFailure("the attribute table has no default for console")
        }
    }

    private func serialPorts() -> [SerialPort] {
        var ports: [SerialPort] = []
        for member in settings.list(.com, brand: .bhyve) {
            guard case .serial(let backend) = member.setting.value else { continue }
            ports.append(SerialPort(number: member.index, backend: member.setting.sourced(backend)))
        }
        return ports
    }

    private func cloudInit() -> Sourced<CloudInit> {
        guard let setting = settings.singles[.cloudInit], case .cloudInit(let choice) = setting.value else {
            return Sourced(.off, .byDefault)
        }
        return setting.sourced(choice)
    }

    private func extra() -> [Sourced<[String]>] {
        var extra: [Sourced<[String]>] = []
        for member in settings.list(.extra, brand: brand) {
            guard case .words(let words) = member.setting.value, !words.isEmpty else { continue }
            extra.append(member.setting.sourced(words))
        }
        return extra
    }

    private func shutdownTimeout() -> Sourced<Int>? {
        guard let setting = settings.singles[.shutdownTimeout], case .seconds(let seconds) = setting.value else {
            return nil
        }
        return setting.sourced(seconds)
    }

    // MARK: Boot order

    private func bootEntries(_ name: AttributeName) -> Sourced<[BootEntry]>? {
        guard let setting = settings.singles[name], case .bootOrder(let entries) = setting.value else { return nil }
        return setting.sourced(entries)
    }

    private mutating func bootNext() -> Sourced<BootEntry>? {
        guard let entries = bootEntries(.bootnext), let entry = entries.value.first else { return nil }
        return Sourced(entry, entries.origin)
    }

    /// What is in a list and is left out of the boot order must not pass in silence.
    private mutating func checkBoot(_ machine: Machine) {
        let lists = [machine.bootOrder, machine.bootNext.map { Sourced([$0.value], $0.origin) }]
        let targets = machine.bootTargets.map { $0.name }
        for case let entries? in lists {
            guard case .attribute(let name, _) = entries.origin else { continue }
            let quoted = "attr \"" + name + "\": "
            for entry in entries.value {
                if case .unknown(let text) = entry {
                    report(
                        .warning, entries.origin, quoted + "\"" + text + "\" is no boot entry and is left out",
                        BootEntry.remedy(listing: name == AttributeName.bootorder.rawValue))
                } else if let device = entry.device, !targets.contains(device) {
                    report(
                        .info, entries.origin, quoted + "the machine has no " + device + ", which is passed over",
                        "add it, or leave it out of the list")
                }
            }
            let isUsual = entries.value == BootEntry.usualOrder
            if brand == .bhyve && !isUsual && (machine.isUEFI || name == AttributeName.bootnext.rawValue) {
                report(
                    .warning, entries.origin, quoted + "it is not written into the guest's UEFI variables yet",
                    "choose in the firmware's own boot menu, on the console or the screen")
            }
        }
    }
}
