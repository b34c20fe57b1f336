import ZoneConfig

/// A virtual machine as its zone describes it: typed, every default and alias applied, every device at its place, and
/// nothing in it about how a hypervisor spells it.
package struct Machine: Sendable {
    /// The zone's XML file, for messages.
    package let file: String
    package let zoneName: String
    package let brand: Brand

    package let guest: Sourced<GuestType>
    /// kvm zones may have none.
    package let uuid: Sourced<String>?
    package let topology: Sourced<Topology>
    package let memory: Sourced<MemorySize>
    /// Take the memory from bhyve's reservoir.
    package let reservoir: Sourced<Bool>
    package let firmware: BootFirmware
    package let hostBridge: Sourced<HostBridge>
    /// Where the LPC bridge stands.
    package let lpc: PCISlot
    /// Where the CD-ROMs stand.
    package let cdromSlot: PCISlot

    package let console: Sourced<Console>
    /// Serial ports 2–4.
    package let serialPorts: [SerialPort]
    package let cdroms: [Drive]
    package let bootDisk: Drive?
    package let disks: [Drive]
    package let nics: [NIC]
    package let screen: Screen?
    package let passthrough: [PassedThrough]
    package let shares: [SharedDirectory]
    package let rng: Sourced<PCIPlace>?
    package let cloudInit: Sourced<CloudInitSource>
    package let seedInputs: SeedInputs
    /// `priv.debug`.
    package let debugsPrivileges: Sourced<Bool>
    /// `debug.persist`.
    package let persists: Sourced<Bool>
    package let extra: [Sourced<[String]>]
    package let bootOrder: Sourced<[BootEntry]>
    package let bootNext: Sourced<BootEntry>?
    /// `nil`: as the hypervisor has it by itself. kvm zones have ``rtc`` instead.
    package let clock: Sourced<ClockBase>?
    /// kvm alone.
    package let cpu: Sourced<String>?
    package let rtc: Sourced<String>?
    package let bootLetters: Sourced<String>?
    package let shutdownTimeout: Sourced<Int>?
    /// The single-valued attributes' texts, by name, as `boot -j` shows them.
    package let options: [NamedText]

    /// A name and what is set under it.
    package struct NamedText: Equatable, Sendable {
        package let name: String
        package let text: String?
    }
}

extension Machine {
    /// Boot disk and disks, in the order in which a hypervisor gets them.
    package var allDisks: [Drive] { (bootDisk.map { [$0] } ?? []) + disks }

    /// CD-ROMs, then disks, in the order in which a hypervisor gets them.
    package var drives: [Drive] { cdroms + allDisks }

    /// The slots by the names that zone managers know them by, sorted.
    package var slots: [(name: String, slot: PCISlot)] {
        [
            ("bootdisk", .bootDisk), ("cdrom", cdromSlot), ("cloudinit", .cloudInit), ("disk", .disks),
            ("hostbridge", .hostBridge), ("lpc", lpc), ("net", .nics), ("ppt", .passthrough), ("rng", .rng),
            ("virtfs", .shares), ("vnc", .framebuffer),
        ]
    }
}
