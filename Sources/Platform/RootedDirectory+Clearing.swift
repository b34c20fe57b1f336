import CPlatform

/// Removing what stands below a hostile directory, whatever it is.
extension RootedDirectory {
    /// Removes what stands at a path, with everything below it, if there is something. A link is removed, not followed;
    /// what another file system is mounted on stays. Returns what could not be removed.
    public func clear(_ path: String) throws(SystemError) -> [SystemError] {
        do {
            let place = try walk(to: path)
            return place.parent.removeTree(place.name, shown: shown(path))
        } catch {
            if error.isNotFound { return [] }
            throw error
        }
    }

    /// The names in a directory below this one, sorted; none when there is no such directory.
    public func names(in path: String) throws(SystemError) -> [String] {
        do {
            let place = try walk(to: path)
            let number = try check(cp_open_directory_at(place.parent.number, place.name), "open " + shown(path))
            return try FileDescriptor(owning: number).names(name: shown(path))
        } catch {
            if error.isNotFound { return [] }
            throw error
        }
    }
}
