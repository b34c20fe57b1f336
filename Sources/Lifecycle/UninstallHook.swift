import Platform
import Text
import ZoneBoot

/// `uninstall`: gives back what a zone holds, and removes its zonepath.
package enum UninstallHook {
    static let usage = """
        usage: uninstall -z ZONE -R ZONEPATH [-F] [-I index] [-p illumos|linux] [-C dir]
               uninstall ZONE ZONEPATH [-F] …

          -z ZONE  the zone
          -R DIR   its zonepath; everything in it is removed
          -F       accepted, as zoneadm may pass it on; nothing is asked either way
          -I FILE  the index of zones (default: /etc/zones/index)

        """ + Hook.commonUsage

    /// Runs the program with its arguments; returns its exit status.
    @export(interface)
    package static func run(_ arguments: [String]) -> ExitStatus {
        Hook.runOnZone("uninstall", Self.arguments(arguments), usage: usage, letters: "\(Hook.letters)FI:") { hook in
            do throws(Failure) {
                try uninstall(hook)
                return .ok
            } catch {
                Program.printError(error.diagnostic.text(zone: hook.zone))
                return .fatal
            }
        }
    }

    /// The emu brand's uninstall is a link to this one, and is called as `uninstall ZONE ZONEPATH`.
    private static func arguments(_ given: [String]) -> [String] {
        guard given.count >= 2, !given[0].beginsWith("-"), given[1].beginsWith("/") else { return given }
        return ["-z", given[0], "-R", given[1]] + given.dropFirst(2)
    }

    private static func uninstall(_ hook: Hook) throws(Failure) {
        guard let zonepath = hook.zonepath, zonepath != "/" else {
            throw Failure("/ is not a zonepath", remedy: "name the zonepath of the zone")
        }
        try Privileges.check(hook.commands)
        try checkIsZonepath(zonepath, hook)
        // zoneadm refuses that too; a hook that is run by hand has nobody else to.
        try ZoneState.checkIsHalted(hook.zone, hook.platform, hook.commands)
        try hook.alone { () throws(Failure) in try remove(zonepath, hook) }
    }

    private static func remove(_ zonepath: String, _ hook: Hook) throws(Failure) {
        let reservation = Reservation(
            zone: hook.zone, runDirectory: try Hook.runDirectory(hook.commands), commands: hook.commands)
        // The files go all the same: the reservoir can be repaired without the zone.
        var notGivenBack: Failure?
        do {
            try reservation.hold(0)
        } catch {
            notGivenBack = error
        }
        if hook.platform == .illumos, let dataset = Dataset.mounted(exactlyAt: zonepath, hook.commands) {
            try hook.commands.run("/usr/sbin/zfs", ["destroy", "-r", dataset], within: nil)
        }
        try removeDirectory(zonepath)
        if let notGivenBack { throw notGivenBack }
    }

    /// A typing error must not cost another zone, or the host.
    private static func checkIsZonepath(_ zonepath: String, _ hook: Hook) throws(Failure) {
        let index = hook.options.value("I") ?? ZoneIndexEntry.systemFile
        guard let entry = ZoneIndexEntry.read(hook.zone, file: index) else {
            throw Failure(
                "the zone is not in the index", file: index, remedy: "zoneadm list -c names the zones there are")
        }
        guard entry.zonepath == zonepath else {
            throw Failure(
                "\(zonepath) is not the zone's zonepath: that is \(entry.zonepath)", file: index,
                remedy: "nothing was removed")
        }
        try ZoneIndexEntry.checkIsAlone(zonepath, zone: hook.zone, file: index)
        try checkIsNoLink(zonepath)
    }

    /// Removing a link would leave what it leads to.
    private static func checkIsNoLink(_ zonepath: String) throws(Failure) {
        let parent = zonepath.splitOffBaseName
        let kind = (try? RootedDirectory(parent.directory).status(parent.name))?.kind
        guard kind == .symbolicLink else { return }
        throw Failure(
            "\(zonepath) is a link, and nothing was removed",
            remedy: "remove what it leads to by hand, then the link, then run it again")
    }

    /// Removes a plain zonepath; a dataset's mountpoint goes with the dataset.
    private static func removeDirectory(_ zonepath: String) throws(Failure) {
        let parent = zonepath.splitOffBaseName
        do throws(SystemError) {
            let directory = try RootedDirectory(parent.directory)
            let left = try directory.removeTree(parent.name)
            guard let first = left.first else { return }
            throw SystemError(
                first, action: first.action + (left.count > 1 ? " (and \(left.count - 1) more)" : ""))
        } catch {
            if error.isNotFound { return }
            throw Failure(error, remedy: "what is left is below \(zonepath); remove it, then run it again")
        }
    }
}

extension String {
    /// The directory of an absolute path, and the last component.
    var splitOffBaseName: (directory: String, name: String) {
        let name = baseName
        let directory = String(dropLast(name.count)).withoutTrailingSlashes
        return (directory.isEmpty ? "/" : directory, name)
    }
}
