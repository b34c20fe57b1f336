import Platform
import Text

/// `ZONEPATH/hvm`: what init runs, out of the zone's reach. The brand's platform.xml mounts it read-only at `/hvm` in the
/// zone. It lies directly below the root on purpose: whoever owns the zone can rename `/etc` under a mount, but not a
/// mount point.
package enum LaunchDirectory {
    /// Its name, in the zonepath and in the zone root.
    package static let name = "hvm"

    /// Makes the directory (0700) and its mount point in the zone root, where a link or file gives way to it. Called
    /// before zoneadmd mounts what platform.xml names.
    @export(interface)
    package static func prepare(zonepath: String) throws(Failure) {
        let zone = try RootedDirectory.open(zonepath, remedy: "zoneadm install makes the zonepath")
        let root = try RootedDirectory.open("\(zonepath)/root", remedy: "zoneadm install builds the zone's root")
        do throws(SystemError) {
            try zone.ensureDirectory(name, mode: 0o700)
            if try root.status(name)?.kind != .directory { try root.remove(name) }
            try root.ensureDirectory(name, mode: 0o700)
        } catch {
            throw Failure(error, remedy: "look at what is there, and remove it")
        }
    }

    /// Opens the directory in a zonepath, made when it is not there.
    static func open(zonepath: String) throws(Failure) -> RootedDirectory {
        let zone = try RootedDirectory.open(zonepath, remedy: "zoneadm install makes the zonepath")
        do {
            try zone.ensureDirectory(name, mode: 0o700)
        } catch {
            throw Failure(error, remedy: "look at what is there, and remove it")
        }
        return try RootedDirectory.open("\(zonepath)/\(name)", remedy: "look at what is there, and remove it")
    }

    /// True in a zone that was booted with the directory mounted; false in one that other hooks booted, which have no such
    /// mount. Only a write tells: where one succeeds, nothing is mounted. Throws when neither can be said.
    static func isMounted(in root: borrowing RootedDirectory) throws(SystemError) -> Bool {
        if try root.status(name) != nil { return try !root.isWritable(name) }
        try root.makeDirectory(name, mode: 0o700)
        let isWritable = try root.isWritable(name)
        try root.removeDirectory(name)
        return !isWritable
    }
}
