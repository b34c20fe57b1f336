import Text

/// A regular file below a hostile directory that others add to, such as a log: read from near its end, and then on as it
/// grows.
package struct GrowingFile: ~Copyable {
    private let descriptor: FileDescriptor
    private let inode: UInt64
    /// What messages call it.
    private let name: String
    /// Where the next byte is read.
    private var offset: Int

    /// Opens the file to read what is in its last `bytes`, and what is added later. No link is followed.
    package init(_ file: String, in root: borrowing RootedDirectory, last bytes: Int) throws(SystemError) {
        let opened = try root.openRegular(file)
        let status = try opened.status(name: root.shown(file))
        descriptor = opened
        name = root.shown(file)
        inode = status.inode
        offset = max(0, Int(clamping: status.size) - bytes)
    }

    /// True when it is read from its beginning.
    package var isWhole: Bool { offset == 0 }

    /// The next bytes, at most `limit`; empty when there are no more by now.
    package mutating func next(limit: Int) throws(SystemError) -> [UInt8] {
        let bytes = try descriptor.read(upTo: limit, at: offset, name: name)
        offset += bytes.count
        return bytes
    }

    /// True while the name still stands for this very file, and nothing was cut off from it.
    package func isStill(_ file: String, in root: borrowing RootedDirectory) -> Bool {
        guard let status = try? root.status(file) else { return false }
        return status.kind == .regular && status.inode == inode && Int(clamping: status.size) >= offset
    }
}
