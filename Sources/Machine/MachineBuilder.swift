import Text
import ZoneConfig

/// What only the host knows, gathered once before the machine is built.
package struct HostFacts: Equatable, Sendable {
    /// The UUID in the zone's own /etc/uuid.
    package var zoneUUID: String?
    /// For a zone that has none; `nil` where nothing is booted, and the same machine is to look the same each time.
    package var randomUUID: String?
    /// The addresses of the zone's VNICs, by their names.
    package var macAddresses: [String: MACAddress]

    package init(zoneUUID: String? = nil, randomUUID: String? = nil, macAddresses: [String: MACAddress] = [:]) {
        self.zoneUUID = zoneUUID
        self.randomUUID = randomUUID
        self.macAddresses = macAddresses
    }
}

/// What came of reading a zone as a machine.
package struct MachineReading: Sendable {
    /// The machine as far as it could be read, defaults standing for what is wrong: to look for further faults in it.
    package let draft: Machine
    /// In the order of the zone's file.
    package let diagnostics: [Diagnostic]

    /// `nil` when an error forbids to build one.
    package var machine: Machine? { diagnostics.hasErrors ? nil : draft }

    /// What was found wrong with the draft, without what only a default in it may have brought about.
    package func own(_ findings: [Diagnostic]) -> [Diagnostic] {
        let wrong = diagnostics.filter { $0.severity == .error }.compactMap { $0.attribute }
        return findings.filter { finding in !wrong.contains { $0 == finding.attribute } }
    }
}

extension Machine {
    /// The machine that a zone of the brand describes. Every fault is reported, not only the first; the machine is there
    /// when none of them is an error. Resources outside the attributes are not looked at (see `ResourceCheck`).
    @export(interface)
    package static func read(_ zone: ZoneConfiguration, brand: Brand, facts: HostFacts) -> MachineReading {
        var builder = MachineBuilder(zone, brand: brand, facts: facts)
        let machine = builder.build()
        let diagnostics = builder.settings.diagnostics.inOrder(of: zone.file)
        return MachineReading(draft: machine, diagnostics: diagnostics)
    }
}

/// Turns settings into a machine, device by device. Each device's file says how it is built and checked.
struct MachineBuilder {
    let zone: ZoneConfiguration
    let brand: Brand
    let facts: HostFacts
    var settings: Settings
    var places = PCIPlaces()

    init(_ zone: ZoneConfiguration, brand: Brand, facts: HostFacts) {
        self.zone = zone
        self.brand = brand
        self.facts = facts
        settings = Settings(zone, brand: brand, tellsUnknown: true)
    }

    mutating func build() -> Machine {
        let guest = guest()
        let bootOrder = bootOrder()
        let firmware = firmware()
        let cdromSlot = cdromSlot(bootOrder.value, firmware, guest.value)
        let disks = disks()
        let cloudInit = cloudInit()
        let machine = Machine(
            file: zone.file, zoneName: zone.name ?? "", brand: brand, guest: guest, uuid: uuid(),
            topology: topology(), memory: memory(), reservoir: reservoir(), firmware: firmware,
            hostBridge: hostBridge(), lpc: guest.value == .windows ? .lpcForWindows : .lpc, cdromSlot: cdromSlot,
            console: console(), serialPorts: serialPorts(), cdroms: cdroms(in: cdromSlot), bootDisk: disks.boot,
            disks: disks.data, nics: nics(hasSeed: cloudInit.source.value.isSeed), screen: screen(),
            passthrough: passthrough(), shares: shares(),
            rng: rng(), cloudInit: cloudInit.source, seedInputs: cloudInit.inputs,
            debugsPrivileges: debugsPrivileges(), persists: persists(),
            extra: extra(), bootOrder: bootOrder, bootNext: bootNext(), clock: settings.read(Attributes.clock),
            cpu: settings.read(Attributes.cpu),
            rtc: settings.read(Attributes.rtc), bootLetters: settings.read(Attributes.bootLetters),
            shutdownTimeout: settings.read(Attributes.shutdownTimeout),
            options: settings.options.sorted { $0.name < $1.name },
            owners: places.owners.mapValues { $0.value })
        checkPlaces()
        checkSerialPortsDiffer(machine)
        checkDrivesDiffer(machine.drives)
        checkBoot(machine)
        settings.reportUnread()
        return machine
    }

    mutating func report(
        _ severity: Diagnostic.Severity, _ origin: Origin, _ message: String, _ remedy: String
    ) {
        settings.report(severity, origin, message, remedy)
    }

    // MARK: Places

    mutating func take(_ place: PCIPlace, for owner: String, _ origin: Origin) -> Bool {
        guard let other = places.take(place, for: Sourced(owner, origin)) else { return true }
        report(
            .error, origin, "\(owner): PCI place \(place.description) is taken by \(other)",
            "give one of them another place")
        return false
    }

    /// Guests look at function 0 of a slot first, and at the others only when there is one.
    private mutating func checkPlaces() {
        for (slot, owner) in places.slotsWithoutFunctionZero {
            report(
                .warning, owner.origin,
                "attr \(owner.value.quoted): it is in PCI slot \(slot.number), whose function 0 is empty: "
                    + "most guests will not find it",
                slot == .passthrough
                    ? "use on, or give one of them slot0"
                    : slot == .moreDisks ? "number the disks from 0 on, then from 8 on" : "number the list from 0")
        }
    }
}
