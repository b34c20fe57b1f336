import CPlatform

/// Changes below a hostile directory. Each is whole or not there: a file is written beside its name and then takes it.
extension RootedDirectory {
    /// Gives a file this content, mode and nothing of what stood there before. A link at its name is replaced, not
    /// followed. After a crash the old file or the new one is there.
    public func replace(_ file: String, with bytes: [UInt8], mode: UInt32) throws(SystemError) {
        let place = try walk(to: file)
        let temporary = "." + place.name + ".new"
        let action = "write " + shown(file)
        // What an earlier run left when it was killed.
        if let left = try place.parent.removeTree(temporary, shown: shown(file)).first { throw left }
        let output = FileDescriptor(owning: try check(cp_create_at(place.parent.number, temporary, mode), action))
        do {
            try check(bytes.withUnsafeBytes { cp_write(output.number, $0.baseAddress, Int64($0.count)) }, action)
            try check(cp_set_mode(output.number, mode), action)
            try check(cp_sync(output.number), action)
            try check(cp_rename_at(place.parent.number, temporary, place.parent.number, place.name), action)
        } catch {
            _ = cp_remove_at(place.parent.number, temporary, 0)
            throw error
        }
        try check(cp_sync(place.parent.number), action)
    }

    /// Makes a directory with exactly this mode, and this group when there is one.
    public func makeDirectory(_ path: String, mode: UInt32, group: UInt32? = nil) throws(SystemError) {
        let place = try walk(to: path)
        let action = "make " + shown(path)
        try check(cp_make_directory_at(place.parent.number, place.name, mode), action)
        let made = FileDescriptor(owning: try check(cp_open_directory_at(place.parent.number, place.name), action))
        if let group { try check(cp_set_owner(made.number, 0, group), action) }
        // After the change of owner, which takes special bits away; and whatever the umask is.
        try check(cp_set_mode(made.number, mode), action)
    }

    /// Makes a symbolic link.
    public func makeLink(_ path: String, to target: String) throws(SystemError) {
        let place = try walk(to: path)
        try check(cp_make_link_at(place.parent.number, target, place.name), "make " + shown(path))
    }

    /// Removes a file or link, if there is one. Throws for a directory.
    public func remove(_ path: String) throws(SystemError) {
        do {
            let place = try walk(to: path)
            try check(cp_remove_at(place.parent.number, place.name, 0), "remove " + shown(path))
        } catch {
            guard error.isNotFound else { throw error }
        }
    }

    /// Renames an entry of this directory, and makes that last.
    public func rename(_ from: String, to name: String) throws(SystemError) {
        let action = "rename " + shown(from) + " to " + shown(name)
        try checkIsEntry(from)
        try checkIsEntry(name)
        try check(cp_rename_at(descriptor.number, from, descriptor.number, name), action)
        try check(cp_sync(descriptor.number), action)
    }

    /// Removes an entry of this directory with everything below it, if there is one. Links are removed, not followed;
    /// what another file system is mounted on stays. Gives what could not be removed.
    public func removeTree(_ name: String) throws(SystemError) -> [SystemError] {
        try checkIsEntry(name)
        return try descriptor.removeTree(name, shown: shown(name))
    }

    /// An entry of this very directory, and no way out of it.
    private func checkIsEntry(_ name: String) throws(SystemError) {
        guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(0), !name.holds("/") else {
            throw SystemError(code: 22, action: "use \"" + name.printable + "\" as a name in " + path)
        }
    }

    /// Sends this process's standard output and error to a fresh file of mode 0600, and gives it no input.
    public func redirectStandardDescriptors(to file: String) throws(SystemError) {
        try remove(file)
        let place = try walk(to: file)
        let action = "write " + shown(file)
        let output = FileDescriptor(owning: try check(cp_create_at(place.parent.number, place.name, 0o600), action))
        let input = FileDescriptor(owning: try check(cp_open_file("/dev/null"), "open /dev/null"))
        try check(cp_duplicate(input.number, 0), action)
        try check(cp_duplicate(output.number, 1), action)
        try check(cp_duplicate(output.number, 2), action)
    }

    /// The names in this directory, sorted.
    public func names() throws(SystemError) -> [String] {
        try descriptor.names(name: path)
    }

    /// Connects to a UNIX socket. On illumos whoever listens must be in the zone.
    public func connect(to path: String, zone: String?) throws(SystemError) -> FileDescriptor {
        let place = try walk(to: path)
        let action = "connect to " + shown(path)
        let socket =
            if let zone {
                cp_connect_at(place.parent.number, place.name, zone)
            } else {
                cp_connect_at(place.parent.number, place.name, nil)
            }
        return FileDescriptor(owning: try check(socket, action))
    }
}

/// The removal of a tree, which may be deeper than there are descriptors: what lies too deep is moved up to the top, to be
/// removed from there.
private final class Removal {
    var failures: [SystemError] = []
    /// Names at the top that are still to be removed.
    var risen: [String] = []
    /// The file system the tree lies on.
    let device: UInt64

    init(device: UInt64) {
        self.device = device
    }

    /// How far descriptors are held open.
    static let deepest = 64
}

extension FileDescriptor {
    /// Removes an entry of this directory with everything below it; gives what could not be removed.
    fileprivate borrowing func removeTree(_ name: String, shown: String) throws(SystemError) -> [SystemError] {
        let removal = Removal(device: try status(name: shown).device)
        remove(name, top: self, shown: shown, removal, depth: 0)
        while let next = removal.risen.popLast() { remove(next, top: self, shown: shown + "/…", removal, depth: 0) }
        return removal.failures
    }

    private borrowing func remove(
        _ name: String, top: borrowing FileDescriptor, shown: String, _ removal: Removal, depth: Int
    ) {
        do throws(SystemError) {
            var raw = cp_status()
            let found = cp_status_at(number, name, &raw)
            if found == -2 { return }
            try check(found, "look at " + shown)
            let status = FileStatus(raw)
            guard status.kind == .directory else {
                try check(cp_remove_at(number, name, 0), "remove " + shown)
                return
            }
            guard status.device == removal.device else {
                throw SystemError(code: SystemError.busy, action: "remove " + shown + " (something is mounted there)")
            }
            if depth == Removal.deepest {
                let risen = ".removed." + String(status.inode)
                try check(cp_rename_at(number, name, top.number, risen), "move " + shown)
                removal.risen.append(risen)
                return
            }
            try empty(name, top: top, shown: shown, removal, depth: depth)
            try check(cp_remove_at(number, name, 1), "remove " + shown)
        } catch {
            removal.failures.append(error)
        }
    }

    private borrowing func empty(
        _ name: String, top: borrowing FileDescriptor, shown: String, _ removal: Removal, depth: Int
    ) throws(SystemError) {
        let directory = FileDescriptor(owning: try check(cp_open_directory_at(number, name), "open " + shown))
        for entry in try directory.names(name: shown) {
            directory.remove(entry, top: top, shown: shown + "/" + entry, removal, depth: depth + 1)
        }
    }
}

extension SystemError {
    /// EBUSY, the same number on illumos and Linux.
    static let busy: Int32 = 16
    /// EAGAIN, the same number on illumos and Linux.
    static let again: Int32 = 11
}
