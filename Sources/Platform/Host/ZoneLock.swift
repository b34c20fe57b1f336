import CPlatform
import Text

/// Keeps two hooks of one zone from working at the same time. The lock lies outside the zone, below /var/run.
package enum ZoneLock {
    /// How long a hook waits for another one.
    package static let patience = Duration.seconds(30)

    /// Takes the zone's lock, which ends with the value that is returned, and with this process, however that ends. Waits this
    /// long, and throws when another hook still has it then.
    @export(interface)
    package static func take(
        zone: String, runDirectory: String, within time: Duration = patience
    ) throws(Failure) -> HeldLock {
        try take(zone, runDirectory, time, busy: "another hook has worked on the zone")
    }

    /// Takes the lock of what all zones share, the memory reservoir: no zone has such a name.
    @export(interface)
    package static func takeReservoir(runDirectory: String, within time: Duration) throws(Failure) -> HeldLock {
        try take(".reservoir", runDirectory, time, busy: "another zone's hook has moved the memory reservoir")
    }

    private static func take(
        _ name: String, _ runDirectory: String, _ time: Duration, busy: String
    ) throws(Failure) -> HeldLock {
        do throws(SystemError) {
            return try lock(name, runDirectory, time)
        } catch {
            guard error.code == cp_eagain else { throw Failure(error, remedy: "run it as root") }
            throw Failure(
                "\(busy) for more than \(time.text)",
                remedy: "try again when it is done: \(runDirectory)/hvm-brand/\(name).lock is its lock")
        }
    }

    /// A directory that another user made, or a link to one, is not where locks and reservations are kept.
    private static func checkIsOurs(_ directory: String, in runDirectory: String) throws(SystemError) {
        let found = try RootedDirectory(runDirectory).status(directory.baseName)
        guard let found, found.kind == .directory, found.owner == Program.user, found.mode & 0o022 == 0 else {
            throw SystemError("use \(directory)", reason: "it is not a directory of this user's alone")
        }
    }

    private static func lock(_ name: String, _ runDirectory: String, _ time: Duration) throws(SystemError) -> HeldLock {
        let directory = "\(runDirectory)/hvm-brand"
        let path = "\(directory)/\(name).lock"
        try check(cp_make_directory(directory, 0o700), "make \(directory)")
        try checkIsOurs(directory, in: runDirectory)
        let descriptor = FileDescriptor(owning: try check(cp_open_lock(path), "open \(path)"))
        let deadline = Deadline(in: time)
        var locked = cp_lock(descriptor.number)
        while -locked == cp_eagain && !deadline.hasPassed {
            try Program.checkInterrupt("wait for \(path)")
            Clock.sleep(.milliseconds(50))
            locked = cp_lock(descriptor.number)
        }
        try check(locked, "lock \(path)")
        return HeldLock(descriptor)
    }
}

/// A lock that is held as long as this value is in use, and by each command that was given it, to that command's end.
package final class HeldLock: Sendable {
    private let descriptor: FileDescriptor

    fileprivate init(_ descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
    }

    var number: Int32 { descriptor.number }
}
