import Platform
import Text

/// How today's QEMU is found by who listens on its monitor, and asked by its machine protocol (QMP).
enum ModernQEMUControl {
    static func find(at place: HypervisorPlace) throws(Failure) -> RunningHypervisor? {
        do {
            return try listener(at: place)
        } catch {
            if error.isNotFound || error.isRefused { return nil }
            throw Failure(error.description)
        }
    }

    private static func listener(at place: HypervisorPlace) throws(SystemError) -> RunningHypervisor? {
        let root = try RootedDirectory(place.zoneroot)
        let monitor = try root.connect(to: QEMUPaths.monitor, zone: place.zone)
        guard let process = HeldProcess(try OtherProcess.listening(at: monitor, root: root)) else { return nil }
        let running = RunningHypervisor([process], .reached(monitor))
        if let running { try? execute("qmp_capabilities", running) }
        return running
    }

    private static func execute(_ command: String, _ running: RunningHypervisor) throws(SystemError) {
        try running.tell(JSON.object([JSON.Member("execute", .string(command))]).text)
    }

    static func askToPowerOff(_ running: RunningHypervisor) throws(SystemError) {
        try execute("system_powerdown", running)
    }

    static func forceOff(_ running: RunningHypervisor, at place: HypervisorPlace) throws(Failure) {
        do {
            try execute("quit", running)
        } catch {
            throw Failure(error)
        }
    }
}
