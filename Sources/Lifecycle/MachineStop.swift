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
        /// It did not, within the limit.
        case ignored
        /// It was ended.
        case forced
        /// It could not be ended.
        case stuck
    }

    /// Seconds for each step of ending a hypervisor that ignores its guest's power button.
    private static let forceLimit = 5

    /// Asks the guest, and waits so many seconds at most.
    func powerOff(_ root: borrowing RootedDirectory, seconds: Int) -> Outcome {
        guard let process = find(root) else {
            note("no hypervisor is running")
            return .notRunning
        }
        note("asking the guest to power off; waiting up to " + String(seconds) + " s for process " + String(process.pid))
        let start = Clock.milliseconds
        ask(process, root)
        guard process.hasEnded(within: seconds * 1000) else {
            note("the guest has ignored the request for " + String(seconds) + " s")
            return .ignored
        }
        note("the guest powered off after " + String((Clock.milliseconds - start + 500) / 1000) + " s")
        return .poweredOff
    }

    /// Ends the hypervisor, gently first.
    func force(_ root: borrowing RootedDirectory) -> Outcome {
        guard let process = find(root) else { return .forced }
        note("forcing the machine off")
        switch hypervisor {
        case .bhyve:
            _ = try? commands.command("/usr/sbin/bhyvectl", ["--vm=" + zone, "--force-poweroff"]).run(
                seconds: Self.forceLimit)
        case .classicQEMU, .modernQEMU:
            tell("quit", root)
        }
        if process.hasEnded(within: Self.forceLimit * 1000) { return .forced }
        note("it is still there: killing process " + String(process.pid))
        process.send(.kill)
        if process.hasEnded(within: Self.forceLimit * 1000) { return .forced }
        note("process " + String(process.pid) + " does not end, even killed")
        return .stuck
    }

    // MARK: Finding and asking

    /// The hypervisor's process. What the zone itself says about that is not believed: on illumos the system is asked for
    /// processes of the zone, on Linux the kernel for who listens on the monitor's socket.
    private func find(_ root: borrowing RootedDirectory) -> OtherProcess? {
        switch hypervisor {
        case .bhyve: return findByName("bhyve")
        // illumos keeps 15 characters of a process's name.
        case .classicQEMU: return findByName("qemu-system-x86")
        case .modernQEMU:
            guard let monitor = try? root.connect(to: QEMUPaths.monitor, zone: zone), let pid = monitor.peerProcess
            else { return nil }
            return OtherProcess(pid: pid)
        }
    }

    private func findByName(_ name: String) -> OtherProcess? {
        let pgrep = commands.command("/usr/bin/pgrep", ["-z", zone, "-x", name])
        guard let result = try? pgrep.run(seconds: Self.forceLimit), result.status == 0 else { return nil }
        let first = result.output.split(separator: "\n").first.map { String($0).trimmed }
        guard let number = first?.decimal(in: 2...Int(Int32.max)) else { return nil }
        return OtherProcess(pid: Int32(number))
    }

    private func ask(_ process: borrowing OtherProcess, _ root: borrowing RootedDirectory) {
        switch hypervisor {
        // bhyve takes SIGTERM for its power button.
        case .bhyve: process.send(.terminate)
        case .classicQEMU, .modernQEMU: tell("system_powerdown", root)
        }
    }

    /// Gives QEMU's monitor a command. Whether it is obeyed shows in whether the process ends.
    private func tell(_ command: String, _ root: borrowing RootedDirectory) {
        do throws(SystemError) {
            let monitor = try root.connect(to: QEMUPaths.monitor, zone: zone)
            switch hypervisor {
            case .modernQEMU:
                for name in ["qmp_capabilities", command] {
                    _ = monitor.receive(within: 2000)
                    try monitor.write(JSON.object([JSON.Member("execute", .string(name))]).text + "\n")
                }
            case .classicQEMU, .bhyve:
                _ = monitor.receive(within: 2000)
                try monitor.write(command + "\n")
            }
            _ = monitor.receive(within: 2000)
        } catch {
            note("QEMU's monitor cannot be told " + command + ": " + error.description)
        }
    }
}
