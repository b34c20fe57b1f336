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
        try place.parent.removeTree(temporary, top: place.parent, shown: shown(file), failures: nil)
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
        try check(cp_rename_at(descriptor.number, from, descriptor.number, name), action)
        try check(cp_sync(descriptor.number), action)
    }

    /// Removes an entry of this directory with everything below it, if there is one. Links are removed, not followed;
    /// what another file system is mounted on stays. Gives what could not be removed.
    public func removeTree(_ name: String) throws(SystemError) -> [SystemError] {
        let failures = RemovalFailures()
        try descriptor.removeTree(name, top: descriptor, shown: shown(name), failures: failures)
        return failures.list
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

/// Collects what a removal had to leave.
private final class RemovalFailures {
    var list: [SystemError] = []
}

extension FileDescriptor {
    /// Deeper than this, directories are moved up before they are emptied: a hostile tree may be deeper than there are
    /// descriptors.
    private static let deepest = 64

    /// Removes an entry of this directory with everything below it. Without a list for them, failures are thrown.
    fileprivate borrowing func removeTree(
        _ name: String, top: borrowing FileDescriptor, shown: String, failures: RemovalFailures?, depth: Int = 0
    ) throws(SystemError) {
        do throws(SystemError) {
            var raw = cp_status()
            let found = cp_status_at(number, name, &raw)
            if found == -2 { return }
            try check(found, "look at " + shown)
            guard FileStatus(raw).kind == .directory else {
                try check(cp_remove_at(number, name, 0), "remove " + shown)
                return
            }
            let device = try top.status(name: shown).device
            guard FileStatus(raw).device == device else {
                throw SystemError(code: SystemError.busy, action: "remove " + shown + " (something is mounted there)")
            }
            try empty(name, top: top, shown: shown, failures: failures, depth: depth)
            try check(cp_remove_at(number, name, 1), "remove " + shown)
        } catch {
            guard let failures else { throw error }
            failures.list.append(error)
        }
    }

    private borrowing func empty(
        _ name: String, top: borrowing FileDescriptor, shown: String, failures: RemovalFailures?, depth: Int
    ) throws(SystemError) {
        let directory = FileDescriptor(owning: try check(cp_open_directory_at(number, name), "open " + shown))
        for entry in try directory.names(name: shown) {
            if depth == Self.deepest {
                let risen = ".removed." + String(Clock.milliseconds) + "." + entry
                if cp_rename_at(directory.number, entry, top.number, risen) == 0 {
                    try top.removeTree(risen, top: top, shown: shown + "/" + entry, failures: failures)
                    continue
                }
            }
            try directory.removeTree(entry, top: top, shown: shown + "/" + entry, failures: failures, depth: depth + 1)
        }
    }
}

extension SystemError {
    /// EBUSY, the same number on illumos and Linux.
    static let busy: Int32 = 16
    /// EAGAIN, the same number on illumos and Linux.
    static let again: Int32 = 11
    /// EEXIST or ENOTEMPTY.
    public var isAlreadyThere: Bool { code == 17 || code == 39 || code == 93 }
}
