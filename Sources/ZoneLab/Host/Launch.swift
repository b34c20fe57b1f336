import CPlatform
import Foundation
import Glibc
import Platform

/// `zonelab shell` and `zonelab run`: makes the global zone, runs what was asked for in it, and ends it.
enum Launch {
    static func run(_ command: String, _ arguments: [String]) throws -> Int32 {
        var request = try request(arguments)
        if request.isHelp {
            Stream.write(1, Lab.usage)
            return 0
        }
        var inside = [GlobalZone.program, "__inside", "shell"]
        var script: String?
        if command == "run" {
            guard request.operands.count == 1 else {
                throw LabError.usage("run takes one script, or - for standard input\n" + Lab.usage)
            }
            script = try readScript(request.operands.removeFirst())
            inside = [GlobalZone.program, "__inside", "script"]
        }
        guard request.operands.isEmpty else {
            throw LabError.usage("unexpected argument \"" + request.operands[0] + "\"\n" + Lab.usage)
        }
        let directory = URL(fileURLWithPath: request.directory ?? defaultDirectory).standardizedFileURL.path
        guard directory != "/" else {
            throw LabError("/ is no place for the lab", remedy: "-d DIR names a directory of its own")
        }
        let zone = GlobalZone(directory: directory, brand: try BrandFiles.find(), shares: request.shares)
        try Files.makeDirectories(directory)
        guard let lock = try FileLock(trying: directory + "/.zonelab.lock") else {
            return try join(directory, command)
        }
        defer { lock.release() }
        try zone.prepare()
        if let script { try Files.write(directory + Inside.script, script) }
        return try start(zone, inside, readsScript: request.scriptIsInput)
    }

    /// A second shell in a lab that runs: its zones are there.
    private static func join(_ directory: String, _ command: String) throws -> Int32 {
        guard command == "shell", let process = pid_t((Files.text(processFile(directory)) ?? "").trimmed) else {
            throw LabError(
                "the lab in " + directory + " is in use", remedy: "end that one first, or give this one its own: -d DIR"
            )
        }
        let lab = cp_open_process(process)
        defer { close(lab) }
        let ending = try Terminal.kept {
            let command = GlobalZone.command(joining: process, [GlobalZone.program, "__inside", "join"])
            return wait(for: try Child.start(command), EventLoop(), stop: hangUp)
        }
        // What runs in the lab is killed a moment before its first process is gone.
        guard ending == .signal(SIGKILL) || ending == .status(128 + SIGKILL), cp_process_ended(lab, 2000) == 1 else {
            return ending.shellStatus
        }
        if Terminal.hasInput { Stream.write(2, "\n") }
        throw LabError("the lab has ended")
    }

    /// Has a shell that joined end its jobs and itself, while it still has the terminal. nsenter(1) is its parent.
    private static func hangUp(_ nsenter: Child) {
        let shells = (Files.text("/proc/\(nsenter.pid)/task/\(nsenter.pid)/children") ?? "").pieces(separator: " ")
            .compactMap { pid_t($0.trimmed) }
        for shell in shells { kill(shell, SIGHUP) }
        if shells.isEmpty { kill(nsenter.pid, SIGKILL) }
    }

    /// Waits for what runs in the lab. A signal that is to end this process ends that first.
    private static func wait(for child: Child, _ loop: EventLoop, stop: @escaping (Child) -> Void) -> Ending {
        // A terminal's interrupt reaches everything in the lab by itself; this one stays to see it go.
        for number in [SIGINT, SIGQUIT] { signal(number, SIG_IGN) }
        for number in [SIGTERM, SIGHUP] { StopSignals.note(number) }
        var ending: Ending?
        loop.watch(StopSignals.reader) {
            _ = Stream.read(StopSignals.reader)
            stop(child)
        }
        loop.watch(child) { ending = $0 }
        loop.run { ending != nil }
        return ending!
    }

    /// Names the first process of the lab that runs.
    private static func processFile(_ directory: String) -> String { directory + "/.zonelab/process" }

    private struct Request {
        var directory: String?
        var shares: [(host: String, path: String)] = []
        var operands: [String] = []
        var isHelp = false
        /// The script comes from standard input, so nothing else may.
        var scriptIsInput: Bool
    }

    private static func request(_ arguments: [String]) throws -> Request {
        var request = Request(scriptIsInput: arguments.last == "-")
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "-h", "--help": request.isHelp = true
            case "-d":
                guard let directory = rest.popFirst() else {
                    throw LabError.usage("-d needs a directory\n" + Lab.usage)
                }
                request.directory = directory
            case "-b":
                let (host, path) = (rest.popFirst() ?? "").splitOnce(at: ":")
                guard let path, path.hasPrefix("/"), Files.exists(host) else {
                    throw LabError("-b takes FILE:PATH, a file that is there and an absolute path in the lab")
                }
                request.shares.append((URL(fileURLWithPath: host).standardizedFileURL.path, path))
            case _ where word.hasPrefix("-") && word != "-":
                throw LabError.usage("unknown option " + word + "\n" + Lab.usage)
            default: request.operands.append(word)
            }
        }
        return request
    }

    private static var defaultDirectory: String { (Program.environment("HOME") ?? NSHomeDirectory()) + "/.zonelab" }

    private static func readScript(_ path: String) throws -> String {
        let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LabError(errno: errno, "cannot read " + path) }
        let text = Stream.readAll(descriptor)
        return Transcript.isOne(text) ? try Transcript.script(text) : text
    }

    /// Starts the global zone and waits for its end. It ends with this process, whatever ends that.
    private static func start(_ zone: GlobalZone, _ inside: [String], readsScript: Bool) throws -> Int32 {
        let status = try PipeEnds()
        let loop = EventLoop()
        var statusText = ""
        loop.watch(status.reader) {
            let bytes = Stream.read(status.reader) ?? []
            if bytes.isEmpty { return loop.close(status.reader) }
            statusText += String(decoding: bytes, as: UTF8.self)
            guard let process = BubblewrapStatus.child(in: statusText) else { return }
            try? Files.write(processFile(zone.directory), String(process) + "\n")
        }
        let ending = try Terminal.kept {
            let child = try Child.start(
                zone.command(inside), Child.Setup(input: readsScript ? .null : .inherited, extra: status.writer))
            close(status.writer)
            return wait(for: child, loop) { kill($0.pid, SIGKILL) }
        }
        unlink(processFile(zone.directory))
        zone.forgetShares()
        return ending.shellStatus
    }
}
