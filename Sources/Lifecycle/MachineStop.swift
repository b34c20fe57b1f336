import Hypervisors
import Machine
import Platform

/// Stops a zone's hypervisor: asks the guest to power off, waits for the process to end, and, where that is wanted, ends
/// it. Every step has a limit, so that no guest holds a halt.
struct MachineStop {
    let zone: String
    /// The zone's root, where QEMU's monitor is.
    let zoneroot: String
    /// How the hypervisor is found and talked to.
    let hypervisor: Hypervisor
    let commands: HostCommands
    /// Takes a line a step.
    let note: (String) -> Void

    /// How it went.
    enum Outcome: Equatable {
        /// There was no hypervisor.
        case notRunning
        /// Whether there was one could not be found out.
        case unknown(String)
        /// There was one that could not be asked anything, and was left alone.
        case unreachable(String)
        /// The guest powered off by itself.
        case poweredOff
        /// It did not, within the limit, and was left alone.
        case ignored
        /// It was ended.
        case forced
        /// It could not be ended.
        case stuck
    }

    /// Asks the guest to power off and waits so many seconds at most; then, where that is wanted, ends the hypervisor.
    func run(seconds: Int, force: Bool) -> Outcome {
        let running: Running
        do throws(Unknown) {
            guard let found = try find() else {
                note("no hypervisor is running")
                return .notRunning
            }
            running = found
        } catch {
            note("cannot find out whether a hypervisor is running: " + error.reason)
            return .unknown(error.reason)
        }
        note("asking the guest to power off; waiting up to " + String(seconds) + " s for process " + running.names)
        let start = Clock.milliseconds
        do throws(SystemError) {
            try ask(running)
        } catch {
            if !running.hasEnded(within: 0) {
                note("the guest cannot be asked to power off: " + error.description)
                return force ? end(running) : .unreachable(error.description)
            }
        }
        if running.hasEnded(within: seconds * 1000) {
            note("the guest powered off after " + String((Clock.milliseconds - start + 500) / 1000) + " s")
            return .poweredOff
        }
        note("the guest has ignored the request for " + String(seconds) + " s")
        return force ? end(running) : .ignored
    }

    /// Ends the hypervisor, gently first.
    private func end(_ running: Running) -> Outcome {
        note("forcing the machine off")
        do throws(HookFailure) {
            try forceOff(running)
        } catch {
            note(error.diagnostic.message)
        }
        if running.hasEnded(within: WayDown.step * 1000) {
            note("it has ended")
            return .forced
        }
        note("it is still there: killing process " + running.names)
        for held in running.processes {
            do {
                try held.process.send(.kill)
            } catch {
                note(error.description)
            }
        }
        if running.hasEnded(within: WayDown.step * 1000) {
            note("it has ended")
            return .forced
        }
        note("process " + running.names + " does not end, even killed")
        return .stuck
    }

    private func forceOff(_ running: Running) throws(HookFailure) {
        if case .bhyve = hypervisor {
            try commands.run("/usr/sbin/bhyvectl", ["--vm=" + zone, "--force-poweroff"], seconds: WayDown.step)
            return
        }
        do {
            try tell(running, "quit")
        } catch {
            throw HookFailure(error)
        }
    }

    // MARK: Finding and asking

    /// A process, held from the first look to the last.
    private final class Held {
        let process: OtherProcess

        init?(_ process: consuming OtherProcess?) {
            guard let process else { return nil }
            self.process = process
        }
    }

    private enum Monitor: ~Copyable {
        /// bhyve has none.
        case none
        case reached(FileDescriptor)
        case unreached(SystemError)
    }

    /// The hypervisor. There is more than one process when somebody started another by hand.
    private final class Running {
        let processes: [Held]
        let monitor: Monitor

        init(_ processes: [Held], _ monitor: consuming Monitor) {
            self.processes = processes
            self.monitor = monitor
        }

