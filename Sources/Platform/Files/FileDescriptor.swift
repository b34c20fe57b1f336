import CPlatform
import Text

/// An open file descriptor, closed when it goes out of use.
///
/// Public, for an Embedded build finds how a value that cannot be copied ends in no other module unless its type is.
@frozen public struct FileDescriptor: ~Copyable {
    /// The number the kernel knows it by.
    package let number: Int32

    /// Takes over an open descriptor.
    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        _ = cp_close(number)
    }

    /// The descriptor's number, which whoever asks now has to close.
    consuming func surrendered() -> Int32 {
        let number = number
        discard self
        return number
    }

    /// Writes all of a text's UTF-8.
    static func write(_ text: String, to number: Int32) throws(SystemError) {
        let bytes = Array(text.utf8)
        try write(bytes, to: number)
    }

    static func write(_ bytes: [UInt8], to number: Int32) throws(SystemError) {
        let written = bytes.withUnsafeBytes { cp_write(number, $0.baseAddress, Int64($0.count)) }
        try check(written, "write")
    }

    /// Reads what comes next, at most `count` bytes; empty at the end.
    func read(upTo count: Int) throws(SystemError) -> [UInt8] {
        var failure: Int64 = 0
        let descriptor = number
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let got = cp_read(descriptor, buffer.baseAddress, Int64(count))
            failure = min(got, 0)
            filled = Int(max(got, 0))
        }
        try check(failure, "read")
        return bytes
    }

    /// Reads at most `count` bytes from an offset on.
    func read(upTo count: Int, at offset: Int, name: String) throws(SystemError) -> [UInt8] {
        var result: Int64 = 0
        let descriptor = number
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            result = cp_read_at(descriptor, buffer.baseAddress, Int64(count), Int64(offset))
            filled = Int(max(result, 0))
        }
        try check(result, "read \(name)")
        return bytes
    }

    /// Reads to the end. Throws when there are more than `limit` bytes (EFBIG).
    func readAll(limit: Int, name: String) throws(SystemError) -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let piece: [UInt8]
            do {
                piece = try read(upTo: min(1 << 20, limit - all.count + 1))
            } catch {
                throw SystemError(error, action: "read \(name)")
            }
            if piece.isEmpty { return all }
            all = all.isEmpty ? piece : all + piece
            if all.count > limit { throw SystemError(code: cp_efbig, action: "read \(name)") }
        }
    }

    /// What fstat(2) says.
    func status(name: String) throws(SystemError) -> FileStatus {
        var raw = cp_status()
        try check(cp_status(number, &raw), "look at \(name)")
        return FileStatus(raw)
    }
}

/// What a file is (stat(2)).
package struct FileStatus: Equatable, Sendable {
    /// What kind of file it is.
    package enum Kind: Sendable {
        case regular, directory, symbolicLink, socket, device, other
    }

    /// Itself, not what a link points to.
    package let kind: Kind
    /// Permission bits.
    package let mode: UInt32
    /// User id.
    package let owner: UInt32
    /// Bytes.
    package let size: UInt64
    let inode: UInt64

    init(_ raw: cp_status) {
        switch UInt32(bitPattern: raw.kind) {
        case CP_REGULAR.rawValue: kind = .regular
        case CP_DIRECTORY.rawValue: kind = .directory
        case CP_SYMLINK.rawValue: kind = .symbolicLink
        case CP_SOCKET.rawValue: kind = .socket
        case CP_DEVICE.rawValue: kind = .device
        default: kind = .other
        }
        mode = raw.mode
        owner = raw.owner
        size = raw.size
        inode = raw.inode
    }
}
