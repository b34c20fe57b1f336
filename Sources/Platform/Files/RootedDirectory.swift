import CPlatform
import Text

/// A zone root, or another directory whose contents are hostile.
///
/// A compromised hypervisor may put symbolic links, fifos and devices anywhere below it. So every path is walked from the
/// descriptor of the directory itself, one component at a time, and no link is followed: not the last component's, not
/// one on the way. Absolute paths count from this directory; `..` is refused.
package struct RootedDirectory: ~Copyable {
    /// What messages call it: the path it was opened by.
    package let path: String
    let descriptor: FileDescriptor

    /// Opens the directory. Its own path belongs to the global zone and is followed as usual.
    package init(_ path: String) throws(SystemError) {
        self.path = path
        descriptor = FileDescriptor(owning: try check(cp_open_directory(path), "open \(path)"))
    }

    /// The bytes of a regular file of at most `limit` bytes. Throws ELOOP at a symbolic link.
    @export(interface)
    package func read(_ file: String, limit: Int) throws(SystemError) -> [UInt8] {
        try openRegular(file).readAll(limit: limit, name: shown(file))
    }

    /// The last bytes of a regular file, `count` at most. Throws ELOOP at a symbolic link.
    package func readEnd(of file: String, count: Int) throws(SystemError) -> [UInt8] {
        let opened = try openRegular(file)
        let size = Int(clamping: try opened.status(name: shown(file)).size)
        return try opened.read(upTo: count, at: max(0, size - count), name: shown(file))
    }

    /// Opens a regular file to read it. Throws ELOOP at a symbolic link.
    func openRegular(_ file: String) throws(SystemError) -> FileDescriptor {
        let place = try walk(to: file)
        var raw = cp_status()
        try check(cp_status_at(place.parent.number, place.name, &raw), "open \(shown(file))")
        // Opening a device may do something already. A link is left to the opening, which does not follow it.
        guard [.regular, .symbolicLink].contains(FileStatus(raw).kind) else {
            throw SystemError("read \(shown(file))", reason: "it is not a regular file")
        }
        let opened = FileDescriptor(
            owning: try check(cp_open_file_at(place.parent.number, place.name), "open \(shown(file))"))
        guard try opened.status(name: shown(file)).kind == .regular else {
            throw SystemError("read \(shown(file))", reason: "it is not a regular file")
        }
        return opened
    }

    /// What a file is, itself and not what a link points to; `nil` when there is none.
    package func status(_ file: String) throws(SystemError) -> FileStatus? {
        do {
            let place = try walk(to: file)
            var raw = cp_status()
            try check(cp_status_at(place.parent.number, place.name, &raw), "look at \(shown(file))")
            return FileStatus(raw)
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    /// The path as the global zone sees it, for messages alone.
    package func shown(_ file: String) -> String {
        (path == "/" ? "" : path) + (file.beginsWith("/") ? file : "/\(file)")
    }

    /// The open directory that holds a file, and the file's name in it.
    func walk(to file: String) throws(SystemError) -> FileInDirectory {
        var components = file.pieces(separator: "/", omittingEmpty: true)
        guard let name = components.popLast(), name != "..", !components.contains(".."),
            !file.utf8.contains(0)
        else {
            throw SystemError("open \(shown(file))", reason: "there is no such place in a zone root")
        }
        var directory = FileDescriptor(
            owning: try check(cp_open_directory_at(descriptor.number, "."), "open \(path)"))
        for component in components {
            directory = FileDescriptor(
                owning: try check(cp_open_directory_at(directory.number, component), "open \(shown(file))"))
        }
        return FileInDirectory(parent: directory, name: name)
    }
}

/// A name in an open directory.
struct FileInDirectory: ~Copyable {
    let parent: FileDescriptor
    let name: String
}

extension RootedDirectory {
    /// Opens the directory, or tells why a hook cannot go on without it.
    package static func open(_ path: String, remedy: String) throws(Failure) -> RootedDirectory {
        do {
            return try RootedDirectory(path)
        } catch {
            throw Failure(error, remedy: remedy)
        }
    }
}
