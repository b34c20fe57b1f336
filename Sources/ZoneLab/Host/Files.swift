import Foundation
import Glibc
import Platform

/// Files of the lab's global zone and of the host, read and written as text.
enum Files {
    /// The text of a file; `nil` when there is none.
    static func text(_ path: String) -> String? {
        guard let bytes = try? HostFiles.read(path, limit: 16 << 20) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes a file's whole content in one step.
    static func write(_ path: String, _ text: String, mode: UInt32 = 0o644) throws {
        do {
            try HostFiles.replace(path, with: text, mode: mode)
        } catch {
            throw LabError(error.description)
        }
    }

    /// Makes a directory and those above it.
    static func makeDirectories(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw LabError("cannot make the directory \(path)", remedy: "look at what is there, and who owns it")
        }
    }

    /// True when something is at the path, a dangling link included.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a directory, sorted; none when it cannot be read.
    static func names(in path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// What a symbolic link points to; `nil` when it is none.
    static func linkTarget(_ path: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    }
}
