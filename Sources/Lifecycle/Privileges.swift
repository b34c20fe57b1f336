import Platform
import Text

/// What a process may do on illumos, privileges(7). zoneadmd has all of them; one who runs a hook by hand may have none.
enum Privileges {
    /// Throws when this process lacks what acting on a zone takes, so that it does nothing instead of a part. Stand-ins
    /// for the host's commands (`-C`) need no privilege.
    static func check(_ commands: HostCommands) throws(Failure) {
        guard commands.directory == nil, !Program.hasPrivilege("sys_config") else { return }
        throw Failure(
            "the privilege sys_config is missing, so nothing was done",
            remedy: "run it as root; -t, -e and -j of boot, and verify, need no privilege")
    }
}
