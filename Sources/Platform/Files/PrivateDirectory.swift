import CPlatform
import Text

/// A directory that only this user reaches (mkdtemp(3)), removed with everything in it when it goes out of use.
/// Public for the reason that ``FileDescriptor`` is.
public struct PrivateDirectory: ~Copyable {
    /// Its absolute path.
    package let path: String

    /// Makes one below /tmp, whose name begins so.
    package init(prefix: String) throws(SystemError) {
        var name = ("/tmp/\(prefix).XXXXXX").utf8.map { CChar(bitPattern: $0) } + [0]
        try check(cp_make_private_directory(&name), "make a directory in /tmp")
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        let name = path.baseName
        _ = try? RootedDirectory("/tmp").removeTree(name)
    }

    /// Writes a file of mode 0600; returns its path.
    package func write(_ name: String, _ text: String) throws(SystemError) -> String {
        try write(name, Array(text.utf8))
    }

    /// Writes a file of mode 0600 with these bytes; returns its path.
    package func write(_ name: String, _ bytes: [UInt8]) throws(SystemError) -> String {
        let file = "\(path)/\(name)"
        try HostFiles.replace(file, with: bytes, mode: 0o600)
        return file
    }

    /// Makes a directory in it with a link to each entry of another one, and one more name for one of them; returns its path.
    package func mirror(_ directory: String, as name: String, adding other: String, for entry: String)
        throws(SystemError)
        -> String
    {
        let mirror = "\(path)/\(name)"
        try HostFiles.makeDirectory(mirror, mode: 0o700)
        for entry in try HostFiles.names(in: directory) where entry != other {
            try check(cp_make_link("\(directory)/\(entry)", "\(mirror)/\(entry)"), "make \(mirror)/\(entry)")
        }
        try check(cp_make_link("\(directory)/\(entry)", "\(mirror)/\(other)"), "make \(mirror)/\(other)")
        return mirror
    }
}
