import Platform
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
    public let cloudInit: Sourced<CloudInit>
    /// `priv.debug`.
    public let debugsPrivileges: Sourced<Bool>
    /// `debug.persist`.
    public let persists: Sourced<Bool>
    public let extra: [Sourced<[String]>]
    public let bootOrder: Sourced<[BootEntry]>
    public let bootNext: Sourced<BootEntry>?
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

    /// True for a machine that starts as UEFI and keeps its variables.
    public var isUEFI: Bool { firmware.keepsVariables }

    /// What SMBIOS gives as the serial number; cloud-init looks there.
    public var systemSerial: String {
        let uuid = uuid?.value ?? ""
        switch cloudInit.value {
        case .off: return uuid
        case .seed: return "ds=nocloud;i=" + uuid
        case .url(let url): return "ds=nocloud-net;s=" + url + ";i=" + uuid
        }
    }

    /// True when a seed image is built for cloud-init.
    public var hasSeed: Bool {
        if case .seed = cloudInit.value { true } else { false }
    }

    /// The slots by the names that zone managers know them by, sorted.
    public var slots: [(name: String, slot: PCISlot)] {
        [
            ("bootdisk", .bootDisk), ("cdrom", cdromSlot), ("cloudinit", .cloudInit), ("disk", .disks),
            ("hostbridge", .hostBridge), ("lpc", lpc), ("net", .nics), ("ppt", .passthrough), ("rng", .rng),
            ("virtfs", .shares), ("vnc", .framebuffer),
        ]
    }

    /// What the machine can boot from.
    public enum BootTarget: Equatable, Sendable {
        case device(PCIPlace)
        /// An application inside the firmware, by its GUID.
        case application(String)
    }

    /// The GUID of the UEFI shell in bhyve's ROMs.
    public static let shellGUID = "7c04a583-9e3e-4f1c-ad65-e05268d0b4d1"

    /// What boot entries can name here, sorted by name; the first of a list also without its number.
    public var bootTargets: [(name: String, target: BootTarget)] {
        var targets: [(name: String, target: BootTarget)] = [("shell", .application(Self.shellGUID))]
        func add(_ name: String, _ place: PCIPlace) {
            targets.append((name, .device(place)))
            if name.endsWith("0"), let plain = ["cdrom", "disk", "net"].first(where: { name == $0 + "0" }) {
                targets.append((plain, .device(place)))
            }
        }
        for drive in drives { add(drive.name, drive.place) }
        for nic in nics { add("net" + String(nic.index), nic.place) }
        return targets.sorted { $0.name < $1.name }
    }

    /// Bytes the zone must hold in bhyve's reservoir; `nil` when it takes its memory elsewhere.
    public var reservoirBytes: UInt64? {
        reservoir.value ? Reservoir.bytes(memory: memory.value, hasScreen: screen != nil) : nil
    }
}
