import Glibc

/// A lock between processes, on a file; ends with the process at the latest.
struct FileLock {
    private let descriptor: Int32

    /// Waits until nobody else has it.
    init(_ path: String) throws {
        guard let lock = try FileLock(trying: path, LOCK_EX) else {
            throw LabError(errno: errno, "cannot lock \(path)")
        }
        self = lock
    }

    /// `nil` when somebody else has it.
    init?(trying path: String) throws {
        guard let lock = try FileLock(trying: path, LOCK_EX | LOCK_NB) else { return nil }
        self = lock
    }

    private init?(trying path: String, _ operation: Int32) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LabError(errno: errno, "cannot open \(path)") }
        var result: Int32
        repeat { result = flock(descriptor, operation) } while result == -1 && errno == EINTR
        guard result == 0 else {
            close(descriptor)
            return nil
        }
    }

    func release() { close(descriptor) }
}
