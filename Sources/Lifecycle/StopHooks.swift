import Hypervisors
import Machine
import Platform
import Text
import ZoneBoot
import ZoneConfig

/// `halt`: clears away what a hypervisor left, once every process of the zone is gone. May run twice, and after a boot
/// that failed half-way.
package enum HaltHook {
    static let usage = """
        usage: halt -z ZONE -R ZONEPATH [-x zone.xml] [-p illumos|linux] [-C dir]

          -z ZONE  the zone
          -R DIR   its zonepath
          -x FILE  the zone's XML (default: /etc/zones/ZONE.xml)

        """ + Hook.commonUsage

    /// A halt that fails leaves the zone stuck, so what cannot be cleared away is logged and the status is 0.
    @export(interface)
    package static func run(_ arguments: [String]) -> ExitStatus {
        Hook.runOnZone("halt", arguments, usage: usage, letters: "\(Hook.letters)x:") { hook in
            let hook = hook.goingDown(within: WayDown.clearing)
            let zone = hook.configuration()
            let brand = zone?.brand.flatMap { Brand(rawValue: $0) }
            let settings = StopSettings(zone, brand: brand ?? .bhyve)
            for path in settings.sockets + [QEMUPaths.monitor, QEMUPaths.events] {
                removeLeftover(path, .socket, hook)
            }
            for path in [QEMUPaths.pidFile, PowerButton.path] { removeLeftover(path, .regular, hook) }
            removeSecret(hook)
            // Without a configuration the brand is not known, and bhyvectl finds nothing where there is nothing.
            if hook.platform == .illumos && brand != .kvm && !settings.persists { destroyInstance(hook) }
            return .ok
        }
    }

    /// Removes what is of this kind at the path, and leaves anything else that is there.
    private static func removeLeftover(_ path: String, _ kind: FileStatus.Kind, _ hook: Hook) {
        do throws(SystemError) {
            let root = try RootedDirectory(hook.zoneroot)
            if try root.status(path)?.kind == kind { try root.remove(path) }
        } catch {
            hook.log.write(error.description)
        }
    }

    /// The password is of no use until the next boot, which writes it anew.
    private static func removeSecret(_ hook: Hook) {
        do throws(SystemError) {
            try RootedDirectory(hook.zonepath ?? "").remove(SecretFile.path)
        } catch {
            hook.log.write(error.description)
        }
    }

    /// The kernel keeps a VM whose bhyve was killed. That there is none left is the usual case, and no error.
    private static func destroyInstance(_ hook: Hook) {
        let bhyvectl = hook.commands.command("/usr/sbin/bhyvectl", ["--destroy", "--vm=\(hook.zone)"])
        do {
            let result = try bhyvectl.run()
            hook.log.write(result.status == 0 ? "destroyed a VM that was left over" : "no VM is left over")
        } catch {
            hook.log.write(error.description)
        }
    }
}

/// `shutdown`: runs inside the zone for `zoneadm shutdown`; asks the guest to power off. When the hypervisor ends, the
/// zone and this program end with it.
package enum ShutdownHook {
    static let usage = """
        usage: shutdown [-R root] [-p illumos|linux] [-C dir] [-z] zone

          -R DIR   where the zone's files are, when not run inside it (default: /)

        """ + Hook.commonUsage

    /// Runs the hook with the program's arguments; returns its exit status.
    @export(interface)
    package static func run(_ arguments: [String]) -> ExitStatus {
        Hook.runOnZone("shutdown", arguments, usage: usage, needsZonepath: false) { hook in
            let log = InitLog(root: hook.zonepath ?? "/", hook: "shutdown")
            do throws(Failure) {
                try shutdown(hook, log)
                return .ok
            } catch {
                // zoneadmd shows nobody what is printed here.
                log.write("failed: \(error.diagnostic.message)")
                Program.printError(error.diagnostic.text(zone: hook.zone))
                return .fatal
            }
        }
    }

    private static func shutdown(_ hook: Hook, _ log: InitLog) throws(Failure) {
        let place = hook.zonepath ?? "/"
        let root = try RootedDirectory.open(place, remedy: "-R names the zone's root")
        let launch = try LaunchFile.read(from: root)
        let hypervisor = launch?.hypervisor ?? OtherHooks.hypervisor(root, platform: hook.platform)
        let limit = launch?.shutdownTimeout ?? hypervisor.shutdownLimit
        let stop = MachineStop(
            hypervisor: hypervisor,
            place: HypervisorPlace(
                zone: hook.zone, zoneroot: place, commands: hook.commands, patience: WayDown.step),
            note: { log.write($0) })
        let end = "end it: zoneadm -z \(hook.zone) halt"
        switch stop.run(within: .seconds(limit), force: false) {
        case .poweredOff, .forced: return
        case .notRunning: throw Failure("no hypervisor is running in the zone", remedy: end)
        case .unknown(let reason):
            throw Failure("cannot find out whether a hypervisor is running: \(reason)", remedy: end)
        case .unreachable(let reason):
            throw Failure(
                "the guest cannot be asked to power off: \(reason)", remedy: "shut it down from inside, or \(end)")
        case .ignored, .stuck:
            throw Failure(
                "the guest has ignored the request to power off for \(limit) s",
                remedy: "shut it down from inside, or \(end)")
        }
    }
}
