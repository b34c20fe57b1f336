import CPlatform
import Text

/// Changes below a hostile directory. Each is whole or not there: a file is written beside its name and then takes it.
extension RootedDirectory {
    /// Writes a file with this content and mode, and nothing of what was there before. A link at its name is replaced, not
    /// followed. After a crash the old file or the new one is there.
    package func replace(_ file: String, with bytes: [UInt8], mode: UInt32) throws(SystemError) {
        let staged = try stage(file, with: bytes, mode: mode)
        try staged.takeName()
        try staged.makeLasting()
    }

    /// The same while the zone runs, where nothing may hold us: it can fill a directory faster than that is emptied. So one
    /// that stands in the way stays, and that throws.
    package func replaceFile(_ file: String, with bytes: [UInt8], mode: UInt32) throws(SystemError) {
        try removeStagedFile(file, .new)
        let staged = try write(file, bytes, mode: mode, as: .new)
        try staged.takeName()
    }

    /// Makes a directory with exactly this mode, and this group when there is one.
    package func makeDirectory(_ path: String, mode: UInt32, group: UInt32? = nil) throws(SystemError) {
        let place = try walk(to: path)
        let action = "make \(shown(path))"
        try check(cp_make_directory_at(place.parent.number, place.name, mode), action)
        let made = FileDescriptor(owning: try check(cp_open_directory_at(place.parent.number, place.name), action))
        if let group { try check(cp_set_owner(made.number, 0, group), action) }
        // After the change of owner, which takes special bits away; and whatever the umask is.
        try check(cp_set_mode(made.number, mode), action)
    }

    /// Sees to it that there is a directory with exactly this mode. Throws ENOTDIR when something else has its name.
    package func ensureDirectory(_ path: String, mode: UInt32) throws(SystemError) {
        guard try status(path) != nil else { return try makeDirectory(path, mode: mode) }
        let place = try walk(to: path)
        let action = "open \(shown(path))"
        let found = FileDescriptor(owning: try check(cp_open_directory_at(place.parent.number, place.name), action))
        try check(cp_set_mode(found.number, mode), action)
    }

    /// True when a file can be made in a directory, false when it is mounted read-only. Throws for any other reason
    /// (ELOOP and ENOTDIR where it is not a directory).
    package func isWritable(_ path: String) throws(SystemError) -> Bool {
        let place = try walk(to: path)
        let action = "write in \(shown(path))"
        let directory = FileDescriptor(owning: try check(cp_open_directory_at(place.parent.number, place.name), action))
        let name = ".try." + randomBytes(8).map { $0.hexadecimal }.joined()
        return try check(cp_is_writable(directory.number, name), action) == 1
    }

    /// Removes an empty directory.
    package func removeDirectory(_ path: String) throws(SystemError) {
        let place = try walk(to: path)
        try check(cp_remove_at(place.parent.number, place.name, 1), "remove \(shown(path))")
    }

    /// Makes a symbolic link.
    package func makeLink(_ path: String, to target: String) throws(SystemError) {
        let place = try walk(to: path)
        try check(cp_make_link_at(place.parent.number, target, place.name), "make \(shown(path))")
    }

    /// Removes a file or link, if there is one. Throws for a directory.
    package func remove(_ path: String) throws(SystemError) {
        do {
            let place = try walk(to: path)
            try check(cp_remove_at(place.parent.number, place.name, 0), "remove \(shown(path))")
        } catch {
            guard error.isNotFound else { throw error }
        }
    }

    /// Renames a file of any kind in its directory, and makes that last. Replaces a file of that name.
    package func rename(_ file: String, to name: String) throws(SystemError) {
        let action = "rename \(shown(file)) to \(name)"
        try checkIsEntry(name)
        let place = try walk(to: file)
        try check(cp_rename_at(place.parent.number, place.name, place.parent.number, name), action)
        try check(cp_sync(place.parent.number), action)
    }

    /// Removes an entry of this directory with everything below it, if there is one. Links are removed, not followed;
    /// what another file system is mounted on stays. Returns what could not be removed.
    package func removeTree(_ name: String) throws(SystemError) -> [SystemError] {
        try checkIsEntry(name)
        return descriptor.removeTree(EntryName(name), shown: shown(name))
    }

    /// An entry of this very directory, and no way out of it.
    private func checkIsEntry(_ name: String) throws(SystemError) {
        guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(0), !name.holds("/") else {
            throw SystemError("use \(name.printable.quoted) in \(path)", reason: "it is not the name of an entry")
        }
    }

