/// What zoneadm(8) and zoneadmd(8) understand when a hook ends (`/usr/include/sys/zone.h`, `ZONE_SUBPROC_*`).
package enum ExitStatus: Int32, Sendable {
    /// It worked.
    case ok = 0
    /// The command line was wrong.
    case usage = 253
    /// It failed, and everything it had made is gone again.
    case notComplete = 254
    /// It failed.
    case fatal = 255
}
