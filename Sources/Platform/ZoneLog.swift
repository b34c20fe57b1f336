import CPlatform

/// The log of what hooks do to a zone: `ZONEPATH/log/zone.log`, of mode 0600, added to, times in UTC.
///
/// Only root of the global zone reaches a zonepath, so the file is opened by name. A log that cannot be written keeps no
/// zone from starting or stopping.
public struct ZoneLog: Sendable {
    /// Where it lies.
    public let path: String
    /// Where the last run's lies.
    private var oldPath: String { path + ".old" }
    private let directory: String
    /// What stands before every message: the hook's name.
    private let hook: String

    public init(zonepath: String, hook: String) {
        directory = zonepath + "/log"
        path = directory + "/zone.log"
        self.hook = hook
    }

    /// The log of the run before becomes `zone.log.old`, so that neither grows without end.
    public func startAnew() {
        _ = cp_rename(path, oldPath)
    }

    /// Adds a line; control characters are made visible.
    public func write(_ message: String) {
        _ = cp_make_directory(directory, 0o700)
        let number = cp_open_output(path, 0o600, 1)
        guard number >= 0 else { return }
        let file = FileDescriptor(owning: number)
        try? FileDescriptor.write(Clock.utc + " " + hook + ": " + message.printable + "\n", to: file.number)
    }
}
