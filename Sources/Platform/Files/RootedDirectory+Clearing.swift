import CPlatform
import Text

/// Removing what is below a hostile directory, whatever it is.
extension RootedDirectory {
    /// Removes what is at a path, with everything below it, if there is something. A link is removed, not followed;
    /// what another file system is mounted on stays. Returns what could not be removed.
    package func clear(_ path: String) throws(SystemError) -> [SystemError] {
        do {
            let place = try walk(to: path)
            return place.parent.removeTree(EntryName(place.name), shown: shown(path))
        } catch {
            if error.isNotFound { return [] }
            throw error
        }
    }

    /// Removes the entries of a directory below this one whose names begin so, all of them by default, each with
    /// everything below it. Returns what could not be removed; there may be no such directory.
    package func clearEntries(of path: String, prefix: String = "") throws(SystemError) -> [SystemError] {
        do {
            let place = try walk(to: path)
            let directory = FileDescriptor(
                owning: try check(cp_open_directory_at(place.parent.number, place.name), "open \(shown(path))"))
            var failures: [SystemError] = []
            for name in try directory.names(name: shown(path)) where name.begins(with: prefix) {
                failures += directory.removeTree(name, shown: "\(shown(path))/\(name.text)")
            }
            return failures
        } catch {
            if error.isNotFound { return [] }
            throw error
        }
    }
}
