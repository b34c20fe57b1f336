import CPlatform
import Text

/// Connects the clients of a socket with a UNIX socket, each with a connection of its own.
///
/// One thread waits for all of them. A connection holds at most two buffers of ``bufferSize`` bytes: who reads slowly holds
/// up who writes to it, and nobody else. When descriptors run short, the oldest connections of which one end has ended give
/// way; when there are none, new clients stay in the queue.
package struct Relay {
    /// Bytes held for each direction of a connection.
    package static let bufferSize = 64 << 10
    /// How many clients are taken before those that are there get their turn.
    private static let acceptedAtOnce = 16
    /// How long no client is accepted when there is no descriptor or memory for one.
    private static let pause = Duration.milliseconds(200)

    private let open: () throws(SystemError) -> FileDescriptor
    private let say: (String) -> Void
    private var notes = RareNotes()
    private var connections: [RelayConnection] = []
    /// Where bytes are received; those that cannot be sent at once are kept by their connection.
    private var scratch = [UInt8](repeating: 0, count: Relay.bufferSize)
    /// Until when no client is accepted. The end of a connection ends it as well.
    private var pauseEnd: Deadline?

    /// `open` connects to the UNIX socket, anew for each client, and gives a descriptor that does not block. `say` is told
    /// why clients are not served: each cause once a minute, however many they are.
    package init(open: @escaping () throws(SystemError) -> FileDescriptor, say: @escaping (String) -> Void) {
        self.open = open
        self.say = say
    }

    /// Serves clients until an interrupt comes (see ``Program/holdInterrupts()``), or the helper ends, when there is one.
    @export(interface)
    package mutating func serve(_ listener: borrowing Listener, helper: HelperProcess? = nil) {
        while !Program.isInterrupted {
            if pauseEnd?.hasPassed == true { pauseEnd = nil }
            var entries = [
                cp_wait_entry(
                    fd: pauseEnd == nil ? listener.descriptor.number : -1, wanted: Int16(CP_READABLE.rawValue), ready: 0
                ),
                cp_wait_entry(fd: helper?.handle.number ?? -1, wanted: Int16(CP_ENDED.rawValue), ready: 0),
            ]
            for connection in connections { entries += connection.entries }
            let found = cp_wait_for(&entries, Int32(entries.count), timeLeft)
            if found < 0 {
                // Without memory, looking again at once would be in vain.
                if -found != cp_eintr { Clock.sleep(Self.pause) }
                continue
            }
            if entries[1].ready != 0 { return }
            advance(entries)
            if entries[0].ready != 0 { accept(listener) }
        }
    }

    /// Milliseconds until something is to be done even if nothing happens; -1 when there is no such time.
    private var timeLeft: Int32 {
        let deadlines = ([pauseEnd] + connections.map { $0.deadline }).compactMap { $0?.timeLeft }
        return deadlines.min()?.milliseconds ?? -1
    }

    private mutating func advance(_ entries: [cp_wait_entry]) {
        for (index, connection) in connections.enumerated() {
            connection.advance(entries[2 + 2 * index].ready, entries[3 + 2 * index].ready, &scratch)
        }
        let before = connections.count
        connections.removeAll { $0.isDone || $0.deadline?.hasPassed == true }
        if connections.count < before { pauseEnd = nil }
    }

    private mutating func accept(_ listener: borrowing Listener) {
        for _ in 0..<Self.acceptedAtOnce {
            let client: FileDescriptor
            do throws(SystemError) {
                client = FileDescriptor(owning: try check(cp_accept(listener.descriptor.number), "accept a client"))
            } catch {
                guard error.isShortage, makeRoom(error) else { return }
                continue
            }
            guard let zone = connect() else { continue }
            connections.append(RelayConnection(client: client, zone: zone))
        }
    }

    /// A connection to the zone; `nil` when there is none to be had.
    private mutating func connect() -> FileDescriptor? {
        while true {
            do throws(SystemError) {
                return try open()
            } catch {
                if error.isShortage {
                    if makeRoom(error) { continue }
                } else if notes.isDue(error.description) {
                    say(error.description)
                }
                return nil
            }
        }
    }

    /// Ends the oldest connection that is half over; false, and a pause, when there is none.
    private mutating func makeRoom(_ shortage: SystemError) -> Bool {
        guard let oldest = connections.firstIndex(where: { $0.isHalfOver }) else {
            if notes.isDue(shortage.description) { say(shortage.description) }
            pauseEnd = Deadline(in: Self.pause)
            return false
        }
        connections.remove(at: oldest)
        return true
    }
}

extension SystemError {
    /// There are not enough descriptors or memory now.
    fileprivate var isShortage: Bool { cp_is_shortage(code) == 1 }
}
