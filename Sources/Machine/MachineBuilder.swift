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

    func kvmText(_ name: AttributeName) -> Sourced<String>? {
        brand == .kvm ? text(name) : nil
    }

    /// The texts that zone managers read, in the order of the names.
    private func optionTexts() -> [Machine.NamedText] {
        AttributeTable.rows
            .filter { $0.isOption && $0.form(for: brand) != nil }
            .map { Machine.NamedText(name: $0.name.rawValue, text: settings.singles[$0.name]?.text) }
            .sorted { $0.name < $1.name }
    }

    // MARK: Places

    mutating func take(_ place: PCIPlace, for owner: String, _ origin: Origin) -> Bool {
        do {
            try places.take(place, for: Sourced(owner, origin))
            return true
        } catch {
            report(
                .error, origin, owner + ": PCI place " + error.place.description + " is taken by " + error.owner,
                "give one of them another place")
            return false
        }
    }

    /// Guests look at function 0 of a slot first, and at the others only when there is one.
    mutating func checkPlaces() {
        for (slot, owner) in places.slotsWithoutFunctionZero {
            report(
                .warning, owner.origin,
                "attr \"" + owner.value + "\": it stands in PCI slot " + String(slot.number)
                    + ", whose function 0 is empty: most guests will not find it",
                slot == .passthrough
                    ? "use on, or give one of them slot0"
                    : slot == .moreDisks ? "number the disks from 0 on, then from 8 on" : "number the list from 0")
        }
    }
}
