import Platform
import Text

/// How the QEMU of illumos-kvm is found among the zone's processes, and asked by its human monitor.
enum ClassicQEMUControl {
    /// illumos keeps 15 characters of a process's name.
    private static let processName = "qemu-system-x86"

    static func find(at place: HypervisorPlace) throws(Failure) -> RunningHypervisor? {
        let processes = try place.processes(named: processName)
        do {
            let monitor = try RootedDirectory(place.zoneroot).connect(to: QEMUPaths.monitor, zone: place.zone)
            return RunningHypervisor(processes, .reached(monitor))
        } catch {
            return RunningHypervisor(processes, .unreached(error))
        }
    }

    static func askToPowerOff(_ running: RunningHypervisor) throws(SystemError) {
        try running.tell("system_powerdown")
    }

    static func forceOff(_ running: RunningHypervisor, at place: HypervisorPlace) throws(Failure) {
        do {
            try running.tell("quit")
        } catch {
            throw Failure(error)
        }
    }
}
