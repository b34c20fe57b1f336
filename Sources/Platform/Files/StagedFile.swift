import CPlatform
import Text

/// A file below a hostile directory, written and on the disk, that does not have its name yet. Several can so be written
/// before the first of them takes its name. One that never does is gone when it goes out of use.
package final class StagedFile {
    private let place: FileInDirectory
    private let temporary: String
    private let action: String

    fileprivate init(_ place: consuming FileInDirectory, temporary: String, action: String) {
        self.place = place
        self.temporary = temporary
        self.action = action
    }

    deinit {
        _ = cp_remove_at(place.parent.number, temporary, 0)
    }

    /// Takes its name from whatever has it: a link there is replaced, not followed.
    package func takeName() throws(SystemError) {
        try check(cp_rename_at(place.parent.number, temporary, place.parent.number, place.name), action)
    }

    /// Makes the names in its directory last.
    package func makeLasting() throws(SystemError) {
        try check(cp_sync(place.parent.number), action)
    }
}

extension RootedDirectory {
    /// What a staged file is for, which tells how it is called meanwhile.
    package enum Stage: String, CaseIterable, Sendable {
        /// To become the file.
        case new = ".new"
        /// The file as it was, to be put back.
        case old = ".old"

        /// What the file of this name is called meanwhile.
        fileprivate func name(of file: String) -> String { ".\(file)\(rawValue)" }
    }

    /// Writes a file of this mode, whatever the umask is, for later.
    package func stage(
        _ file: String, with bytes: [UInt8], mode: UInt32, as stage: Stage = .new
    ) throws(SystemError) -> StagedFile {
        try removeStaged(file, stage)
        return try write(file, bytes, mode: mode, as: stage)
    }

    /// The same where nothing is left of an earlier run.
    func write(_ file: String, _ bytes: [UInt8], mode: UInt32, as stage: Stage) throws(SystemError) -> StagedFile {
        let place = try walk(to: file)
        let temporary = stage.name(of: place.name)
        let action = "write \(shown(file))"
        let output = FileDescriptor(owning: try check(cp_create_at(place.parent.number, temporary, mode), action))
        let staged = StagedFile(place, temporary: temporary, action: action)
        try check(bytes.withUnsafeBytes { cp_write(output.number, $0.baseAddress, Int64($0.count)) }, action)
        try check(cp_set_mode(output.number, mode), action)
        try check(cp_sync(output.number), action)
        return staged
    }

    /// Removes what a run that was killed left of a staged file, unless it is a directory: then it throws.
    func removeStagedFile(_ file: String, _ stage: Stage) throws(SystemError) {
        let directory = file.pieces(separator: "/").dropLast()
        try remove((directory + [stage.name(of: file.baseName)]).joined(separator: "/"))
    }

    /// Removes what a run that was killed left of a staged file.
    package func removeStaged(_ file: String, _ stage: Stage) throws(SystemError) {
        let place = try walk(to: file)
        let temporary = stage.name(of: place.name)
        let directory = file.pieces(separator: "/").dropLast()
        let left = place.parent.removeTree(
            EntryName(temporary), shown: shown((directory + [temporary]).joined(separator: "/")))
        if let first = left.first { throw first }
    }
}
