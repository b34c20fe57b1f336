import Hypervisors
import Machine
import Platform

/// Stops a zone's hypervisor: asks the guest to power off, waits for the process to end, and, where that is wanted, ends
/// it. Every step has a limit, so that no guest holds a halt.
struct MachineStop {
    let zone: String
    /// How the hypervisor is found and talked to.
    let hypervisor: Hypervisor
    let commands: HostCommands
    /// Takes a line a step.
    let note: (String) -> Void

    /// How it went.
    enum Outcome: Equatable {
        /// There was no hypervisor.
        case notRunning
        /// The guest powered off by itself.
        case poweredOff
        /// It did not, within the limit, and was left alone.
        case ignored
        /// It was ended.
        case forced
        /// It could not be ended.
        case stuck
    }

    /// Seconds for each step of ending a hypervisor that ignores its guest's power button.
    private static let forceLimit = 5

    /// Asks the guest to power off and waits so many seconds at most; then, where that is wanted, ends the hypervisor.
    func run(_ root: borrowing RootedDirectory, seconds: Int, force: Bool) -> Outcome {
        guard let running = find(root) else {
            note("no hypervisor is running")
            return .notRunning
        }
        let pid = String(running.process.pid)
        note("asking the guest to power off; waiting up to " + String(seconds) + " s for process " + pid)
        let start = Clock.milliseconds
        ask(running)
        if running.process.hasEnded(within: seconds * 1000) {
            note("the guest powered off after " + String((Clock.milliseconds - start + 500) / 1000) + " s")
            return .poweredOff
        }
        note("the guest has ignored the request for " + String(seconds) + " s")
        return force ? end(running) : .ignored
    }

    /// Ends the hypervisor, gently first.
    private func end(_ running: borrowing Running) -> Outcome {
        note("forcing the machine off")
        switch hypervisor {
        case .bhyve:
            _ = try? commands.command("/usr/sbin/bhyvectl", ["--vm=" + zone, "--force-poweroff"]).run(
                seconds: Self.forceLimit)
        case .classicQEMU, .modernQEMU:
            tell(running, "quit")
        }
        if running.process.hasEnded(within: Self.forceLimit * 1000) { return .forced }
        note("it is still there: killing process " + String(running.process.pid))
        running.process.send(.kill)
        if running.process.hasEnded(within: Self.forceLimit * 1000) { return .forced }
        note("process " + String(running.process.pid) + " does not end, even killed")
        return .stuck
    }

    // MARK: Finding and asking

    /// A hypervisor, held from the first look to the last.
    private struct Running: ~Copyable {
        let process: OtherProcess
        /// QEMU's monitor, where it could be reached.
        let monitor: FileDescriptor?
    }

    /// The hypervisor's process. What the zone itself says about that is not believed: on illumos the system is asked for
    /// processes of the zone, on Linux the kernel for who listens on the monitor's socket.
    private func find(_ root: borrowing RootedDirectory) -> Running? {
        switch hypervisor {
        case .bhyve: return found(process(named: "bhyve"), monitor: nil)
        // illumos keeps 15 characters of a process's name.
        case .classicQEMU: return found(process(named: "qemu-system-x86"), monitor: connect(root))
        case .modernQEMU:
            guard let monitor = connect(root) else { return nil }
            guard let pid = monitor.peerProcess else { return nil }
            return found(OtherProcess(pid: pid), monitor: monitor)
        }
    }

    private func found(_ process: consuming OtherProcess?, monitor: consuming FileDescriptor?) -> Running? {
        guard let process else { return nil }
        let running = Running(process: process, monitor: monitor)
        if case .modernQEMU = hypervisor { tell(running, "qmp_capabilities") }
        return running
    }

    private func connect(_ root: borrowing RootedDirectory) -> FileDescriptor? {
        do {
            return try root.connect(to: QEMUPaths.monitor, zone: zone)
        } catch {
            if !error.isNotFound { note("QEMU's monitor cannot be reached: " + error.description) }
            return nil
        }
    }

    private func process(named name: String) -> OtherProcess? {
        let pgrep = commands.command("/usr/bin/pgrep", ["-z", zone, "-x", name])
        guard let result = try? pgrep.run(seconds: Self.forceLimit), result.status == 0 else { return nil }
        let first = result.output.pieces(separator: "\n").first?.trimmed
        guard let pid = first?.decimal(in: 2...Int(Int32.max)) else { return nil }
        return OtherProcess(pid: Int32(pid), zone: zone, name: name)
    }

    private func ask(_ running: borrowing Running) {
        switch hypervisor {
        // bhyve takes SIGTERM for its power button.
        case .bhyve: running.process.send(.terminate)
        case .classicQEMU, .modernQEMU: tell(running, "system_powerdown")
        }
    }

    /// Gives QEMU's monitor a command, when it has greeted or answered the one before. Whether it is obeyed shows in whether
    /// the process ends.
    private func tell(_ running: borrowing Running, _ command: String) {
        let line: String
        if case .modernQEMU = hypervisor {
            line = JSON.object([JSON.Member("execute", .string(command))]).text
        } else {
            line = command
        }
        do throws(SystemError) {
            switch running.monitor {
            case .some(let monitor):
                _ = monitor.receive(within: 1000)
                try monitor.write(line + "\n")
            case .none: break
            }
        } catch {
            note("QEMU's monitor cannot be told " + command + ": " + error.description)
        }
    }
}
