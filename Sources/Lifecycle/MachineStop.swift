import Hypervisors
import Platform
import Text

/// Stops a zone's hypervisor: asks the guest to power off, waits for the process to end, and, where that is wanted, ends
/// it. Every step has a limit, so that no guest holds a halt.
struct MachineStop {
    /// How the hypervisor is found and talked to.
    let hypervisor: Hypervisor
    /// Where it is looked for.
    let place: HypervisorPlace
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

    /// Asks the guest to power off and waits this long at most; then, where that is wanted, ends the hypervisor.
    func run(within time: Duration, force: Bool) -> Outcome {
        let running: RunningHypervisor
        do throws(Failure) {
            guard let found = try hypervisor.find(at: place) else {
                note("no hypervisor is running")
                return .notRunning
            }
            running = found
        } catch {
            note("cannot find out whether a hypervisor is running: \(error.diagnostic.message)")
            return .unknown(error.diagnostic.message)
        }
        note("asking the guest to power off; waiting up to \(time.text) for process \(running.names)")
        let start = Clock.now
        do throws(SystemError) {
            try hypervisor.askToPowerOff(running)
        } catch {
            if !running.hasEnded(within: .zero) {
                note("the guest cannot be asked to power off: \(error.description)")
                return force ? end(running) : .unreachable(error.description)
            }
        }
        if running.hasEnded(within: time) {
            note("the guest powered off after \((Clock.now - start).text)")
            return .poweredOff
        }
        note("the guest has ignored the request for \(time.text)")
        return force ? end(running) : .ignored
    }

    /// Ends the hypervisor, gently first.
    private func end(_ running: RunningHypervisor) -> Outcome {
        note("forcing the machine off")
        do {
            try hypervisor.forceOff(running, at: place)
        } catch {
            note(error.diagnostic.message)
        }
        if running.hasEnded(within: WayDown.step) {
            note("it has ended")
            return .forced
        }
        note("it is still there: killing process \(running.names)")
        for failure in running.kill() { note(failure.description) }
        if running.hasEnded(within: WayDown.step) {
            note("it has ended")
            return .forced
        }
        note("process \(running.names) does not end, even killed")
        return .stuck
    }
}
