import Glibc
import Hypervisors
import Platform
import Text

/// A zone's namespace with its init, as bubblewrap started it.
final class ZoneProcess {
    /// The zone's first process, as the global zone counts.
    private(set) var initProcess: pid_t = 0
    /// How init ended, in bhyve's terms for a bhyve zone; `nil` while it runs.
    private(set) var ending: Ending?
    private let child: Child
    private let reason = ShutdownReason()
    /// What bubblewrap, or init before it had a log, had to say.
    private var words = ""
    private let loop: EventLoop

    var isAlive: Bool { ending == nil }

    /// True when the end was none that a guest asks for.
    private(set) var isFailure = false

    /// Starts the zone; comes back once init runs. Throws with bubblewrap's words when the zone cannot be made.
    init(
        _ namespace: ZoneNamespace, _ arguments: BootArguments, _ loop: EventLoop, ended: @escaping () -> Void
    ) throws {
        self.loop = loop
        let status = try PipeEnds()
        let errors = try PipeEnds()
        var command = try namespace.command()
        if let program = arguments.program { command[command.count - 1] = program }
        child = try Child.start(
            command + arguments.words,
            Child.Setup(
                input: .null, output: .null, errors: .descriptor(errors.writer), extra: status.writer, newSession: true)
        )
        close(status.writer)
        close(errors.writer)
        var statusText = ""
        loop.read(status.reader) { statusText += String(decoding: $0, as: UTF8.self) }
        loop.read(errors.reader) { [weak self] in self?.words += String(decoding: $0, as: UTF8.self) }
        let needsReason = namespace.brand.name == "bhyve"
        loop.watch(child) { [self] ending in
            if needsReason { reason.finish(loop) }
            isFailure = needsReason ? reason.status == nil : !ending.isSuccess
            self.ending = needsReason ? inBhyvesTerms(ending) : ending
            ended()
        }
        loop.run { [self] in ending != nil || statusText.contains("\n") }
        initProcess = BubblewrapStatus.child(in: statusText) ?? 0
        awaitInit()
        guard isAlive || BubblewrapStatus.hasRun(statusText) else {
            throw LabError("the zone could not be made: \(words.trimmed)", remedy: ZoneNamespace.wayOut)
        }
        HypervisorNumber(zoneroot: "\(namespace.document.zonepath)/root", initProcess: initProcess).follow(loop) {
            [weak self] in self?.isAlive ?? false
        }
        if needsReason {
            reason.follow("\(namespace.document.zonepath)/root", namespace.document.name, loop) { [weak self] in
                self?.isAlive ?? false
            }
        }
    }

    /// Waits until bubblewrap has made everything: then its process in the zone starts init as its child.
    private func awaitInit() {
        let children = "/proc/\(initProcess)/task/\(initProcess)/children"
        // Not every kernel lists children; there a zone counts as made at once.
        var isUp = !Files.exists("/proc/thread-self/children")
        func look() {
            isUp = isUp || !(Files.text(children) ?? "").isEmpty
            if !isUp && isAlive { loop.after(.milliseconds(5), look) }
        }
        look()
        loop.run { [self] in isUp || !isAlive }
    }

    /// How it ended, and what was said.
    var explanation: String {
        (ending?.text ?? "runs") + (words.trimmed.isEmpty ? "" : " (\(words.trimmed))")
    }

    /// Ends every process of the zone.
    func kill() {
        guard isAlive else { return }
        _ = Glibc.kill(initProcess, SIGKILL)
        loop.run { [self] in !isAlive }
    }

    private func inBhyvesTerms(_ ending: Ending) -> Ending {
        if let status = reason.status, ending.isSuccess { return .status(status) }
        // bhyve has 0 for a reset alone.
        return ending.isSuccess ? .status(BhyveEnd.poweredOff.rawValue) : ending
    }
}
