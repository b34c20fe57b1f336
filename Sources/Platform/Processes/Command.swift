import CPlatform
import Text

/// A command of the host, run to its end.
package struct Command {
    /// What it left behind.
    package struct Result: Equatable, Sendable {
        /// Its exit status, or 128 + the signal that ended it.
        package let status: Int32
        package let output: String
        package let errors: String

        /// Why it failed: what it says, on one line and 1000 characters of it, or how it ended when it says nothing.
        package var complaint: String {
            let words = errors.trimmedParts(separator: "\n").filter { !$0.isEmpty }.joined(separator: "; ")
            return words.isEmpty ? "exit status \(status)" : words.cut(to: 1000)
        }
    }

    /// Absolute path of the program.
    package let program: String
    /// Its arguments, without its own name.
    package let arguments: [String]
    /// When it has to be over, whatever else limits it.
    private let deadline: Deadline?

    package init(_ program: String, _ arguments: [String], deadline: Deadline? = nil) {
        self.program = program
        self.arguments = arguments
        self.deadline = deadline
    }

    /// How long a command may take that is not known to take longer.
    package static let patience = Duration.seconds(60)

    /// Runs it with no input and waits for its end, keeping up to 1 MiB of each output; what other processes that it leaves
    /// behind write later is not waited for. The lock, when there is one, is held until the command has ended, also when
    /// this process ends before.
    ///
    /// Throws when it cannot be started, when it has not ended within this time (`nil`: it may take as long as it
    /// likes) or by the deadline, and when an interrupt comes that is held (see ``Program/holdInterrupts()``). It is ended
    /// then.
    @export(interface)
    package func run(within time: Duration? = Command.patience, holding lock: HeldLock? = nil) throws(SystemError)
        -> Result
    {
        let limit = try limit(time)
        var outEnds: (Int32, Int32) = (-1, -1)
        var errEnds: (Int32, Int32) = (-1, -1)
        try check(Command.pipe(&outEnds), action)
        let outReader = FileDescriptor(owning: outEnds.0)
        let outWriter = FileDescriptor(owning: outEnds.1)
        try check(Command.pipe(&errEnds), action)
        let errReader = FileDescriptor(owning: errEnds.0)
        let pid = try spawn(output: outWriter, errors: FileDescriptor(owning: errEnds.1), lock)
        let texts: ([UInt8], [UInt8])
        do throws(SystemError) {
            let child = FileDescriptor(owning: try check(cp_open_process(pid), action))
            texts = try drain(outReader, errReader, child: child, limit)
        } catch {
            // What was interrupted may have something to tidy up.
            _ = Child.end(pid, gently: Program.isInterrupted)
            throw error
        }
        let status = try check(cp_wait(pid, -1), "wait for \(program)")
        return Result(
            status: status, output: String(decoding: texts.0, as: UTF8.self),
            errors: String(decoding: texts.1, as: UTF8.self))
    }

    private var action: String { "run \(program)" }

    /// The time that it has; `nil` when it may take as long as it likes.
    private func limit(_ time: Duration?) throws(SystemError) -> Duration? {
        guard let deadline else { return time }
        guard !deadline.hasPassed else { throw SystemError(action, reason: "no time is left for it") }
        return min(time ?? deadline.timeLeft, deadline.timeLeft)
    }

    private static func pipe(_ ends: inout (Int32, Int32)) -> Int32 {
        var pair: [Int32] = [-1, -1]
        let result = cp_pipe(&pair)
        ends = (pair[0], pair[1])
        return result
    }

    /// Starts it. The ends that it writes to are its alone afterwards.
    private func spawn(
        output: consuming FileDescriptor, errors: consuming FileDescriptor, _ lock: HeldLock?
    ) throws(SystemError) -> Int32 {
        let input = FileDescriptor(owning: try check(cp_open_file("/dev/null"), action))
        let numbers = (input.number, output.number, errors.number)
        let pid = CStrings.with([program] + arguments) {
            cp_spawn(program, $0, numbers.0, numbers.1, numbers.2, lock?.number ?? -1)
        }
        return try check(pid, action)
    }

    /// Reads both pipes, whichever has something, to the end of the child, and then what is left in them. Throws when the
    /// time is over before, and at an interrupt.
    private func drain(
        _ out: borrowing FileDescriptor, _ err: borrowing FileDescriptor, child: borrowing FileDescriptor,
        _ limit: Duration?
    ) throws(SystemError) -> ([UInt8], [UInt8]) {
        var entries = [out.number, err.number].map {
            cp_wait_entry(fd: $0, wanted: Int16(CP_READABLE.rawValue), ready: 0)
        }
        entries.append(cp_wait_entry(fd: child.number, wanted: Int16(CP_ENDED.rawValue), ready: 0))
        var texts: [[UInt8]] = [[], []]
        let (chunk, most) = (4096, 1 << 20)
        let deadline = limit.map { Deadline(in: $0) }
        // One that came before is known to whoever runs this all the same: it tidies up.
        let wasInterrupted = Program.isInterrupted
        // No pipe holds more than the most that is kept, so more than that comes from those who go on without the child.
        var left = 2 * most
        while true {
            let hasEnded = entries[2].fd == -1
            let time = hasEnded ? .zero : deadline?.timeLeft
            if !hasEnded && time == .zero { throw SystemError(action, reason: Self.timeOut(limit ?? .zero)) }
            if !wasInterrupted { try Program.checkInterrupt(action) }
            let ready = cp_wait_for(&entries, 3, time?.milliseconds ?? -1)
            if -ready == cp_eintr { continue }
            try check(ready, action)
            if hasEnded && (ready == 0 || left <= 0) { return (texts[0], texts[1]) }
            for index in 0..<2 where entries[index].ready != 0 {
                let piece = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, filled in
                    filled = Int(max(0, cp_read(entries[index].fd, buffer.baseAddress, Int64(chunk))))
                }
                if piece.isEmpty { entries[index].fd = -1 }
                if texts[index].count < most { texts[index] += piece }
                if hasEnded { left -= piece.count }
            }
            if entries[2].ready != 0 { entries[2].fd = -1 }
        }
    }

    private static func timeOut(_ limit: Duration) -> String {
        let seconds = (Int(limit.milliseconds) + 999) / 1000
        return "it did not end within \(seconds)" + (seconds == 1 ? " second" : " seconds")
    }
}

