import Hypervisors
import Platform
import Text

/// Stops a zone's hypervisor by a ladder of two rungs: the power button, which asks the guest to power off, and, where that
/// is wanted, force. Every rung has a limit, so that no guest holds a halt.
///
/// A guest agent, once there is one, is the first rung: it is asked in ``ask(_:within:)``, before the button, and what it does
/// not bring about within the limit the button still may.
package struct MachineStop {
    /// How the hypervisor is found and talked to.
    let hypervisor: Hypervisor
    /// Where it is looked for.
    let place: HypervisorPlace
    /// Presses the button also when it has been pressed before, and the hypervisor has gone on.
    let again: Bool
    /// Called each second that the guest is waited for, with the seconds so far.
    let tick: (Int) -> Void
    /// Takes a line a step.
    let note: (String) -> Void

    package init(
        hypervisor: Hypervisor, place: HypervisorPlace, again: Bool = false, tick: @escaping (Int) -> Void = { _ in },
        note: @escaping (String) -> Void
    ) {
        self.hypervisor = hypervisor
        self.place = place
        self.again = again
        self.tick = tick
        self.note = note
    }

    /// How it went.
    package enum Outcome: Equatable {
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
        /// It was ended; the text says why, such as `the guest ignored the power button for 60 s and was forced off`.
        case forced(String)
        /// It could not be ended.
        case stuck
    }

    /// Asks the guest to power off and waits this long at most; then, where that is wanted, ends the hypervisor.
    package func run(within time: Duration, force: Bool) -> Outcome {
        withHypervisor { stop($0, within: time, force: force) }
    }

    /// Ends the hypervisor without asking the guest.
    package func force() -> Outcome {
        withHypervisor { end($0, because: "the guest was forced off, and was not asked") }
    }

    private func withHypervisor(_ act: (RunningHypervisor) -> Outcome) -> Outcome {
        do throws(Failure) {
            if let running = try hypervisor.find(at: place) { return act(running) }
            note("no hypervisor is running")
            return .notRunning
        } catch {
            note("cannot find out whether a hypervisor is running: \(error.diagnostic.message)")
            return .unknown(error.diagnostic.message)
        }
    }

    private func stop(_ running: RunningHypervisor, within time: Duration, force: Bool) -> Outcome {
        let start = Clock.now
        do throws(SystemError) {
            try ask(running, within: time)
        } catch {
            if !running.hasEnded(within: .zero) {
                note("the guest cannot be asked to power off: \(error.description)")
                return force
                    ? end(running, because: "the guest could not be asked to power off and was forced off")
                    : .unreachable(error.description)
            }
        }
        if hasEnded(running, within: time) {
            note("the guest powered off after \((Clock.now - start).text)")
            return .poweredOff
        }
        note("the guest has ignored the request for \(time.text)")
        return force
            ? end(running, because: "the guest ignored the power button for \(time.text) and was forced off") : .ignored
    }

    private func hasEnded(_ running: RunningHypervisor, within time: Duration) -> Bool {
        let second = Duration.seconds(1)
        var (left, seconds) = (time, 0)
        while left > second {
            if running.hasEnded(within: second) { return true }
            left -= second
            seconds += 1
            tick(seconds)
        }
        return running.hasEnded(within: left)
    }

    /// Presses the power button, unless a press of it is pending.
    private func ask(_ running: RunningHypervisor, within time: Duration) throws(SystemError) {
        let button = PowerButton(zoneroot: place.zoneroot)
        let waiting = "waiting up to \(time.text) for process \(running.names)"
        if !again, let then = button.pressed(running) {
            note("the guest was asked to power off at \(then), and is not asked again; \(waiting)")
            return
        }
        note("asking the guest to power off; \(waiting)")
        try hypervisor.askToPowerOff(running)
        do {
            try button.remember(running)
        } catch {
            if !running.hasEnded(within: .zero) { note(error.description) }
        }
    }

    /// Ends the hypervisor, gently first.
    private func end(_ running: RunningHypervisor, because reason: String) -> Outcome {
        note("forcing the machine off")
        do {
            try hypervisor.forceOff(running, at: place)
        } catch {
            note(error.diagnostic.message)
        }
        if running.hasEnded(within: WayDown.step) {
            note("it has ended")
            return .forced(reason)
        }
        note("it is still there: killing process \(running.names)")
        for failure in running.kill() { note(failure.description) }
        if running.hasEnded(within: WayDown.step) {
            note("it has ended")
            return .forced(reason)
        }
        note("process \(running.names) does not end, even killed")
        return .stuck
    }
}
