import Hypervisors
import Lifecycle
import Machine
import Platform
import Text
import ZoneBoot
import ZoneConfig

/// `hvm stop`: asks a guest to power off, shows what is waited for, and leaves its zone halted.
enum StopCommand {
    static let word = Word(
        name: "stop", summary: "ask a guest to power off, wait, and halt its zone", operand: .zone, usage: usage,
        run: run)

    private static let usage = """
        usage: hvm stop [-n SECONDS] [--again] [--force] ZONE

          The guest is asked by its power button. One that has not powered off within the limit is forced off.

          -n SEC   how long the guest has, in seconds (default: the attr shutdown-timeout, else 60)
          --again  (-a) press the button also when it was pressed before; some guests take that for "cancel"
          --force  (-f) force the guest off without asking it

        """ + Call.commonUsage

    private static func run(_ arguments: [String]) -> ExitStatus {
        let arguments = arguments.map { $0 == "--again" ? "-a" : $0 == "--force" ? "-f" : $0 }
        return Call.run("stop", arguments, usage: usage, letters: "n:af", zone: .needed) { call throws(ValueError) in
            let seconds = call.options.value("n").map { $0.decimal(in: 0...86400) }
            guard seconds != .some(nil) else { throw ValueError("-n takes seconds, 0 to 86400") }
            try Hook.checkMayAct(call.platform, call.commands)
            let zone = call.zone ?? ""
            return Call.telling(zone) { () throws(Failure) in
                let listed = try MachineList.find(zone, call.commands)
                guard listed.isUp else {
                    return Program.print("\(zone): it is \(listed.state) already\n") ? .ok : .fatal
                }
                let outcome = stop(listed, call, seconds: seconds ?? nil)
                try halt(listed, call)
                return Program.print("\(zone): halted; \(outcome.sentence)\n") ? .ok : .fatal
            }
        }
    }

    /// Goes up the ladder, with a line for each rung, and in the zone's log too.
    private static func stop(_ listed: ListedMachine, _ call: Call, seconds: Int?) -> MachineStop.Outcome {
        let log = ZoneLog(zonepath: listed.zonepath, hook: "hvm stop")
        let progress = Progress(zone: listed.name)
        let zone = try? ZoneConfiguration.read(file: call.file(of: listed.name))
        let limit = seconds ?? StopSettings(zone, brand: listed.brand).shutdownTimeout ?? StateChangeHook.haltLimit
        let hypervisor =
            LaunchFile.booted(zonepath: listed.zonepath)?.hypervisor
            ?? Hypervisor(brand: listed.brand, platform: call.platform)
        let stop = MachineStop(
            hypervisor: hypervisor,
            place: HypervisorPlace(
                zone: listed.name, zoneroot: "\(listed.zonepath)/root", commands: call.commands, patience: .seconds(3)),
            again: call.options.has("a"), tick: { progress.tick($0, of: limit) },
            note: {
                log.write($0)
                progress.note($0)
            })
        let outcome = call.options.has("f") ? stop.force() : stop.run(within: .seconds(limit), force: true)
        if case .forced(let reason) = outcome {
            let end = EndNote(
                zonepath: listed.zonepath, hypervisor: hypervisor, log: ZoneLog(zonepath: listed.zonepath, hook: "hvm"))
            end.awaitRecord()
            end.write(forced: reason)
        }
        return outcome
    }

    /// Has zoneadm(8) halt the zone, unless that has come about by itself.
    private static func halt(_ listed: ListedMachine, _ call: Call) throws(Failure) {
        do throws(Failure) {
            try call.commands.run("/usr/sbin/zoneadm", ["-z", listed.name, "halt"], within: nil)
        } catch {
            guard try MachineList.find(listed.name, call.commands).isUp else { return }
            throw error
        }
    }
}

extension MachineStop.Outcome {
    /// Which rung worked.
    fileprivate var sentence: String {
        switch self {
        case .notRunning: "there was no hypervisor"
        case .unknown(let reason): "whether there was a hypervisor is not known: \(reason)"
        case .unreachable(let reason): "the guest could not be asked to power off: \(reason)"
        case .poweredOff: "the guest powered off"
        case .ignored: "the guest ignored the power button"
        case .forced(let reason): reason
        case .stuck: "the hypervisor could not be ended"
        }
    }
}

/// What is seen while something is waited for: a line a step, and on a terminal one that counts.
private final class Progress {
    private let zone: String
    private let isTerminal = Program.outputWidth != nil
    private var isCounting = false

    init(zone: String) {
        self.zone = zone
    }

    func note(_ text: String) {
        Program.print("\(isCounting ? "\r\u{1b}[K" : "")\(zone): \(text.printable)\n")
        isCounting = false
    }

    /// Called each second.
    func tick(_ seconds: Int, of limit: Int) {
        guard isTerminal else { return }
        Program.print("\r\u{1b}[K\(zone): \(seconds) s of \(limit) s")
        isCounting = true
    }
}
