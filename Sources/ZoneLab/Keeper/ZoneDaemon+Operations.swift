import Glibc
import Platform

/// Ready, boot, halt and reboot, in the order in which zoneadmd calls the hooks.
extension ZoneDaemon {
    /// What a statechange hook is told: the command (zoneadmd's `zone_cmd_t`).
    enum Change: Int {
        case ready = 0
        case boot = 1
        case halt = 4
    }

    func ready(_ report: Report) throws {
        let number = state.number
        switch state {
        case .ready: return report.tell("zone is already ready")
        case .installed: try checkIsInstalled("ready")
        case .running, .shuttingDown, .down: try takeDown(number, report)
        }
        do {
            try makeReady(number, report)
            console.notice(.readied)
        } catch {
            if number != RunState.installed.number { console.notice(.halted) }
            throw error
        }
    }

    func boot(_ arguments: String, isForced: Bool = false, _ report: Report) throws {
        let number = state.number
        switch state {
        case .running, .shuttingDown, .down: report.tell("zone is already booted")
        case .ready:
            console.notice(.booting(arguments))
            try bringUp(number, report) { try bootUp(number, arguments, report) }
        case .installed:
            try checkIsInstalled("boot", isForced)
            console.clear()
            console.notice(.booting(""))
            try bringUp(number, report) {
                try makeReady(number, report)
                try bootUp(number, arguments, report)
            }
        }
    }

    func halt(_ report: Report) throws {
        guard state != .installed else {
            try checkIsInstalled("halt")
            return report.tell("zone is already halted")
        }
        try takeDown(state.number, report)
        console.notice(.halted)
    }

    func reboot(_ arguments: String, _ report: Report) throws {
        let number = state.number
        guard state != .installed, state != .ready else { throw invalid("reboot", state.rawValue) }
        try ZoneNamespace.checkCanBeMade(loop)
        console.clear()
        console.notice(.rebooting(arguments))
        do {
            try takeDown(number, report)
            try makeReady(number, report)
        } catch {
            console.notice(.bootFailed)
            throw error
        }
        try bringUp(number, report) { try bootUp(number, arguments, report) }
    }

    private func checkIsInstalled(_ command: String, _ isForced: Bool = false) throws {
        guard let index = ZoneIndex.read()[zone]?.state else { throw invalid(command, "configured") }
        guard index == .installed || isForced && index == .incomplete else { throw invalid(command, index.rawValue) }
    }

    private func invalid(_ command: String, _ state: String) -> LabError {
        LabError("\(command) operation is invalid for zones in state '\(state)'")
    }

    // MARK: Up

    /// Brings the zone up. When a step fails, it is taken down again from wherever it is.
    private func bringUp(_ number: Int, _ report: Report, _ steps: () throws -> Void) throws {
        do {
            try steps()
        } catch {
            try? takeDown(number, report, isRecovery: true)
            console.notice(.bootFailed)
            throw error
        }
    }

    /// From nothing to ready, with the configuration as it is now.
    private func makeReady(_ number: Int, _ report: Report) throws {
        let setup = try ZoneSetup(zone)
        self.setup = setup
        try hook(.prestatechange, [number, Change.ready.rawValue], report)
        do {
            id = ZoneDaemon.nextID()
            state = .ready
            do {
                if let fault = ZoneNamespace.faults(setup.document).first { throw fault }
                try ZoneNamespace.checkDevices(setup.document)
            } catch {
                // What is said then is shown to nobody.
                try? tearDown(Report(nil, zone, loop))
                throw error
            }
            try hook(.poststatechange, [number, Change.ready.rawValue], report)
        } catch {
            try? hook(.poststatechange, [RunState.ready.number, Change.halt.rawValue], report)
            throw error
        }
    }