    /// Sends this process's standard output and error to the end of a file, and gives it no input. See ``append(_:to:)``.
    package func redirectStandardDescriptors(to file: String) throws(SystemError) {
        let action = "write \(shown(file))"
        let output = try openToAppend(file)
        // First, so that an error from here on is in the file.
        try check(cp_duplicate(output.number, 1), action)
        try check(cp_duplicate(output.number, 2), action)
        let input = FileDescriptor(owning: try check(cp_open_file("/dev/null"), "open /dev/null"))
        try check(cp_duplicate(input.number, 0), action)
    }

    /// Adds a text to the end of a file. What is not a regular file with this name alone is replaced by a fresh one of mode
    /// 0600, and never written to.
    package func append(_ text: String, to file: String) throws(SystemError) {
        let output = try openToAppend(file)
        try output.write(text)
    }

    private func openToAppend(_ file: String) throws(SystemError) -> FileDescriptor {
        let place = try walk(to: file)
        let number = cp_append_at(place.parent.number, place.name)
        if number >= 0 { return FileDescriptor(owning: number) }
        try remove(file)
        return FileDescriptor(
            owning: try check(cp_create_at(place.parent.number, place.name, 0o600), "write \(shown(file))"))
    }

    /// The names in this directory, sorted; those that are not UTF-8 as messages show them.
    package func names() throws(SystemError) -> [String] {
        try descriptor.names(name: path).map { $0.text }
    }

    /// Connects to a UNIX socket. On illumos whoever listens must be in the zone, or, when none is named, in the one whose
    /// root this directory is.
    package func connect(to path: String, zone: String?) throws(SystemError) -> FileDescriptor {
        let place = try walk(to: path)
        let action = "connect to \(shown(path))"
        let socket =
            if let zone {
                cp_connect_at(place.parent.number, place.name, descriptor.number, zone)
            } else {
                cp_connect_at(place.parent.number, place.name, descriptor.number, nil)
            }
        return FileDescriptor(owning: try check(socket, action))
    }
}

/// The removal of a tree, which may be deeper than there are descriptors: what lies too deep is moved up to the top of the
/// tree itself, to be removed from there. What an interrupted removal leaves is thus still in the tree.
private final class Removal {
    var failures: [SystemError] = []
    /// Names at the top that are still to be removed.
    var risen: [EntryName] = []

    /// How far descriptors are held open.
    static let deepest = 64
}

extension FileDescriptor {
    /// Removes an entry of this directory with everything below it; returns what could not be removed.
    borrowing func removeTree(_ name: EntryName, shown: String) -> [SystemError] {
        let removal = Removal()
        do throws(SystemError) {
            guard let top = try openOrRemove(name, shown: shown) else { return [] }
            for entry in try top.names(name: shown) {
                top.remove(entry, top: top, shown: "\(shown)/\(entry.text)", removal, depth: 1)
            }
            while let next = removal.risen.popLast() {
                top.remove(next, top: top, shown: "\(shown)/\(next.text)", removal, depth: 1)
            }
            if removal.failures.isEmpty { try check(cp_remove_at(number, name.cString, 1), "remove \(shown)") }
        } catch {
            removal.failures.append(error)
        }
        return removal.failures
    }

    private borrowing func remove(
        _ name: EntryName, top: borrowing FileDescriptor, shown: String, _ removal: Removal, depth: Int
    ) {
        do throws(SystemError) {
            guard let directory = try openOrRemove(name, shown: shown) else { return }
            if depth == Removal.deepest {
                let risen = EntryName(".removed." + String(try directory.status(name: shown).inode))
                try check(cp_rename_at(number, name.cString, top.number, risen.cString), "move \(shown)")
                removal.risen.append(risen)
                return
            }
            let failed = removal.failures.count
            for entry in try directory.names(name: shown) {
                directory.remove(entry, top: top, shown: "\(shown)/\(entry.text)", removal, depth: depth + 1)
            }
            // What could not be removed has been told, and keeps its directory.
            if removal.failures.count == failed { try check(cp_remove_at(number, name.cString, 1), "remove \(shown)") }
        } catch {
            removal.failures.append(error)
        }
    }

    /// Opens a directory; removes anything else, when there is something. Throws where something is mounted.
    private borrowing func openOrRemove(_ name: EntryName, shown: String) throws(SystemError) -> FileDescriptor? {
        var raw = cp_status()
        let found = cp_status_at(number, name.cString, &raw)
        if -found == cp_enoent { return nil }
        try check(found, "look at \(shown)")
        guard FileStatus(raw).kind == .directory else {
            try check(cp_remove_at(number, name.cString, 0), "remove \(shown)")
            return nil
        }
        let directory = FileDescriptor(owning: try check(cp_open_directory_at(number, name.cString), "open \(shown)"))
        guard try check(cp_mounted_together(directory.number, number), "look at \(shown)") == 1 else {
            throw SystemError("remove \(shown)", reason: "something is mounted there")
        }
        return directory
    }
}
