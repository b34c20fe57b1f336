import Platform
import Text

/// Where a zone's hypervisor is looked for, and with what.
package struct HypervisorPlace {
    /// The zone's name.
    package let zone: String
    /// The zone's root, where QEMU's monitor is.
    package let zoneroot: String
    /// What it is looked for with.
    package let commands: HostCommands
    /// How long each command may take.
    package let patience: Duration

    package init(zone: String, zoneroot: String, commands: HostCommands, patience: Duration) {
        self.zone = zone
        self.zoneroot = zoneroot
        self.commands = commands
        self.patience = patience
    }

    /// More processes of a name than anybody starts. Each is held by a descriptor, and a zone can start any number.
    private static let most = 16

    /// The zone's processes of this name; those that have ended meanwhile do not count. pgrep(1) ends with 1 when there are
    /// none, and with more when it failed.
    func processes(named name: String) throws(Failure) -> [HeldProcess] {
        let arguments = ["-z", zone, "-x", name]
        let result: Command.Result
        do {
            result = try commands.command("/usr/bin/pgrep", arguments).run(within: patience)
        } catch {
            throw Failure(error.description)
        }
        if result.status == 1 { return [] }
        var pids: [Int32] = []
        for line in result.output.pieces(separator: "\n", omittingEmpty: true) {
            if let pid = line.trimmed.decimal(in: 2...Int(Int32.max)) { pids.append(Int32(pid)) }
        }
        guard result.status == 0, !pids.isEmpty else {
            throw Failure(
                ShellWords.quote(["pgrep"] + arguments)
                    + " ends with status \(result.status): \((result.errors + result.output).trimmed)")
        }
        guard pids.count <= Self.most else {
            throw Failure("the zone has \(pids.count) processes named \(name)")
        }
        return pids.compactMap { HeldProcess(OtherProcess(pid: $0, zone: zone, name: name)) }
    }
}

/// A process, held from the first look to the last.
final class HeldProcess {
    let process: OtherProcess

    init?(_ process: consuming OtherProcess?) {
        guard let process else { return nil }
        self.process = process
    }
}

/// A hypervisor that was found. There is more than one process when somebody started another by hand.
package final class RunningHypervisor {
    let processes: [HeldProcess]
    let monitor: Monitor

    /// How it is talked to.
    enum Monitor: ~Copyable {
        /// It has no monitor.
        case none
        case reached(FileDescriptor)
        case unreached(SystemError)
    }

    /// `nil` when there is no process.
    init?(_ processes: [HeldProcess], _ monitor: consuming Monitor) {
        guard !processes.isEmpty else { return nil }
        self.processes = processes
        self.monitor = monitor
    }

    /// True when all of it has ended; waits for that, at most this long.
    package func hasEnded(within time: Duration) -> Bool {
        let deadline = Deadline(in: time)
        return processes.allSatisfy { $0.process.hasEnded(within: deadline.timeLeft) }
    }

    /// Sends SIGKILL to all of it; returns what went wrong.
    package func kill() -> [SystemError] {
        var failures: [SystemError] = []
        for held in processes {
            do {
                try held.process.send(.kill)
            } catch {
                failures.append(error)
            }
        }
        return failures
    }

    /// Writes a line to the monitor once it has greeted, or answered the line before. Whether it is obeyed shows in whether
    /// the process ends. Without a monitor nothing is written.
    func tell(_ line: String) throws(SystemError) {
        switch monitor {
        case .reached(let monitor):
            _ = monitor.receive(within: .seconds(1))
            try monitor.write("\(line)\n")
        case .unreached(let error): throw error
        case .none: break
        }
    }

    /// What tells its processes from all others since the system was started, in the zone and outside it; `nil` when that is
    /// not to be learnt.
    package var identity: String? {
        let identities = processes.compactMap { $0.process.identity }
        return identities.count == processes.count ? identities.joined(separator: ",") : nil
    }

    /// The numbers of its processes: `17 and 18`.
    package var names: String { list(processes.map { String($0.process.pid) }, "and") }
}

/// How a hypervisor is found and ended, as its folder says. Calls, and not among its traits: whoever stops a machine links
/// nothing of what starts one.
extension Hypervisor {
    /// The hypervisor of a zone, if one runs. What the zone itself says about that is not believed.
    @export(interface)
    package func find(at place: HypervisorPlace) throws(Failure) -> RunningHypervisor? {
        switch self {
        case .bhyve: try BhyveControl.find(at: place)
        case .classicQEMU: try ClassicQEMUControl.find(at: place)
        case .modernQEMU: try ModernQEMUControl.find(at: place)
        }
    }

    /// Presses the machine's power button.
    @export(interface)
    package func askToPowerOff(_ running: RunningHypervisor) throws(SystemError) {
        switch self {
        case .bhyve: try BhyveControl.askToPowerOff(running)
        case .classicQEMU: try ClassicQEMUControl.askToPowerOff(running)
        case .modernQEMU: try ModernQEMUControl.askToPowerOff(running)
        }
    }

    /// Ends the machine without asking its guest.
    @export(interface)
    package func forceOff(_ running: RunningHypervisor, at place: HypervisorPlace) throws(Failure) {
        switch self {
        case .bhyve: try BhyveControl.forceOff(running, at: place)
        case .classicQEMU: try ClassicQEMUControl.forceOff(running, at: place)
        case .modernQEMU: try ModernQEMUControl.forceOff(running, at: place)
        }
    }
}