/// A process that this one started and has not waited for.
enum Child {
    /// Ends it, if it has not ended by itself; returns its exit status, or a negative number when it does not end.
    static func end(_ pid: Int32, gently: Bool) -> Int32 {
        var status = cp_wait(pid, 0)
        for signal in [CP_TERMINATE, CP_KILL] where -status == cp_eagain {
            if signal == CP_TERMINATE && !gently { continue }
            _ = cp_kill_child(pid, Int32(signal.rawValue))
            status = cp_wait(pid, 2000)
        }
        return status
    }
}

/// Strings as C's NULL-terminated vectors.
enum CStrings {
    static func with<R>(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R) -> R {
        var bytes: [CChar] = []
        var offsets: [Int] = []
        for string in strings {
            offsets.append(bytes.count)
            bytes += string.utf8.map { CChar(bitPattern: $0) }
            bytes.append(0)
        }
        return bytes.withUnsafeBufferPointer { text in
            var pointers: [UnsafePointer<CChar>?] = offsets.map { text.baseAddress! + $0 }
            pointers.append(nil)
            return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
        }
    }
}

/// The host's commands, by base name: the system's own paths, or stand-ins from a directory (`-C DIR`).
package struct HostCommands: Sendable {
    /// The directory of the stand-ins, when there is one.
    package let directory: String?
    /// When all of them have to be over, whatever else limits them.
    private let deadline: Deadline?

    package init(directory: String? = nil, deadline: Deadline? = nil) {
        self.directory = directory
        self.deadline = deadline
    }

    /// Where a command is run from: `DIR/NAME`, or the system's path unchanged.
    package func path(_ systemPath: String) -> String {
        directory.map { "\($0)/\(systemPath.baseName)" } ?? systemPath
    }

    /// The command with its arguments.
    package func command(_ systemPath: String, _ arguments: [String]) -> Command {
        Command(path(systemPath), arguments, deadline: deadline)
    }
}
