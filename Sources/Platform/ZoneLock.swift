import CPlatform

/// Keeps two hooks of one zone from working at the same time. The lock lies outside the zone, below /var/run.
public enum ZoneLock {
    /// How long a hook waits for another one, in seconds.
    public static let patience = 30

    /// Takes the zone's lock, which ends with this process, however that ends. Waits for so many seconds, and throws when
    /// another hook still has it then.
    @export(interface)
    public static func take(zone: String, runDirectory: String, seconds: Int = patience) throws(HookFailure) {
        do throws(SystemError) {
            try lock(zone, runDirectory, seconds)
        } catch {
            guard error.code == SystemError.again else { throw HookFailure(error, remedy: "run it as root") }
            throw HookFailure(
                "another hook has worked on the zone for more than " + String(seconds) + " s",
                remedy: "try again when it is done: " + runDirectory + "/hvm-brand/" + zone + ".lock is its lock")
        }
    }

    private static func lock(_ zone: String, _ runDirectory: String, _ seconds: Int) throws(SystemError) {
        let directory = runDirectory + "/hvm-brand"
        let path = directory + "/" + zone + ".lock"
        try check(cp_make_directory(directory, 0o700), "make " + directory)
        let number = try check(cp_open_lock(path), "open " + path)
        let end = Clock.milliseconds + seconds * 1000
        var locked = cp_lock(number)
        while -locked == SystemError.again && Clock.milliseconds < end {
            Clock.sleep(milliseconds: 50)
            locked = cp_lock(number)
        }
        try check(locked, "lock " + path)
    }
}
