import Machine
import Platform
import Text

/// `install`: builds the root of a new zone.
package enum InstallHook {
    static let usage = """
        usage: install -z ZONE -R ZONEPATH [-x nodataset] [-I index] [-p illumos|linux] [-C dir]

          -z ZONE  the zone
          -R DIR   its zonepath, which zoneadm has made
          -x nodataset  the zonepath is a plain directory, as zoneadm install -x nodataset has it
          -I FILE  the index of zones (default: /etc/zones/index)

        """ + Hook.commonUsage

    /// Runs the hook with the program's arguments; returns its exit status.
    @export(interface)
    package static func run(_ arguments: [String]) -> ExitStatus {
        Hook.runOnZone("install", arguments, usage: usage, letters: "\(Hook.letters)I:x:") { hook throws(ValueError) in
            try checkExtension(hook.options)
            Program.holdInterrupts()
            do throws(Failure) {
                try ZoneIndexEntry.checkIsAlone(hook.zonepath ?? "/", zone: hook.zone, file: index(hook))
            } catch {
                // Even an empty zonepath stays, where it is another zone's too.
                Program.printError(error.diagnostic.text(zone: hook.zone))
                return .fatal
            }
            do throws(Failure) {
                try hook.alone { () throws(Failure) in try install(hook) }
                hook.log.write("built \(hook.zoneroot)")
                return .ok
            } catch {
                return failed(error, hook)
            }
        }
    }

    /// zoneadm deletes the zonepath when told that nothing is left behind; so that is said only when nothing is in it.
    private static func failed(_ failure: Failure, _ hook: Hook) -> ExitStatus {
        Program.printError(failure.diagnostic.text(zone: hook.zone))
        guard let zonepath = hook.zonepath, let directory = try? RootedDirectory(zonepath),
            let names = try? directory.names(), names.isEmpty
        else { return .fatal }
        return .notComplete
    }

    private static let finished = "root"
    private static let unfinished = ".root.new"

    private static func install(_ hook: Hook) throws(Failure) {
        guard let zonepath = hook.zonepath, zonepath != "/" else {
            throw Failure("the zonepath is /", remedy: "give the zone a directory of its own")
        }
        let directory = try RootedDirectory.open(zonepath, remedy: "zoneadm makes the zonepath before it calls install")
        try checkIsNew(directory, zone: hook.zone)
        try checkDataset(zonepath, hook)
        do throws(SystemError) {
            _ = try directory.removeTree(unfinished)
            try build(directory, hook)
            try checkInterrupt()
            try finish(directory)
        } catch {
            _ = try? directory.removeTree(unfinished)
            throw Failure(error, remedy: "fix that, then run zoneadm -z \(hook.zone) install again")
        }
    }

    /// Renames the root to its name. Where that does not last, the root is called unfinished again.
    private static func finish(_ directory: borrowing RootedDirectory) throws(SystemError) {
        do throws(SystemError) {
            try directory.rename(unfinished, to: finished)
        } catch {
            if try directory.status(unfinished) == nil { try? directory.rename(finished, to: unfinished) }
            throw error
        }
    }

    private static func index(_ hook: Hook) -> String { hook.options.value("I") ?? ZoneIndexEntry.systemFile }

    private static func checkIsNew(_ directory: borrowing RootedDirectory, zone: String) throws(Failure) {
        let found: FileStatus?
        do {
            found = try directory.status(finished)
        } catch {
            throw Failure(error)
        }
        guard found != nil else { return }
        throw Failure(
            "\(directory.shown(finished)) is there already, and is left as it is",
            remedy: "move it away; if nothing in it is needed, zoneadm -z \(zone) uninstall removes it")
    }

    /// `zoneadm install -x nodataset` hands its option on.
    private static let withoutDataset = "nodataset"

    private static func checkExtension(_ options: Options) throws(ValueError) {
        guard let value = options.value("x"), value != withoutDataset else { return }
        throw ValueError("-x takes \(withoutDataset), not \(value.printable.quoted)")
    }

    /// On illumos a zonepath is the mountpoint of a dataset of its own, which zoneadm makes unless it is told not to.
    private static func checkDataset(_ zonepath: String, _ hook: Hook) throws(Failure) {
        guard hook.platform == .illumos, hook.options.value("x") != withoutDataset,
            Dataset.mounted(exactlyAt: zonepath, hook.commands) == nil
        else { return }
        throw Failure(
            "no ZFS dataset is mounted at \(zonepath)", remedy: "the directory above the zonepath must lie on ZFS")
    }

    private static func build(_ directory: borrowing RootedDirectory, _ hook: Hook) throws(SystemError) {
        let group = Program.isRoot ? Program.group(named: "sys") : nil
        try directory.makeDirectory(unfinished, mode: 0o755, group: group)
        for name in ["dev", "etc", "usr", "sbin", "lib", "var", "var/run"] {
            try checkInterrupt()
            try directory.makeDirectory("\(unfinished)/\(name)", mode: 0o755, group: group)
        }
        for name in ["tmp", "var/tmp"] {
            try directory.makeDirectory("\(unfinished)/\(name)", mode: 0o1777, group: group)
        }
        try directory.makeLink("\(unfinished)/bin", to: "usr/bin")
        try directory.replace(
            "\(unfinished)/etc/passwd", with: Array("root:x:0:0:Super-User:/:/sbin/sh\n".utf8), mode: 0o644)
        if let uuid = ZoneIndexEntry.read(hook.zone, file: index(hook))?.uuid, UUIDText.isValid(uuid) {
            try directory.replace("\(unfinished)/etc/uuid", with: Array(("\(uuid)\n").utf8), mode: 0o644)
        }
    }

    private static func checkInterrupt() throws(SystemError) { try Program.checkInterrupt("install the zone") }
}
