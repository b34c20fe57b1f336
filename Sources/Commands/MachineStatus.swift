import Hypervisors
import Lifecycle
import Machine
import Platform
import Text
import ZoneBoot
import ZoneConfig

/// Everything that there is to say of one machine, gathered.
struct MachineStatus {
    let listed: ListedMachine
    /// `nil` when the configuration cannot be read.
    let zone: ZoneConfiguration?
    /// `nil` when the configuration describes none.
    let machine: Machine?
    /// What is wrong with the configuration.
    let diagnostics: [Diagnostic]
    /// The numbers of the hypervisor's processes; `nil` when there is none, or when that is not known.
    let process: String?
    /// Why it is not known whether there is a hypervisor.
    let processProblem: String?
    let secondsUp: Int?
    /// How the hypervisor's last run ended: the zone's word, and the host's where it knows better. `nil` when nothing tells.
    let lastEnd: String?
    /// Bytes held in bhyve's reservoir.
    let reserved: UInt64
    let drives: [DriveStatus]
    /// The addresses of VNICs, by their names, as dladm(8) shows them.
    let macAddresses: [String: MACAddress]
    /// What takes effect at the next boot only; `nil` when nothing runs, or when that cannot be said.
    let changes: [LaunchDifference.Change]?
    let warnings: [ZoneLogLines.Line]

    struct DriveStatus {
        let drive: Drive
        let bytes: UInt64?
    }

    init(_ listed: ListedMachine, _ call: Call) throws(ValueError) {
        self.listed = listed
        let plan = BootPlan.make(try call.request(listed.name))
        zone = plan.zone
        machine = plan.subject?.machine
        diagnostics = plan.diagnostics.filter { $0.severity != .info }
        let booted = listed.isUp ? LaunchFile.booted(zonepath: listed.zonepath) : nil
        (process, processProblem) = Self.process(listed, booted, call)
        let log = ZoneLogLines(zonepath: listed.zonepath)
        let now = Clock.utc.utcSeconds ?? 0
        lastEnd = Self.lastEnd(listed, call)
        secondsUp = listed.isUp ? log.bootSeconds.map { max(0, now - $0) } : nil
        warnings = log.warnings
        reserved = Self.reserved(listed, call)
        let sizes = plan.zone.map { DiskSizes(zone: $0, commands: call.commands) }
        drives = (machine?.drives ?? []).map { DriveStatus(drive: $0, bytes: sizes?.bytes(of: $0)) }
        macAddresses = machine?.nics.isEmpty == false ? Self.macAddresses(call.commands) : [:]
        changes =
            if let booted, let next = plan.launchFile, let subject = plan.subject {
                LaunchDifference(booted: booted, now: next, arguments: subject.commandLine.arguments).changes
            } else { nil }
    }

    private static func process(
        _ listed: ListedMachine, _ booted: LaunchFile?, _ call: Call
    ) -> (names: String?, problem: String?) {
        guard listed.isUp else { return (nil, nil) }
        let hypervisor = booted?.hypervisor ?? Hypervisor(brand: listed.brand, platform: call.platform)
        let place = HypervisorPlace(
            zone: listed.name, zoneroot: "\(listed.zonepath)/root", commands: call.commands, patience: .seconds(5))
        do throws(Failure) {
            return (try hypervisor.find(at: place)?.names, nil)
        } catch {
            return (nil, error.diagnostic.message)
        }
    }

    private static func lastEnd(_ listed: ListedMachine, _ call: Call) -> String? {
        let hypervisor =
            LaunchFile.booted(zonepath: listed.zonepath)?.hypervisor
            ?? Hypervisor(brand: listed.brand, platform: call.platform)
        let log = ZoneLog(zonepath: listed.zonepath, hook: "hvm")
        return EndNote(zonepath: listed.zonepath, hypervisor: hypervisor, log: log).sentence
    }

    private static func reserved(_ listed: ListedMachine, _ call: Call) -> UInt64 {
        guard listed.brand == .bhyve, call.platform == .illumos,
            let directory = try? Hook.runDirectory(call.commands)
        else { return 0 }
        return Reservation(zone: listed.name, runDirectory: directory, commands: call.commands).held
    }

    /// What dladm(8) says of all VNICs; nothing where it is not there.
    private static func macAddresses(_ commands: HostCommands) -> [String: MACAddress] {
        let words = ["show-vnic", "-p", "-o", "link,macaddress"]
        guard HostFiles.exists(commands.path("/usr/sbin/dladm")),
            let output = try? commands.run("/usr/sbin/dladm", words)
        else { return [:] }
        var addresses: [String: MACAddress] = [:]
        for line in output.pieces(separator: "\n", omittingEmpty: true) {
            let fields = line.escapedFields
            if fields.count == 2, let address = MACAddress(fields[1]) { addresses[fields[0]] = address }
        }
        return addresses
    }

    /// The address of a NIC, as its machine has it or else as the host gives it.
    func address(of nic: NIC) -> String? { (nic.mac?.value ?? macAddresses[nic.link.value])?.text }

    /// Sockets of serial ports in the zone, with the names of their attributes.
    var serialSockets: [(name: String, path: String)] {
        guard let machine else { return [] }
        var found: [(name: String, path: String)] = []
        switch machine.console.value {
        case .serial(.socket(let path, _)): found.append(("console", path))
        case .characterDevice(let device) where device.type == "socket":
            if let path = device.option("path") { found.append(("console", path)) }
        default: break
        }
        for port in machine.serialPorts {
            if case .socket(let path, _) = port.backend.value { found.append(("com\(port.number)", path)) }
        }
        return found
    }

    /// Where the screen is, as the global zone reaches it; `nil` without one.
    var screen: String? {
        guard let server = machine?.screen?.server.value else { return nil }
        switch server.listener {
        case .unix(let path): return "\(listed.zonepath)/root\(path)"
        case .tcp(_, let address), .display(let address): return address
        }
    }
}
