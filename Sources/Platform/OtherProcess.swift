import CPlatform

/// A process that is no child of this one, held so that its number cannot come to mean another.
public struct OtherProcess: ~Copyable {
    public let pid: Int32
    private let handle: FileDescriptor

    public enum Signal: Sendable {
        case terminate, kill
    }

    /// `nil` when there is no such process.
    public init?(pid: Int32) {
        let number = cp_open_process(pid)
        guard pid > 1, number >= 0 else { return nil }
        self.pid = pid
        handle = FileDescriptor(owning: number)
    }

    /// Waits for its end, at most so many milliseconds; true when it has ended. Comes back at the very end, without
    /// looking again and again.
    public func hasEnded(within milliseconds: Int) -> Bool {
        cp_process_ended(handle.number, Int32(clamping: milliseconds)) == 1
    }

    public func send(_ signal: Signal) {
        _ = cp_signal(pid, Int32((signal == .kill ? CP_KILL : CP_TERMINATE).rawValue))
    }
}

extension FileDescriptor {
    /// The process at the other end of a connected UNIX socket.
    public var peerProcess: Int32? {
        let pid = cp_peer_process(number)
        return pid > 0 ? pid : nil
    }

    /// Writes a text.
    public func write(_ text: String) throws(SystemError) {
        try FileDescriptor.write(text, to: number)
    }

    /// What comes within so many milliseconds; empty when nothing does, or at the end.
    public func receive(within milliseconds: Int) -> [UInt8] {
        var ready: [Int32] = [0]
        guard cp_poll([number], &ready, 1, Int32(clamping: milliseconds)) == 1 else { return [] }
        return (try? read(upTo: 4096)) ?? []
    }
}