        /// True when all of it has ended.
        func hasEnded(within milliseconds: Int) -> Bool {
            let end = Clock.milliseconds + milliseconds
            return processes.allSatisfy { $0.process.hasEnded(within: max(0, end - Clock.milliseconds)) }
        }

        var names: String { list(processes.map { String($0.process.pid) }, "and") }
    }

    /// Why it is not known whether there is a hypervisor.
    private struct Unknown: Error {
        let reason: String
    }

    /// The hypervisor, if there is one. What the zone itself says about that is not believed: on illumos the system is
    /// asked for processes of the zone, on Linux the kernel for who listens on the monitor's socket.
    private func find() throws(Unknown) -> Running? {
        switch hypervisor {
        case .bhyve: return found(try processes(named: "bhyve"), .none)
        case .classicQEMU:
            // illumos keeps 15 characters of a process's name.
            let processes = try processes(named: "qemu-system-x86")
            do {
                return found(processes, .reached(try connect()))
            } catch {
                return found(processes, .unreached(error))
            }
        case .modernQEMU:
            do throws(SystemError) {
                return try listener()
            } catch {
                if error.isNotFound || error.isRefused { return nil }
                throw Unknown(reason: error.description)
            }
        }
    }

    /// Whoever listens on QEMU's monitor.
    private func listener() throws(SystemError) -> Running? {
        let root = try RootedDirectory(zoneroot)
        let monitor = try root.connect(to: QEMUPaths.monitor, zone: zone)
        guard let process = Held(try OtherProcess.listening(at: monitor, root: root)) else { return nil }
        let running = found([process], .reached(monitor))
        if let running { try? tell(running, "qmp_capabilities") }
        return running
    }

    private func found(_ processes: [Held], _ monitor: consuming Monitor) -> Running? {
        processes.isEmpty ? nil : Running(processes, monitor)
    }

    private func connect() throws(SystemError) -> FileDescriptor {
        try RootedDirectory(zoneroot).connect(to: QEMUPaths.monitor, zone: zone)
    }

    /// The zone's processes of this name; those that have ended meanwhile do not count. pgrep(1) ends with 1 when there are
    /// none, and with more when it failed.
    private func processes(named name: String) throws(Unknown) -> [Held] {
        let arguments = ["-z", zone, "-x", name]
        let result: Command.Result
        do {
            result = try commands.command("/usr/bin/pgrep", arguments).run(seconds: WayDown.step)
        } catch {
            throw Unknown(reason: error.description)
        }
        if result.status == 1 { return [] }
        var pids: [Int32] = []
        for line in result.output.pieces(separator: "\n", omittingEmpty: true) {
            if let pid = line.trimmed.decimal(in: 2...Int(Int32.max)) { pids.append(Int32(pid)) }
        }
        guard result.status == 0, !pids.isEmpty else {
            throw Unknown(
                reason: ShellWords.quote(["pgrep"] + arguments) + " ends with status " + String(result.status) + ": "
                    + (result.errors + result.output).trimmed)
        }
        return pids.compactMap { Held(OtherProcess(pid: $0, zone: zone, name: name)) }
    }

    private func ask(_ running: Running) throws(SystemError) {
        switch hypervisor {
        // bhyve takes SIGTERM for its power button.
        case .bhyve: for held in running.processes { try held.process.send(.terminate) }
        case .classicQEMU, .modernQEMU: try tell(running, "system_powerdown")
        }
    }

    /// Gives QEMU's monitor a command, when it has greeted or answered the one before. Whether it is obeyed shows in whether
    /// the process ends.
    private func tell(_ running: Running, _ command: String) throws(SystemError) {
        let line: String
        if case .modernQEMU = hypervisor {
            line = JSON.object([JSON.Member("execute", .string(command))]).text
        } else {
            line = command
        }
        switch running.monitor {
        case .reached(let monitor):
            _ = monitor.receive(within: 1000)
            try monitor.write(line + "\n")
        case .unreached(let error): throw error
        case .none: break
        }
    }
}
