import CPlatform
import Foundation
import Glibc
import Platform
import Text

/// Makes the global zone, runs what was asked for in it, and ends it.
struct Launch {
    /// Where the lab keeps everything when nothing else is said.
    static var defaultDirectory: String { (Program.environment("HOME") ?? NSHomeDirectory()) + "/.zonelab" }

    let zone: GlobalZone

    /// `directory` is where the lab keeps everything, `shares` are files that appear in it. Throws when that is no place for
    /// a lab, or when there are no hooks for its brands.
    init(directory: String, shares: [GlobalZone.Share]) throws {
        let directory = URL(fileURLWithPath: directory).standardizedFileURL.path
        guard directory != "/" else {
            throw LabError("/ is no place for the lab", remedy: "-d DIR names a directory of its own")
        }
        zone = GlobalZone(directory: directory, brand: try BrandFiles.find(), shares: shares)
    }

    /// A shell in the lab, which may be there already. Returns its exit status.
    func shell() throws -> Int32 {
        guard let lock = try lock() else { return try join() }
        defer { lock.release() }
        if zone.directory == Self.defaultDirectory { tellOthers() }
        try zone.prepare()
        return try start(.shell, readsInput: true)
    }

    /// Runs a script in a lab that is not there yet. `readsInput` says whether it gets this process' standard input. Returns
    /// the exit status.
    func run(_ script: String, readsInput: Bool) throws -> Int32 {
        guard let lock = try lock() else { throw isInUse }
        defer { lock.release() }
        let isNew = !["index", "links", "datasets"].contains { name in
            let file = name == "index" ? ZoneIndex.directory + "/index" : "\(GlobalZone.stateDirectory)/\(name)"
            return !(Files.text(zone.directory + file) ?? "").records.isEmpty
        }
        try zone.prepare()
        try Files.write(zone.directory + Inside.script, script)
        let status = try start(.script, readsInput: readsInput)
        if status != 0, !isNew { tellWhatWasThere() }
        return status
    }

    /// Why a script may have failed that succeeded before.
    private func tellWhatWasThere() {
        Stream.write(
            2,
            """
            zonelab: the lab in \(zone.directory) held zones, links or datasets before this began
              zonelab reset -d \(zone.directory) empties it; -d DIR takes another one

            """)
    }

    /// Says which other labs run, to one who may have meant them.
    private func tellOthers() {
        var others: Set<String> = []
        for process in Files.names(in: "/proc") where pid_t(process) != nil {
            let words = (Files.text("/proc/\(process)/cmdline") ?? "").pieces(separator: "\0")
            guard words.count > 3, words[0] == "/usr/bin/bwrap", words[3] == "/", words.contains(Begin.name),
                words[2] != zone.directory, Files.exists("\(words[2])/.zonelab/process")
            else { continue }
            others.insert(words[2])
        }
        for other in others.sorted() {
            Stream.write(
                2, "zonelab: another lab runs in \(other), this is not it; zonelab shell -d \(other) joins that one\n")
        }
    }

    /// Removes the lab and everything in it.
    func reset() throws {
        guard Files.isDirectory(zone.directory + GlobalZone.stateDirectory) else {
            throw LabError("there is no lab in \(zone.directory)", remedy: "-d DIR names another directory")
        }
        guard let lock = try lock() else { throw isInUse }
        defer { lock.release() }
        do {
            try FileManager.default.removeItem(atPath: zone.directory)
        } catch {
            throw LabError("cannot remove \(zone.directory)", remedy: "look at what is there, and who owns it")
        }
    }

    /// `nil` when the lab is there already.
    private func lock() throws -> FileLock? {
        try Files.makeDirectories(zone.directory)
        return try FileLock(trying: "\(zone.directory)/.zonelab.lock")
    }

    private var isInUse: LabError {
        LabError(
            "the lab in \(zone.directory) is in use", remedy: "end that one first, or give this one its own: -d DIR")
    }

    /// A second shell in a lab that runs: its zones are there.
    private func join() throws -> Int32 {
        guard let process = pid_t((Files.text(processFile) ?? "").trimmed) else { throw isInUse }
        let lab = cp_open_process(process)
        defer { close(lab) }
        let ending = try Terminal.kept {
            let command = GlobalZone.command(joining: process, Inside.command(.join, zone.directory))
            return Self.wait(for: try Child.start(command), EventLoop(), stop: Self.hangUp)
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

    /// A terminal's interrupt reaches what runs in the lab by itself; this one stays to see it go.
    private static func ignoreInterrupts() {
        for number in [SIGINT, SIGQUIT] { signal(number, SIG_IGN) }
    }

    /// Waits for what runs in the lab. A signal that is to end this process ends that first.
    private static func wait(for child: Child, _ loop: EventLoop, stop: @escaping (Child) -> Void) -> Ending {
        ignoreInterrupts()
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
    private var processFile: String { "\(zone.directory)/.zonelab/process" }

    /// Starts the global zone and waits for its end. It ends with this process, whatever ends that.
    private func start(_ mode: Inside.Mode, readsInput: Bool) throws -> Int32 {
        let status = try PipeEnds()
        let loop = EventLoop()
        var statusText = ""
        loop.read(status.reader) {
            statusText += String(decoding: $0, as: UTF8.self)
            guard let process = BubblewrapStatus.child(in: statusText) else { return }
            try? Files.write(processFile, "\(process)\n")
        }
        // bubblewrap must outlive an interrupt as well: what is left in the lab halts its zones.
        Self.ignoreInterrupts()
        let ending = try Terminal.kept {
            let child = try Child.start(
                zone.command(Inside.command(mode, zone.directory)),
                Child.Setup(
                    input: readsInput ? .inherited : .null, extra: status.writer, keepsInterrupts: true))
            close(status.writer)
            return Self.wait(for: child, loop) { kill($0.pid, SIGKILL) }
        }
        unlink(processFile)
        zone.forgetShares()
        return ending.shellStatus
    }
}
