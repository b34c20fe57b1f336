import Glibc

/// Stream sockets at paths.
enum UnixSocket {
    /// Connects; `nil` when nobody listens there.
    static func connect(_ path: String) -> Int32? {
        let descriptor = make()
        guard withAddress(path, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// Listens at a path, in place of whatever was there.
    static func listen(_ path: String) throws -> Int32 {
        let descriptor = make()
        unlink(path)
        guard withAddress(path, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 16) == 0 else {
            let code = errno
            close(descriptor)
            throw LabError(errno: code, "cannot listen at \(path)", remedy: "a socket's path holds 107 bytes")
        }
        return descriptor
    }

    private static func make() -> Int32 {
        socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return -1
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// Plain reads and writes on a descriptor.
enum Stream {
    /// What is there, at most 64 KiB; empty at the end, `nil` when there is nothing yet.
    static func read(_ descriptor: Int32) -> [UInt8]? {
        var failed: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, filled in
            var count: Int
            repeat { count = Glibc.read(descriptor, buffer.baseAddress, 65536) } while count == -1 && errno == EINTR
            failed = count == -1 ? errno : 0
            filled = max(count, 0)
        }
        return failed == EAGAIN ? nil : bytes
    }

    /// The text to the end.
    static func readAll(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        while let piece = read(descriptor), !piece.isEmpty { bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes all of it; false when the other side does not take it.
    @discardableResult
    static func write(_ descriptor: Int32, _ bytes: some Collection<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count == -1 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    static func write(_ descriptor: Int32, _ text: String) -> Bool { write(descriptor, text.utf8) }
}
