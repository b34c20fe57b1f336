import CPlatform

/// Files of the global zone: only root can change these paths, so they may be opened by name. Nothing below a zone root
/// is reached this way (see `RootedDirectory`).
public enum HostFiles {
    /// The bytes of a file. Throws when it is missing, no regular file, or larger than `limit` bytes.
    public static func read(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        // Opening a device may do something already.
        let isRegular = try check(cp_is_regular(path), "open " + path) == 1
        guard isRegular else { throw SystemError("read " + path, reason: "it is not a regular file") }
        let file = FileDescriptor(owning: try check(cp_open_file(path), "open " + path))
        guard try file.status(name: path).kind == .regular else {
            throw SystemError("read " + path, reason: "it is not a regular file")
        }
        return try file.readAll(limit: limit, name: path)
    }

    /// True when there is a file of any kind at the path and it can be opened for reading.
    public static func exists(_ path: String) -> Bool {
        let number = cp_open_file(path)
        guard number >= 0 else { return false }
        _ = cp_close(number)
        return true
    }

    /// Gives a file this content, in one step: after a crash the old file or the new one is there.
    public static func replace(_ path: String, with text: String, mode: UInt32) throws(SystemError) {
        let temporary = path + ".new"
        do {
            let file = FileDescriptor(owning: try check(cp_open_output(temporary, mode, 0), "write " + temporary))
            try FileDescriptor.write(text, to: file.number)
            try check(cp_sync(file.number), "write " + temporary)
        }
        try check(cp_rename(temporary, path), "write " + path)
    }

    /// Makes a directory, if it is not there.
    public static func makeDirectory(_ path: String, mode: UInt32) throws(SystemError) {
        try check(cp_make_directory(path, mode), "make " + path)
    }

    /// Removes a file, if it is there.
    public static func remove(_ path: String) throws(SystemError) {
        let result = cp_unlink(path)
        if result != -2 { try check(result, "remove " + path) }
    }

    /// The names in a directory, sorted; those that are not UTF-8 as messages show them.
    public static func names(in path: String) throws(SystemError) -> [String] {
        let directory = FileDescriptor(owning: try check(cp_open_directory(path), "open " + path))
        return try directory.names(name: path).map { $0.text }
    }
}
