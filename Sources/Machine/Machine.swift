import ZoneConfig

/// A virtual machine as its zone describes it: typed, every default and alias applied, every device at its place, and
/// nothing in it about how a hypervisor spells it.
public struct Machine: Sendable {
    /// The zone's XML file, for messages.
    public let file: String
    public let zoneName: String
    public let brand: Brand

    public let guest: Sourced<GuestType>
    /// kvm zones may have none.
    public let uuid: Sourced<String>?
    public let topology: Sourced<Topology>
    public let memory: Sourced<MemorySize>
    /// Take the memory from bhyve's reservoir.
    public let reservoir: Sourced<Bool>
    public let firmware: BootFirmware
    public let hostBridge: Sourced<HostBridge>
    /// Where the LPC bridge stands.
    public let lpc: PCISlot
    /// Where the CD-ROMs stand.
    public let cdromSlot: PCISlot

    public let console: Sourced<Console>
    /// Serial ports 2–4.
    public let serialPorts: [SerialPort]
    public let cdroms: [Drive]
    public let bootDisk: Drive?
    public let disks: [Drive]
    public let nics: [NIC]
    public let screen: Screen?
    public let passthrough: [PassedThrough]
    public let shares: [SharedDirectory]
    public let rng: Sourced<PCIPlace>?
    public let cloudInit: Sourced<CloudInitSource>
    public let seedInputs: SeedInputs
    /// `priv.debug`.
    public let debugsPrivileges: Sourced<Bool>
    /// `debug.persist`.
    public let persists: Sourced<Bool>
    public let extra: [Sourced<[String]>]
    public let bootOrder: Sourced<[BootEntry]>
    public let bootNext: Sourced<BootEntry>?
    /// `nil`: as the hypervisor has it by itself. kvm zones have ``rtc`` instead.
    public let clock: Sourced<ClockBase>?
    /// kvm alone.
    public let cpu: Sourced<String>?
    public let rtc: Sourced<String>?
    public let bootLetters: Sourced<String>?
    public let shutdownTimeout: Sourced<Int>?
    /// The single-valued attributes' texts, by name, as `boot -j` shows them.
    public let options: [NamedText]

    /// A name and what is set under it.
    public struct NamedText: Equatable, Sendable {
        public let name: String
        public let text: String?
    }
}

extension Machine {
    /// Boot disk and disks, in the order in which a hypervisor gets them.
    public var allDisks: [Drive] { (bootDisk.map { [$0] } ?? []) + disks }

    /// CD-ROMs, then disks, in the order in which a hypervisor gets them.
    public var drives: [Drive] { cdroms + allDisks }

    /// The slots by the names that zone managers know them by, sorted.
    public var slots: [(name: String, slot: PCISlot)] {
        [
            ("bootdisk", .bootDisk), ("cdrom", cdromSlot), ("cloudinit", .cloudInit), ("disk", .disks),
            ("hostbridge", .hostBridge), ("lpc", lpc), ("net", .nics), ("ppt", .passthrough), ("rng", .rng),
            ("virtfs", .shares), ("vnc", .framebuffer),
        ]
    }
}
