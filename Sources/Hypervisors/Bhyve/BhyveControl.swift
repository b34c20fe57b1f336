import Platform
import Text

/// How a bhyve is found, asked to power off, and forced off. It has no monitor.
enum BhyveControl {
    static func find(at place: HypervisorPlace) throws(Failure) -> RunningHypervisor? {
        RunningHypervisor(try place.processes(named: "bhyve"), .none)
    }

    /// bhyve(8) takes SIGTERM for its power button.
    static func askToPowerOff(_ running: RunningHypervisor) throws(SystemError) {
        for held in running.processes { try held.process.send(.terminate) }
    }

    static func forceOff(_ running: RunningHypervisor, at place: HypervisorPlace) throws(Failure) {
        try place.commands.run(
            "/usr/sbin/bhyvectl", ["--vm=\(place.zone)", "--force-poweroff"], within: place.patience)
    }
}
