import Hypervisors
import Machine
import Platform
import Text
import ZoneBoot
import ZoneConfig

/// `statechange`: what zoneadmd calls before and after a zone changes its state.
package enum StateChangeHook {
    static let usage = """
        usage: statechange -z ZONE -R ZONEPATH [-x zone.xml] [-p illumos|linux] [-C dir] pre|post STATE COMMAND [ROOT]

          pre, post  before or after the change
          STATE      the zone's state, as a number
          COMMAND    0 ready, 1 boot, 4 halt
          ROOT       skipped

          -z ZONE  the zone
          -R DIR   its zonepath
          -x FILE  the zone's XML (default: /etc/zones/ZONE.xml)

        """ + Hook.commonUsage

    /// How many seconds a guest has to power off before a halt when the zone says nothing (attr shutdown-timeout).
    package static let haltLimit = 60

    /// The commands of zoneadmd that matter here (`ZS_READY` … in its zoneadmd.h).
    private enum Change: String {
        case ready = "0"
        case boot = "1"
        case halt = "4"
    }

    /// Runs the program with its arguments; returns its exit status.
    @export(interface)
    package static func run(_ arguments: [String]) -> ExitStatus {
        // The zone's name comes with -z here, so operands are the change alone.
        let operands = ["pre", "post"]
        let split = arguments.firstIndex { operands.contains($0) } ?? arguments.endIndex
        let change = Array(arguments[split...])
        return Hook.runOnZone(
            "statechange", Array(arguments[..<split]), usage: usage, letters: "\(Hook.letters)x:"
        ) { hook throws(ValueError) in
            let isUnderstood =
                (3...4).contains(change.count) && change[1].decimal(in: 0...7) != nil
                && change[2].decimal(in: 0...255) != nil
            if !isUnderstood {
                let failure = ValueError("a change is: pre or post, a state and a command, both numbers")
                // On the way down nothing may hold the zone.
                guard change.count > 2, Change(rawValue: change[2]) == .halt else { throw failure }
                hook.log.write("\(failure.message), not \(ShellWords.quote(change))")
            }
            // The command decides: on a reboot the state is "running" throughout.
            switch (change[0], Change(rawValue: change[2])) {
            case ("pre", .ready):
                return starting(hook) { zone throws(Failure) in
                    let ended = EndNote(hook, brand: zone.brand.flatMap { Brand(rawValue: $0) }).sentence
                    hook.log.startAnew()
                    if let ended { hook.log.write("the last run \(ended)") }
                    try LaunchDirectory.prepare(zonepath: hook.zonepath ?? "")
                    try VNICs(zone, hook).create()
                }
            case ("post", .ready):
                return starting(hook) { _ throws(Failure) in try PacketFilter(hook).load() }
            case ("pre", .halt): stop(hook)
            case ("post", .halt):
                let hook = hook.goingDown(within: WayDown.removingVNICs)
                let zone = hook.configuration()
                EndNote(hook, brand: zone?.brand.flatMap { Brand(rawValue: $0) }).write()
                if let zone { VNICs(zone, hook).delete() }
            default: break
            }
            return .ok
        }
    }

    /// On the way up a failure stops the zone.
    private static func starting(_ hook: Hook, _ act: (ZoneConfiguration) throws(Failure) -> Void) -> ExitStatus {
        do throws(Failure) {
            try hook.alone { () throws(Failure) in try act(try ZoneConfiguration.read(file: hook.configurationFile)) }
            return .ok
        } catch {
            hook.report(error)
            return .fatal
        }
    }

    /// On the way down nothing may hold the zone: what goes wrong is logged.
    private static func stop(_ hook: Hook) {
        let zone = hook.configuration()
        let named = zone?.brand.flatMap { Brand(rawValue: $0) }
        let brand = named ?? .bhyve
        // What was booted is known even where the configuration cannot be read by now.
        let booted = named == nil ? LaunchFile.booted(zonepath: hook.zonepath ?? "")?.hypervisor : nil
        let seconds = StopSettings(zone, brand: brand).shutdownTimeout ?? haltLimit
        let hook = hook.goingDown(within: .seconds(seconds) + WayDown.ending)
        let log = hook.log
        let stop = MachineStop(
            hypervisor: booted ?? Hypervisor(brand: brand, platform: hook.platform),
            place: HypervisorPlace(
                zone: hook.zone, zoneroot: hook.zoneroot, commands: hook.commands, patience: WayDown.step),
            note: { log.write($0) })
        let outcome = stop.run(within: .seconds(seconds), force: true)
        let end = EndNote(hook, brand: named)
        end.awaitRecord()
        guard case .forced(let reason) = outcome else { return }
        end.write(forced: reason)
        Program.printError(Diagnostic(.warning, file: nil, line: nil, message: reason).text(zone: hook.zone))
    }
}