    /// From ready to running.
    private func bootUp(_ number: Int, _ arguments: String, _ report: Report) throws {
        try hook(.prestatechange, [number, Change.boot.rawValue], report)
        do {
            setBootArguments(arguments, report)
            try hook(.boot, [], report)
            try start()
            try hook(.poststatechange, [number, Change.boot.rawValue], report)
        } catch {
            try? hook(.poststatechange, [RunState.running.number, Change.halt.rawValue], report)
            throw error
        }
    }

    private func setBootArguments(_ given: String, _ report: Report) {
        bootArguments = BootArguments(given.isEmpty ? setup?.document.properties["bootargs"] ?? "" : given)
        guard !bootArguments.invalid.isEmpty else { return }
        if bootArguments.dropsWords {
            report.tell("WARNING: Unused or invalid boot arguments `\(bootArguments.invalid)'.")
        }
        console.notice(.badArguments(bootArguments.invalid))
    }

    private func start() throws {
        guard let setup else { return }
        let namespace = ZoneNamespace(document: setup.document, brand: setup.brand, console: console.path)
        process = try ZoneProcess(namespace, bootArguments, loop) { [weak self] in self?.initEnded() }
        state = .running
        if process?.isAlive == false { initEnded() }
    }

    // MARK: Down

    /// From wherever it is to installed; with what the zone was readied with, whatever its file says now. A failing hook
    /// leaves the zone where it is then.
    private func takeDown(_ number: Int, _ report: Report, isRecovery: Bool = false) throws {
        let arguments = [number, Change.halt.rawValue]
        try hook(.prestatechange, arguments, report)
        do {
            try tearDown(report)
        } catch {
            if !isRecovery { report.tell("unable to destroy zone") }
            throw error
        }
        try hook(.poststatechange, arguments, report)
    }

    /// Ends what there is of the zone; throws when there is nothing.
    private func tearDown(_ report: Report) throws {
        guard state != .installed else { throw LabError.told }
        state = .shuttingDown
        process?.kill()
        process = nil
        state = .down
        try hook(.halt, [], report)
        state = .installed
        id = 0
    }

    /// init has ended by itself: the brand says whether it starts again. During an operation nothing is done: that sees
    /// to the zone itself.
    private func initEnded() {
        guard let ended = process, case let ending? = ended.ending else { return }
        enqueue { [self] in
            guard process === ended, state == .running, let setup else { return }
            if case .status(let status) = ending, setup.brand.restartsInit(after: status), (try? start()) != nil {
                return
            }
            // An end that no guest asked for is worth a word of where to look.
            if ended.isFailure {
                console.notice(
                    .initEnded("\(ended.explanation); see \(setup.document.zonepath)/root/tmp/init.log"))
            }
            try? takeDown(state.number, Report(nil, zone, loop))
            console.notice(.halted)
        }
    }

    // MARK: Hooks

    /// Runs a hook as zoneadmd does: descriptors 0 and 2 closed; what it prints is told when the operation has ended.
    private func hook(_ hook: ZoneBrand.Hook, _ numbers: [Int], _ report: Report) throws {
        let words = numbers.map { " \($0)" }.joined()
        guard let setup,
            let command = setup.brand.command(
                hook, zone: zone, zonepath: setup.document.zonepath, appending: words)
        else { return }
        let (ending, output) = try loop.run(
            ["/bin/sh", "-c", command], keeping: \.output,
            Child.Setup(input: .closed, errors: .closed, newSession: true))
        for line in output.lines { report.tell(line) }
        guard !ending.isSuccess else { return }
        if case .signal(let number) = ending {
            report.tell("\(command) unexpectedly terminated due to signal \(number)")
        }
        if hook == .boot || hook == .halt { report.tell("\(command) failed") }
        throw LabError.told
    }
}

/// A zone's configuration, as it is now, and its brand.
struct ZoneSetup {
    let document: ZoneDocument
    let brand: ZoneBrand

    init(_ zone: String) throws {
        document = try ZoneDocument.read(zone: zone)
        brand = try ZoneBrand(document.brand)
    }
}
