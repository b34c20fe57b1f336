import Foundation
import Glibc
import Text

/// The keeper of one zone, as zoneadmd is: holds its console, its state and its namespace, and does what zoneadm asks,
/// one thing at a time. Ends with the lab.
final class ZoneDaemon {
    /// Where the keepers listen, and what they share.
    static let directory = "/var/run/zonelab"

    static func socketPath(_ zone: String) -> String { "\(directory)/\(zone).sock" }

    let zone: String
    let loop = EventLoop()
    let console: ZoneConsole
    /// The zone's state where it differs from the index: `installed` here means "not running".
    var state = RunState.installed
    /// The number the running zone has.
    var id = 0
    /// Ends with the namespace; kept until the zone is halted.
    var process: ZoneProcess?
    /// The configuration as it was when the zone was last readied: what the zone has, whatever becomes of the file.
    var setup: ZoneSetup?
    /// What init was started with.
    var bootArguments = BootArguments("")
    private var isBusy = false
    private var waiting: [() -> Void] = []
    private var isOver = false

    /// States of a zone with a keeper.
    enum RunState: String {
        case installed, ready, running
        case shuttingDown = "shutting_down"
        case down

        /// By the kernel's numbers (`zone_state_t`).
        var number: Int {
            switch self {
            case .installed: 2
            case .ready: 3
            case .running: 4
            case .shuttingDown: 5
            case .down: 6
            }
        }
    }

    /// What the console says of the zone itself.
    enum Notice {
        case readied, halted, bootFailed
        /// With boot arguments, if any.
        case booting(String)
        case rebooting(String)
        case badArguments(String)
        /// Of an end that no guest asks for.
        case initEnded(String)

        /// As zoneadmd writes it.
        var text: String {
            func with(_ arguments: String) -> String { arguments.isEmpty ? "" : " with arguments: \(arguments)" }
            let words =
                switch self {
                case .readied: "NOTICE: Zone readied"
                case .booting(let arguments): "NOTICE: Zone booting up\(with(arguments))"
                case .halted: "NOTICE: Zone halted"
                case .rebooting(let arguments): "NOTICE: Zone rebooting\(with(arguments))"
                case .bootFailed: "NOTICE: Zone boot failed"
                case .badArguments(let text): "WARNING: Ignoring invalid boot arguments: \(text)"
                case .initEnded(let how): "NOTICE: init \(how)"
                }
            return "[\(words)]"
        }
    }

    private init(_ zone: String) throws {
        self.zone = zone
        console = try ZoneConsole(loop)
    }

    /// Keeps the zone until the lab ends. Comes back at once when the zone has a keeper.
    static func run(_ zone: String) throws -> Int32 {
        // What it was started with open belongs to others, who may wait for its end.
        closefrom(STDERR_FILENO + 1)
        guard let lock = try FileLock(trying: "\(directory)/\(zone).lock") else { return 0 }
        defer { lock.release() }
        signal(SIGPIPE, SIG_IGN)
        let daemon = try ZoneDaemon(zone)
        let listener = try UnixSocket.listen(socketPath(zone))
        daemon.loop.watch(listener) {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            daemon.greet(client)
        }
        daemon.loop.run { daemon.isOver }
        unlink(socketPath(zone))
        return 0
    }

    /// Reads the one line a client sends.
    private func greet(_ client: Int32) {
        var line = ""
        loop.watch(client) { [self] in
            guard let bytes = Stream.read(client), !bytes.isEmpty else { return loop.close(client) }
            line += String(decoding: bytes, as: UTF8.self)
            guard line.hasSuffix("\n") else { return }
            answer(line.trimmed, client)
        }
    }

    private func answer(_ request: String, _ client: Int32) {
        switch request {
        case "console": console.attach(client)
        case let login where login.hasPrefix("login "):
            console.login(client, as: String(login.dropFirst("login ".count)))
        case "status":
            let report = Report(client, zone, loop)
            report.say([state.rawValue, String(id), String(process?.initProcess ?? 0)].joined(separator: " "))
            report.end(0)
        case "quit":
            isOver = true
            Report(client, zone, loop).end(0)
        default:
            // A client that goes away stops nothing: zoneadmd finishes what it has begun.
            loop.ignore(client)
            enqueue { [self] in act(request, Report(client, zone, loop)) }
        }
    }

    /// Runs an operation now, or when those before it are done.
    func enqueue(_ operation: @escaping () -> Void) {
        waiting.append(operation)
        guard !isBusy else { return }
        isBusy = true
        while !waiting.isEmpty { waiting.removeFirst()() }
        isBusy = false
    }

    private func act(_ request: String, _ report: Report) {
        let (command, words) = request.splitOnce(at: " ")
        do {
            switch command {
            case "ready": try ready(report)
            case "boot": try boot(words ?? "", report)
            case "forceboot": try boot(words ?? "", isForced: true, report)
            case "halt": try halt(report)
            case "reboot": try reboot(words ?? "", report)
            default: throw LabError("\"\(request)\" is nothing a zone's keeper does")
            }
            report.end(0)
        } catch let error as LabError {
            if !error.isTold { report.say(error.text("zone '\(zone)'")) }
            report.end(error.status)
        } catch {
            report.tell("\(error)")
            report.end(1)
        }
    }

    /// Takes a number for a zone that starts.
    static func nextID() -> Int {
        let path = "\(directory)/last-id"
        guard let lock = try? FileLock("\(directory)/last-id.lock") else { return 1 }
        defer { lock.release() }
        let next = (Int(Files.text(path)?.trimmed ?? "") ?? 0) + 1
        try? Files.write(path, "\(next)\n")
        return next
    }
}

/// The way back to the administrator: text, then NUL and the exit status, all when the operation has ended.
final class Report {
    private let client: Int32?
    private let zone: String
    private let loop: EventLoop
    private var text = ""

    init(_ client: Int32?, _ zone: String, _ loop: EventLoop) {
        self.client = client
        self.zone = zone
        self.loop = loop
    }

    /// A line of zoneadmd's.
    func tell(_ line: String) { say("zone '\(zone)': \(line)\n") }

    func say(_ text: String) { self.text += text }

    func end(_ status: Int32) {
        guard let client else { return }
        Stream.write(client, "\(text)\0\(status)\n")
        loop.close(client)
    }
}
