import Glibc
import Platform

/// The zone definition that `detach` leaves in a zonepath.
enum Manifest {
    /// What a zonepath without it has, and what a forced attach calls it.
    private static let detached = "/SUNWdetached.xml"
    private static let attached = "/SUNWattached.xml"

    /// True for the zonepath of a zone that was detached.
    static func isDetached(_ zonepath: String) -> Bool {
        Files.isDirectory("\(zonepath)/root") && Files.exists(zonepath + detached)
    }

    static func write(_ document: ZoneDocument) throws {
        try Files.write(document.zonepath + detached, document.xml)
    }

    static func remove(_ zonepath: String, isForced: Bool) {
        if isForced {
            rename(zonepath + detached, zonepath + attached)
        } else {
            for name in [attached, detached] { unlink(zonepath + name) }
        }
    }
}
