import CPlatform
import Text

/// A process that is not a child of this one, held so that its number cannot come to mean another.
package struct OtherProcess: ~Copyable {
    /// Its number, as this process counts.
    package let pid: Int32
    private let handle: FileDescriptor

    /// What it can be sent.
    package enum Signal: Sendable {
        case terminate, kill
    }

    /// `nil` when there is no such process.
    package init?(pid: Int32) {
        // Inside a zone's namespace the hypervisor may well be process 1.
        let number = pid > 0 ? cp_open_process(pid) : -1
        guard number >= 0 else { return nil }
        self.pid = pid
        handle = FileDescriptor(owning: number)
    }

    /// `nil` when there is no such process, or, on illumos, when it is not one of this name in this zone: the number was
    /// learnt before the process was held, and may mean another by now.
    package init?(pid: Int32, zone: String, name: String) {
        let process = OtherProcess(pid: pid)
        guard let process, cp_process_is(process.handle.number, zone, name) == 1 else { return nil }
        self = process
    }

    /// Who listens at the other end of a connected UNIX socket; `nil` when that process has ended. Throws when it is not known
    /// to be the one, and no process of the zone whose root this is.
    package static func listening(
        at socket: borrowing FileDescriptor, root: borrowing RootedDirectory
    ) throws(SystemError) -> OtherProcess? {
        var pid: Int32 = 0
        let number = cp_open_peer(socket.number, root.descriptor.number, &pid)
        if -number == cp_esrch { return nil }
        guard -number != cp_eperm else {
            throw SystemError("find who listens", reason: "process \(pid) is not in the zone")
        }
        return OtherProcess(pid: pid, handle: FileDescriptor(owning: try check(number, "find who listens")))
    }

    private init(pid: Int32, handle: consuming FileDescriptor) {
        self.pid = pid
        self.handle = handle
    }

    /// What tells it from every other process since the system was started, the same in the zone and outside it; `nil` when
    /// that is not to be learnt.
    package var identity: String? {
        var text = [CChar](repeating: 0, count: 64)
        guard cp_process_identity(handle.number, pid, &text, 64) == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Waits for its end, at most this long; true when it has ended. Comes back at the very end, without
    /// looking again and again.
    package func hasEnded(within time: Duration) -> Bool {
        cp_process_ended(handle.number, time.milliseconds) == 1
    }

    /// Signals this very process; nothing happens when it has ended.
    package func send(_ signal: Signal) throws(SystemError) {
        let result = cp_signal_process(
            handle.number, pid, Int32((signal == .kill ? CP_KILL : CP_TERMINATE).rawValue))
        if result != -cp_esrch { try check(result, "signal process \(pid)") }
    }
}

/// A program that runs beside this one, and ends with it, also when this one is killed.
package final class HelperProcess {
    private let pid: Int32
    /// Ready when the program has ended.
    let handle: FileDescriptor

    /// Starts it, with the listener for its standard input, a file that gets all that it says, and nothing else.
    package init(_ command: Command, input listener: borrowing Listener, log: String) throws(SystemError) {
        let action = "run \(command.program)"
        let input = listener.descriptor.number
        let output = FileDescriptor(owning: try check(cp_open_output(log, 0o600, 1), "write \(log)"))
        let sink = output.number
        pid = try check(
            CStrings.with([command.program] + command.arguments) {
                cp_spawn_bound(command.program, $0, input, sink, sink)
            },
            action)
        let number = cp_open_process(pid)
        // Its end would go unseen.
        if number < 0 {
            _ = Child.end(pid, gently: false)
            throw SystemError(code: -number, action: action)
        }
        handle = FileDescriptor(owning: number)
    }

    /// Ends it, if it has not ended by itself; returns its exit status, or a negative number when it does not end.
    package func end() -> Int32 {
        Child.end(pid, gently: true)
    }
}

extension FileDescriptor {
    /// Writes a text.
    package func write(_ text: String) throws(SystemError) {
        try FileDescriptor.write(text, to: number)
    }

    /// What comes within this time; empty when nothing does, or at the end.
    package func receive(within time: Duration) -> [UInt8] {
        let deadline = Deadline(in: time)
        var entry = cp_wait_entry(fd: number, wanted: Int16(CP_READABLE.rawValue), ready: 0)
        var found: Int32
        repeat {
            found = cp_wait_for(&entry, 1, deadline.timeLeft.milliseconds)
        } while -found == cp_eintr
        return found == 1 ? (try? read(upTo: 4096)) ?? [] : []
    }
}
