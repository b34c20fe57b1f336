import Platform
import Text

/// The limits of a halt. zoneadmd runs three programs for it, one after the other; whatever hangs, together they take 30
/// seconds more than the guest has to power off.
enum WayDown {
    /// For ending the hypervisor, beside those that the guest has: to take the lock, to find it, to ask it, to force
    /// it off, to see it end, to see it end once it is killed, and to let init write that down.
    static let ending = Duration.seconds(18)
    /// For each of these steps.
    static let step = Duration.seconds(3)
    /// For clearing away what it left.
    static let clearing = Duration.seconds(6)
    /// For removing its VNICs.
    static let removingVNICs = Duration.seconds(6)
}

extension Hook {
    /// The hook on the way down, where nothing may hold the zone: with the zone's lock, if that is to be had soon, and with
    /// commands that are over when this time is.
    func goingDown(within time: Duration) -> Hook {
        let deadline = Deadline(in: time)
        var lock: HeldLock?
        do {
            lock = try ZoneLock.take(zone: zone, runDirectory: try Self.runDirectory(commands), within: WayDown.step)
        } catch {
            log.write("going on without the zone's lock: \(error.diagnostic.message)")
        }
        return until(deadline, holding: lock)
    }
}
