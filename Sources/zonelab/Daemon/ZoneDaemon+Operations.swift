import Glibc
import Platform

/// Boot, halt and reboot, in the order in which zoneadmd calls the hooks.
extension ZoneDaemon {
    /// What a statechange hook is told: the command (zoneadmd's `zone_cmd_t`).
    enum Change: Int {
        case ready = 0
        case boot = 1
        case halt = 4
    }

    /// States by number (`zone_state_t`).
    private static let installedNumber = 2
    private static let readyNumber = 3
    private static let runningNumber = 4

    func boot(_ report: Report) throws {
        switch state {
        case .running: throw LabError("zone is already booted")
        case .installed, .ready: break
        case .down, .shuttingDown: throw LabError("zone is " + state.rawValue, remedy: "zoneadm -z " + zone + " halt")
        }
        guard ZoneIndex.read()[zone]?.state == .installed else { throw LabError("must be installed before boot.") }
        try bringUp(from: Self.installedNumber, report)
    }

    func halt(_ report: Report) throws {
        guard state != .installed else { throw LabError("not running") }
        try takeDown(from: Self.runningNumber, report)
        console.notice(.halted)
    }

    func reboot(_ report: Report) throws {
        guard state == .running else { throw LabError("not running") }
        console.clear()
        console.notice(.rebooting)
        try takeDown(from: Self.runningNumber, report)
        try bringUp(from: Self.runningNumber, report)
    }

    // MARK: Up

    /// From installed to running. When a step fails the zone is installed again, if that can be had.
    private func bringUp(from number: Int, _ report: Report) throws {
        let zoneSetup = try ZoneSetup(zone)
        if number != Self.runningNumber { console.clear() }
        console.notice(.booting)
        let ready: ZoneSetup
        do {
            ready = try readied(zoneSetup, number, report)
        } catch {
            console.notice(.bootFailed)
            throw error
        }
        do {
            try hook(.prestatechange, ready, [number, Change.boot.rawValue], report)
            try hook(.boot, ready, [], report)
            try start(ready)
            try hook(.poststatechange, ready, [number, Change.boot.rawValue], report)
        } catch {
            console.notice(.bootFailed)
            try? hook(.poststatechange, ready, [Self.runningNumber, Change.halt.rawValue], report)
            try? takeDown(from: number, report)
            throw error
        }
    }

    private func readied(_ setup: ZoneSetup, _ number: Int, _ report: Report) throws -> ZoneSetup {
        try hook(.prestatechange, setup, [number, Change.ready.rawValue], report)
        do {
            try ZoneNamespace.check(setup.document)
            try ZoneNamespace.checkDevices(setup.document)
            try hook(.poststatechange, setup, [number, Change.ready.rawValue], report)
            state = .ready
            return setup
        } catch {
            try? hook(.poststatechange, setup, [Self.readyNumber, Change.halt.rawValue], report)
            throw error
        }
    }

    private func start(_ setup: ZoneSetup) throws {
        let namespace = ZoneNamespace(document: setup.document, brand: setup.brand, console: console.path)
        process = try ZoneProcess(namespace, loop) { [weak self] in self?.initEnded() }
        if state != .running { id = ZoneDaemon.nextID() }
        state = .running
        if process?.isAlive == false { initEnded() }
    }

    // MARK: Down

    /// From running, or half-way up, to installed. A failing hook leaves the zone where it is then.
    private func takeDown(from number: Int, _ report: Report) throws {
        let setup = try ZoneSetup(zone)
        let arguments = [number, Change.halt.rawValue]
        try hook(.prestatechange, setup, arguments, report)
        state = .shuttingDown
        process?.kill()
        process = nil
        state = .down
        try hook(.halt, setup, [], report)
        try hook(.poststatechange, setup, arguments, report)
        state = .installed
        id = 0
    }

    /// init has ended by itself: the brand says whether it starts again. During an operation nothing is done: that sees
    /// to the zone itself.
    private func initEnded() {
        guard let ended = process, case let ending? = ended.ending else { return }
        enqueue { [self] in
            guard process === ended, state == .running else { return }
            let silent = Report(nil, loop)
            do {
                let setup = try ZoneSetup(zone)
                if case .status(let status) = ending, setup.brand.restartsInit(after: status),
                    (try? start(setup)) != nil
                {
                    return
                }
                // An end that no guest asked for is worth a word of where to look.
                if ended.isFailure {
                    console.notice(
                        .initEnded(ended.explanation + "; see " + setup.document.zonepath + "/root/tmp/init.log"))
                }
                try takeDown(from: Self.runningNumber, silent)
                console.notice(.halted)
            } catch {
                console.notice(.halted)
            }
        }
    }

    // MARK: Hooks

    /// Runs a hook as zoneadmd does: descriptors 0 and 2 closed, what it prints for the administrator.
    func hook(_ hook: ZoneBrand.Hook, _ setup: ZoneSetup, _ numbers: [Int], _ report: Report) throws {
        guard
            let command = setup.brand.command(
                hook, zone: zone, zonepath: setup.document.zonepath, appending: numbers.map { String($0) },
                hostCommands: GlobalZone.commandDirectory)
        else { return }
        let output = try PipeEnds()
        let child = try Child.start(
            ["/bin/sh", "-c", command],
            Child.Setup(input: .closed, output: .descriptor(output.writer), errors: .closed, newSession: true))
        close(output.writer)
        var ending: Ending?
        var isRead = false
        loop.watch(output.reader) { [loop] in
            guard let bytes = Stream.read(output.reader) else { return }
            report.say(String(decoding: bytes, as: UTF8.self))
            guard bytes.isEmpty else { return }
            loop.close(output.reader)
            isRead = true
        }
        loop.watch(child) { ending = $0 }
        loop.run { ending != nil && isRead }
        if let ending, !ending.isSuccess {
            throw LabError("the brand's " + hook.rawValue + " program " + ending.text)
        }
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
