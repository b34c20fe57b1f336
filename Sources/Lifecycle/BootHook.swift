import Hypervisors
import Machine
import Platform
import Text
import ZoneBoot
import ZoneConfig

/// `boot`: makes a zone's machine ready for init, or shows what it would do. `-R ZONEPATH` is taken as zoneadm may give
/// it; the configuration's own counts.
package enum BootHook {
    static let usage = """
        usage: boot [-S] [-t | -e | -j] [-p illumos|linux] [-x zone.xml] [-R dir] [-F dir] [-C dir] [-z] zone
               boot -A [-j] [attribute]

          -t       show the command that would run, for a shell, and the files that would be written
          -e       explain it: every argument, what it is for and where it comes from
          -j       the same for programs: one line of JSON
          -A       list the attributes a zone can have, or tell all of one; -j for programs
          -S       system boot of a zone that does not boot by itself: the memory reservoir alone
          -x FILE  the zone's XML (default: /etc/zones/ZONE.xml)
          -R DIR   taken as zoneadm may give it; the zonepath in the zone's XML counts
          -F DIR   look for bhyve's boot ROMs in DIR (default: /usr/share/bhyve/firmware)

        """ + Hook.commonUsage

    private enum Mode {
        case command, explanation, json, real
    }

    /// Runs the hook with the program's arguments; returns its exit status.
    @export(interface)
    package static func run(_ arguments: [String]) -> ExitStatus {
        Hook.run("boot", arguments, usage: usage, letters: "\(Hook.letters)AStejx:F:") { options throws(ValueError) in
            if options.has("A") { return try showAttributes(options) }
            let mode = try self.mode(options)
            let request = try self.request(options, acts: mode == .real)
            if mode == .real { try Hook.checkMayAct(request.platform, request.commands) }
            let start = Clock.now
            let plan = BootPlan.make(request)
            return mode == .real ? commit(plan, madeIn: Clock.now - start) : show(plan, mode)
        }
    }

    /// Prints the attribute table, or what it says of one attribute.
    private static func showAttributes(_ options: Options) throws(ValueError) -> ExitStatus {
        guard !options.has("S"), !options.has("t"), !options.has("e") else {
            throw ValueError("-A goes with -j alone")
        }
        guard options.operands.count <= 1 else {
            throw ValueError("unexpected argument \(options.operands[1].quoted)")
        }
        let text = try AttributePage.text(
            of: options.operands.first, isJSON: options.has("j"), width: Program.outputWidth, list: "boot -A")
        return Program.print(text) ? .ok : .fatal
    }

    /// Acts on the plan. Success is silent: warnings go to the zone's log.
    private static func commit(_ plan: BootPlan, madeIn time: Duration) -> ExitStatus {
        // An end half-way would leave a command that goes on, and memory that nobody holds.
        Program.holdInterrupts()
        let zone = plan.request.zoneName
        let log = plan.zone?.zonepath.map { ZoneLog(zonepath: $0, hook: "boot") }
        func print(_ diagnostics: [Diagnostic]) -> ExitStatus {
            for diagnostic in diagnostics {
                if diagnostic.severity == .error { Program.printError(diagnostic.text(zone: zone)) }
                log?.write(diagnostic.sentence)
                for line in diagnostic.remedy { log?.write("  \(line)") }
            }
            let logs = plan.zone?.logs ?? []
            if !logs.isEmpty { Program.printError("zone \(zone): see \(logs.joined(separator: " and "))\n") }
            return .fatal
        }
        let told = plan.diagnostics.filter { $0.severity != .info }
        guard !told.hasErrors, let log else { return print(told) }
        do {
            try Privileges.check(plan.request.commands)
            log.write(told.map { $0.sentence })
            var commit = BootCommit(
                plan, plannedIn: time, runDirectory: try Hook.runDirectory(plan.request.commands), log: log)
            try commit.run()
            return .ok
        } catch {
            return print([error.diagnostic])
        }
    }

    private static func show(_ plan: BootPlan, _ mode: Mode) -> ExitStatus {
        let isShown =
            switch mode {
            case .command: Program.print(plan.commandText)
            case .explanation: Program.print(plan.explanation(width: Program.outputWidth))
            case .json: Program.print(plan.json)
            case .real: true
            }
        for diagnostic in plan.diagnostics where mode == .explanation || diagnostic.severity != .info {
            Program.printError(diagnostic.text(zone: plan.request.zoneName))
        }
        return plan.diagnostics.hasErrors || !isShown ? .fatal : .ok
    }

    private static func mode(_ options: Options) throws(ValueError) -> Mode {
        var modes: [Mode] = []
        if options.has("t") { modes.append(.command) }
        if options.has("e") { modes.append(.explanation) }
        if options.has("j") { modes.append(.json) }
        guard modes.count <= 1 else { throw ValueError("-t, -e and -j exclude each other") }
        return modes.first ?? .real
    }

    private static func request(_ options: Options, acts: Bool) throws(ValueError) -> BootRequest {
        let zone = try options.zoneName()
        let platform = try options.platform()
        return BootRequest(
            zoneName: zone, file: options.value("x") ?? "/etc/zones/\(zone).xml",
            platform: platform, firmwareDirectory: options.value("F"),
            commands: HostCommands(directory: options.value("C")),
            accelerator: platform == .linux ? try Hook.accelerator() : .tcg,
            onlyReservoir: options.has("S"), acts: acts)
    }
}

extension ZoneConfiguration {
    /// Paths of the logs that are there: of what hooks did, then of what init and the hypervisor said.
    fileprivate var logs: [String] {
        guard let zonepath, let zone = try? RootedDirectory(zonepath) else { return [] }
        return ["log/zone.log", "root\(InitLog.path)"].filter { path in
            (try? zone.status(path))?.kind == .regular
        }.map { "\(zonepath)/\($0)" }
    }
}
