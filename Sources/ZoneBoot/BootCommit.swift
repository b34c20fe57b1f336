import CloudInit
import Hypervisors
import Machine
import Platform
import ZoneConfig
import Text

/// Acts on a plan: everything is checked, then written in an order in which any end leaves whole files.
package struct BootCommit {
    let plan: BootPlan
    let runDirectory: String
    let log: ZoneLog

    package init(_ plan: BootPlan, runDirectory: String, log: ZoneLog) {
        self.plan = plan
        self.runDirectory = runDirectory
        self.log = log
    }

    /// Makes the zone ready for init. The plan has no errors.
    @export(interface)
    package func run() throws(Failure) {
        let zoneName = plan.request.zoneName
        try ZoneLock.take(zone: zoneName, runDirectory: runDirectory)
        let reservation = Reservation(zone: zoneName, runDirectory: runDirectory, commands: plan.request.commands)
        if plan.request.onlyReservoir {
            try reservation.hold(plan.reservoirBytes ?? 0)
            return
        }
        guard let zonepath = plan.zone?.zonepath, let zoneroot = plan.zone?.zoneroot, let machine = plan.machine,
            let commandLine = plan.commandLine
        else { return }

        let root = try RootedDirectory.open(zoneroot, remedy: "a zone's root is built by zoneadm install")
        if commandLine.hypervisor == .bhyve { try tryOut(commandLine) }

        let seed = try seedImage()
        let directory = try LaunchDirectory.open(zonepath: zonepath)
        let files = try BootFiles(
            in: directory, root,
            launch: LaunchFile(commandLine, machine, environment: plan.environment.variables),
            secret: plan.secret.content,
            variables: plan.variables.content, seed: seed?.bytes)
        try checkInterrupt()
        let heldBefore = try reservation.hold(plan.reservoirBytes ?? 0)
        var changedLinks: [String] = []
        do {
            try setLinkProperties(machine, &changedLinks)
            try checkInterrupt()
            try files.commit(in: directory, root, log: log)
        } catch {
            for link in changedLinks.reversed() { resetLinkProperty(link) }
            // The zone does not start, so it needs no more memory than it had.
            _ = try? reservation.hold(heldBefore)
            throw error
        }
        forgetNext()
        log.write("ready to start: \(ShellWords.quote(commandLine.words))")
    }

    private func checkInterrupt() throws(Failure) {
        do {
            try Program.checkInterrupt("boot the zone")
        } catch {
            throw Failure(error)
        }
    }

    private func seedImage() throws(Failure) -> SeedImage? {
        guard let seed = plan.seed else { return nil }
        return try SeedImage(seed, platform: plan.request.platform, commands: plan.request.commands)
    }

    // MARK: Checks

    /// Gives the command to the installed bhyve, which prints the configuration it understood and ends with status 1. The
    /// file with the password is not there yet.
    private func tryOut(_ commandLine: CommandLine) throws(Failure) {
        var words = commandLine.arguments.filter { $0.words.first != "-k" }.flatMap { $0.words }
        words.insert(contentsOf: ["-o", "config.dump=1"], at: words.count - 1)
        let result: Command.Result
        do {
            result = try plan.request.commands.command(commandLine.program, words).run()
        } catch {
            throw Failure(error, remedy: "install bhyve, or mend the attr extra")
        }
        let lines = result.output.pieces(separator: "\n", omittingEmpty: true)
        guard result.status == 1, lines.contains("name=\(plan.request.zoneName)") else {
            let words = (result.errors.trimmed.isEmpty ? result.output : result.errors).trimmed
            throw refusal(words.isEmpty ? "it says nothing, and ends with status \(result.status)" : words)
        }
    }

    /// bhyve's words: one line in the message, and more of them, up to a limit, each on a line of its own.
    private func refusal(_ words: String) -> Failure {
        let limit = 20
        let lines = words.pieces(separator: "\n", omittingEmpty: true).map {
            $0.trimmed.pieces(separator: "\t", omittingEmpty: true).joined(separator: " ")
        }
        var told = lines.count > 1 ? Array(lines.prefix(limit)) : []
        if lines.count > limit { told.append("and \(lines.count - limit) more lines") }
        return Failure(
            Diagnostic(
                .error, file: nil, line: nil,
                message: "bhyve refuses the machine:" + (lines.count > 1 ? "" : " \(words)"),
                remedy: told + ["boot -e shows where each argument comes from"]))
    }

    // MARK: Acts

    /// Removes the attr `bootnext`, which is for one boot. When it stays, the boot after this one heeds it again.
    private func forgetNext() {
        guard plan.variables.setsNext else { return }
        let words = ZoneVariables.forgetNext(plan.request.zoneName)
        do {
            let result = try plan.request.commands.command("/usr/sbin/zonecfg", words).run()
            guard result.status != 0 else { return }
            log.write("warning: the attr bootnext is not removed: \(result.errors.trimmed)")
        } catch {
            log.write("warning: the attr bootnext is not removed: \(error.description)")
        }
    }

    private static let linkProperty = "promisc-filtered"

    /// Adds each link it has changed to the list, also when a later one fails.
    private func setLinkProperties(_ machine: Machine, _ changed: inout [String]) throws(Failure) {
        guard plan.request.platform == .illumos else { return }
        for nic in machine.nics {
            guard let filters = nic.filtersPromiscuous else { continue }
            let property = "\(Self.linkProperty)=" + (filters ? "on" : "off")
            if let words = dladm(["set-linkprop", "-p", property, nic.link.value]) {
                throw Failure(
                    "dladm cannot set \(property) of \(nic.link.value): \(words)", file: machine.file,
                    remedy: "create the VNIC: dladm create-vnic -l LINK \(nic.link.value)")
            }
            changed.append(nic.link.value)
        }
    }

    /// Gives a link of a zone that does not start the system's default.
    private func resetLinkProperty(_ link: String) {
        if let words = dladm(["reset-linkprop", "-p", Self.linkProperty, link]) {
            log.write("dladm cannot reset \(Self.linkProperty) of \(link): \(words)")
        }
    }

    /// What dladm(8) says when it fails; `nil` when it does not.
    private func dladm(_ arguments: [String]) -> String? {
        do {
            let result = try plan.request.commands.command("/usr/sbin/dladm", arguments).run()
            return result.status == 0 ? nil : result.complaint
        } catch {
            return error.description
        }
    }
}
