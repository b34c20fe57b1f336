import CPlatform
import Glibc

@testable import Hypervisors
@testable import Platform

/// What other processes send.
enum PeerTargets {
    /// A monitor greets with these bytes, and answers with them.
    static func runAnswers(_ bytes: [UInt8]) {
        guard let (near, far) = pair() else { return }
        defer { close(far) }
        let monitor = FileDescriptor(owning: near)
        guard let process = HeldProcess(OtherProcess(pid: getpid())),
            let running = RunningHypervisor([process], .reached(monitor))
        else { return }
        // Something is there to read at once: nothing is waited for.
        let answers = [0x0a] + bytes.prefix(60 << 10)
        _ = answers.withUnsafeBytes { send(far, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        _ = try? running.tell("quit")
        var told = [UInt8](repeating: 0, count: 64)
        let count = recv(far, &told, told.count, 0)
        promise(Array(told.prefix(max(0, count))) == Array("quit\n".utf8), "what is told does not depend on answers")
    }

    /// Each byte is a step: who acts, the client or the zone, and what: it sends, reads, ends its sending, or goes. Then the
    /// relay moves what it can.
    static func runRelay(_ bytes: [UInt8]) {
        guard let (near, client) = pair() else { return }
        guard let (far, zone) = pair() else { return [near, client].forEach { close($0) } }
        let connection = RelayConnection(client: FileDescriptor(owning: near), zone: FileDescriptor(owning: far))
        var ends = [End(client), End(zone)]
        defer { for end in ends where end.isOpen { close(end.number) } }
        var scratch = [UInt8](repeating: 0, count: 4096)
        for byte in bytes.prefix(64) {
            let actor = Int(byte & 1)
            var other = ends[1 - actor]
            ends[actor].act(byte, &other)
            ends[1 - actor] = other
            var entries = connection.entries
            if !connection.isDone, cp_wait_for(&entries, 2, 0) > 0 {
                connection.advance(entries[0].ready, entries[1].ready, &scratch)
            }
        }
    }

    /// One of a connection's far ends.
    private struct End {
        let number: Int32
        var isOpen = true
        /// Bytes that were sent, and that the other end has got.
        var (sent, arrived) = (0, 0)
        /// The next byte's value, so that none is lost, doubled or swapped.
        var next: UInt8 = 0

        init(_ number: Int32) { self.number = number }

        mutating func act(_ byte: UInt8, _ other: inout End) {
            guard isOpen else { return }
            switch byte >> 1 & 7 {
            case 0, 1, 2: write(Int(byte >> 4) << (byte & 8 == 0 ? 2 : 10))
            case 3, 4, 5: read(&other)
            case 6: _ = shutdown(number, Int32(SHUT_WR))
            default:
                close(number)
                isOpen = false
            }
        }

        private mutating func write(_ count: Int) {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: sent + $0) }
            let gone = bytes.withUnsafeBytes { send(number, $0.baseAddress, count, Int32(MSG_NOSIGNAL)) }
            sent += max(0, gone)
        }

        private mutating func read(_ other: inout End) {
            var bytes = [UInt8](repeating: 0, count: 8192)
            let count = recv(number, &bytes, bytes.count, 0)
            for byte in bytes.prefix(max(0, count)) {
                promise(byte == other.next, "bytes arrive in order")
                other.next &+= 1
            }
            other.arrived += max(0, count)
            promise(other.arrived <= other.sent, "no more arrives than was sent")
        }
    }

    private static func pair() -> (Int32, Int32)? {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        return socketpair(AF_UNIX, kind, 0, &ends) == 0 ? (ends[0], ends[1]) : nil
    }
}
