import Machine
import Platform
import Text
import ZoneBoot

/// `postclone`: makes a copy of a zone a machine of its own. zoneadm runs it when it has copied the zonepath; disks outside
/// of it are not cloned.
///
/// The clone gets its own UUID, and loses what is the source's: the files a boot writes, the logs, the sockets. Its UEFI
/// variables go too, for they name the source's disks and places: the next boot begins with fresh ones.
package enum PostcloneHook {
    static let usage = """
        usage: postclone -z ZONE -R ZONEPATH [-I index] [-p illumos|linux] [-C dir] [-m method] [-s snapshot] [source]

          -z ZONE  the clone
          -R DIR   its zonepath, a copy of the source's
          -I FILE  the index of zones, which has the clone's UUID (default: /etc/zones/index)
          -m, -s and the source are skipped: zoneadm gives them to whatever makes the copy

        """ + Hook.commonUsage

    private static let letters = "\(Hook.letters)I:m:s:"

    /// Directories of the zonepath that are emptied.
    private static let emptied = ["hvm", "log"]
    /// What install and boot write in the root, with what a run of theirs that was killed left of it.
    private static let written = [
        "/etc/uuid", BootFirmware.variablesFile, "/etc/launch", "/etc/qemu.secret", "/etc/bhyve.cfg",
        CloudInitSource.seedImage, OtherHooks.seedDirectory,
    ]
    /// How the sockets and the pid file in /tmp begin.
    private static let socketPrefix = "vm."

    /// Runs the program with its arguments; returns its exit status.
    @export(interface)
    package static func run(_ arguments: [String]) -> ExitStatus {
        let (own, words) = Options.split(arguments, letters: letters)
        return Hook.runOnZone("postclone", own, usage: usage, letters: letters) { hook throws(ValueError) in
            if words.count > 1 { throw ValueError("unexpected argument \(words[1].quoted)") }
            do throws(Failure) {
                let uuid = try checkIsClone(hook.zonepath ?? "/", hook)
                try hook.alone { () throws(Failure) in try renew(hook, uuid: uuid) }
                hook.log.write("made a machine of its own of a copy" + (words.first.map { " of zone \($0)" } ?? ""))
                return .ok
            } catch {
                Program.printError(error.diagnostic.text(zone: hook.zone))
                return .fatal
            }
        }
    }

    private static func renew(_ hook: Hook, uuid: String) throws(Failure) {
        let zonepath = hook.zonepath ?? "/"
        let directory = try RootedDirectory.open(zonepath, remedy: "zoneadm clone copies it before it calls postclone")
        let root = try RootedDirectory.open(hook.zoneroot, remedy: "the source has no root that could be copied")
        do throws(SystemError) {
            for name in emptied {
                if let left = try directory.clearEntries(of: name).first { throw left }
            }
            for path in written {
                try clear(root, path)
                for stage in RootedDirectory.Stage.allCases { try root.removeStaged(path, stage) }
            }
            try clear(root, InitLog.path)
            if let left = try root.clearEntries(of: "/tmp", prefix: socketPrefix).first { throw left }
            try root.replace("/etc/uuid", with: Array(("\(uuid)\n").utf8), mode: 0o644)
        } catch {
            throw Failure(
                error, remedy: "look at what is there: the source may have put it there",
                "zoneadm -z \(hook.zone) uninstall removes the clone")
        }
    }

    private static func clear(_ directory: borrowing RootedDirectory, _ path: String) throws(SystemError) {
        if let left = try directory.clear(path).first { throw left }
    }

    /// Throws when this is not a zone that zoneadm is making: a typing error must not cost another one its files. Returns the
    /// UUID the zone has in the index, else a random one.
    private static func checkIsClone(_ zonepath: String, _ hook: Hook) throws(Failure) -> String {
        let index = hook.options.value("I") ?? ZoneIndexEntry.systemFile
        try ZoneIndexEntry.checkIsAlone(zonepath, zone: hook.zone, file: index)
        let random = UUIDText.random(randomBytes(16))
        guard let entry = ZoneIndexEntry.read(hook.zone, file: index) else { return random }
        let remedy = "nothing was touched; zoneadm -z \(hook.zone) clone runs postclone itself"
        guard entry.zonepath == zonepath else {
            throw Failure(
                "\(zonepath) is not the zone's zonepath: that is \(entry.zonepath)", file: index, remedy: remedy)
        }
        guard entry.state == "incomplete" else {
            throw Failure("the zone is \(entry.state), not being made", file: index, remedy: remedy)
        }
        return entry.uuid.flatMap { UUIDText.isValid($0) ? $0 : nil } ?? random
    }
}
