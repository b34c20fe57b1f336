import ZoneConfig

/// A virtual machine as its zone describes it: typed, every default and alias applied, every device at its place, and
/// nothing in it about how a hypervisor spells it.
package struct Machine: Sendable {
    /// The zone's XML file, for messages.
    package let file: String
    /// The zone's name, which is the VM's too.
    package let zoneName: String
    /// Whose attributes it was read by.
    package let brand: Brand

    /// The guest that it is made for (attr `type`).
    package let guest: Sourced<GuestType>
    /// kvm zones may have none.
    package let uuid: Sourced<String>?
    /// Its CPUs.
    package let topology: Sourced<Topology>
    /// Its memory.
    package let memory: Sourced<MemorySize>
    /// Take the memory from bhyve's reservoir.
    package let reservoir: Sourced<Bool>
    /// What it starts with.
    package let firmware: BootFirmware
    /// Its host bridge.
    package let hostBridge: Sourced<HostBridge>
    /// Where the LPC bridge stands.
    package let lpc: PCISlot
    /// Where the CD-ROMs stand.
    package let cdromSlot: PCISlot

    /// Its first serial port.
    package let console: Sourced<Console>
    /// Serial ports 2–4.
    package let serialPorts: [SerialPort]
    /// CD-ROMs, in the order of their numbers.
    package let cdroms: [Drive]
    /// The disk that it boots from; `nil` without one.
    package let bootDisk: Drive?
    /// The other disks, in the order of their numbers.
    package let disks: [Drive]
    /// NICs, in the order of the zone's networks.
    package let nics: [NIC]
    /// Its framebuffer; `nil` without one.
    package let screen: Screen?
    /// Devices of the host, in the order of their places.
    package let passthrough: [PassedThrough]
    /// Shared directories, in the order of their numbers.
    package let shares: [SharedDirectory]
    /// Where its random number device is; `nil` without one.
    package let rng: Sourced<PCIPlace>?
    /// Where cloud-init in the guest is told what to do.
    package let cloudInit: Sourced<CloudInitSource>
    /// What a seed is made of, beside the machine.
    package let seedInputs: SeedInputs
    /// `priv.debug`.
    package let debugsPrivileges: Sourced<Bool>
    /// `debug.persist`.
    package let persists: Sourced<Bool>
    /// Words for the hypervisor alone, as the zone has them.
    package let extra: [Sourced<[String]>]
    /// What UEFI is to try, in order.
    package let bootOrder: Sourced<[BootEntry]>
    /// What UEFI is to try at the next boot alone.
    package let bootNext: Sourced<BootEntry>?
    /// `nil`: as the hypervisor has it by itself. kvm zones have ``rtc`` instead.
    package let clock: Sourced<ClockBase>?
    /// kvm alone.
    package let cpu: Sourced<String>?
    /// QEMU's clock, as a kvm zone words it.
    package let rtc: Sourced<String>?
    /// QEMU's boot order, as a kvm zone words it.
    package let bootLetters: Sourced<String>?
    /// Seconds that a shutdown or halt waits for the guest; `nil`: the usual time.
    package let shutdownTimeout: Sourced<Int>?
    /// The single-valued attributes' texts, by name, as `boot -j` shows them.
    package let options: [NamedText]
    /// Who sits where, by the names that messages call them.
    package let owners: [PCIPlace: String]

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
