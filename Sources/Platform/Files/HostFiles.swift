import CPlatform
import Text

/// Files of the global zone: only root can change these paths, so they may be opened by name. Nothing below a zone root
/// is reached this way (see `RootedDirectory`).
package enum HostFiles {
    /// The bytes of a file. Throws when it is missing, no regular file, or larger than `limit` bytes.
    package static func read(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        // Opening a device may do something already.
        let isRegular = try check(cp_is_regular(path), "open \(path)") == 1
        guard isRegular else { throw SystemError("read \(path)", reason: "it is not a regular file") }
        let file = FileDescriptor(owning: try check(cp_open_file(path), "open \(path)"))
        guard try file.status(name: path).kind == .regular else {
            throw SystemError("read \(path)", reason: "it is not a regular file")
        }
        return try file.readAll(limit: limit, name: path)
    }

    /// True when there is a file of any kind at the path. It is not opened: that may do something already.
    package static func exists(_ path: String) -> Bool { cp_is_regular(path) >= 0 }

    /// Writes a file's whole content in one step: after a crash the old file or the new one is there.
    package static func replace(_ path: String, with text: String, mode: UInt32) throws(SystemError) {
        try replace(path, with: Array(text.utf8), mode: mode)
    }

    /// The same with bytes that need not be text.
    package static func replace(_ path: String, with bytes: [UInt8], mode: UInt32) throws(SystemError) {
        let temporary = "\(path).new"
        do {
            let file = FileDescriptor(owning: try check(cp_open_output(temporary, mode, 0), "write \(temporary)"))
            try FileDescriptor.write(bytes, to: file.number)
            try check(cp_sync(file.number), "write \(temporary)")
        }
        try check(cp_rename(temporary, path), "write \(path)")
    }

    /// Makes a directory, if it is not there.
    package static func makeDirectory(_ path: String, mode: UInt32) throws(SystemError) {
        try check(cp_make_directory(path, mode), "make \(path)")
    }

    /// Throws when somebody else could decide what this path leads to: a component of it is a link, or a directory that
    /// belongs to neither root nor this user, or one that everybody may change. What is not there is nobody's.
    package static func checkIsOwn(_ path: String) throws(SystemError) {
        func refuse(_ place: String, _ reason: String) -> SystemError {
            SystemError("use \(path)", reason: "\(place) \(reason)")
        }
        guard path.beginsWith("/") else { throw refuse("it", "is not an absolute path") }
        let top = try RootedDirectory("/")
        var place = ""
        for component in path.pieces(separator: "/", omittingEmpty: true) {
            place += "/\(component)"
            guard let found = try top.status(place) else { return }
            guard found.kind == .directory else { throw refuse(place, "is not a directory") }
            guard found.owner == 0 || found.owner == Program.user else { throw refuse(place, "is another user's") }
            // In a directory that is sticky, as /tmp is, nobody replaces what is another's.
            guard found.mode & 0o1002 != 0o0002 else { throw refuse(place, "can be changed by everybody") }
        }
    }

    /// Removes a file, if it is there.
    package static func remove(_ path: String) throws(SystemError) {
        let result = cp_unlink(path)
        if -result != cp_enoent { try check(result, "remove \(path)") }
    }

    /// The names in a directory, sorted; those that are not UTF-8 as messages show them.
    package static func names(in path: String) throws(SystemError) -> [String] {
        let directory = FileDescriptor(owning: try check(cp_open_directory(path), "open \(path)"))
        return try directory.names(name: path).map { $0.text }
    }
}
