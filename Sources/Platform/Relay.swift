import CPlatform

/// Connects the clients of a TCP port with a UNIX socket, each with a connection of its own.
///
/// One thread waits for all of them. A connection holds at most two buffers of ``bufferSize`` bytes: who reads slowly holds
/// up who writes to it, and nobody else.
public struct Relay {
    /// Bytes held for each direction of a connection.
    public static let bufferSize = 64 << 10

    /// Opens the UNIX socket anew for each client; `nil`, with a word to the user, when nobody listens.
    let open: () -> Int32?
    private var connections: [Connection] = []

    /// `open` connects to the socket and gives up a descriptor that does not block.
    public init(open: @escaping () -> FileDescriptor?) {
        self.open = { open()?.surrendered() }
    }

    /// Serves clients until an interrupt comes (see ``Program/holdInterrupts()``), or the helper ends, when there is one.
    @export(interface)
    public mutating func serve(_ listener: borrowing Listener, helper: HelperProcess? = nil) {
        let helperHandle = helper?.handle ?? -1
        while !Program.isInterrupted {
            var entries = [
                cp_wait_entry(fd: acceptsMore ? listener.descriptor.number : -1, wanted: 1, ready: 0),
                cp_wait_entry(fd: helperHandle, wanted: 1, ready: 0),
            ]
            for connection in connections { entries += connection.entries }
            guard cp_wait_for(&entries, Int32(entries.count)) >= 0 else { continue }
            if entries[1].ready != 0 { return }
            for (index, connection) in connections.enumerated() {
                connection.advance(entries[2 + 2 * index], entries[3 + 2 * index])
            }
            let before = connections.count
            connections.removeAll { $0.isDone }
            if connections.count < before { acceptsMore = true }
            if entries[0].ready != 0 { accept(listener) }
        }
    }

    /// False while there are no descriptors for another client: waiting clients stay in the queue.
    private var acceptsMore = true

    private mutating func accept(_ listener: borrowing Listener) {
        while true {
            let client = cp_accept(listener.descriptor.number)
            guard client >= 0 else {
                acceptsMore = -client == SystemError.again
                return
            }
            guard let zone = open() else {
                _ = cp_close(client)
                return
            }
            connections.append(Connection(client: client, zone: zone))
        }
    }
}

/// One client and its connection to the zone.
private final class Connection {
    private let client: Int32
    private let zone: Int32
    private var toZone = Flow()
    private var toClient = Flow()
    private var isBroken = false

    init(client: Int32, zone: Int32) {
        self.client = client
        self.zone = zone
    }

    deinit {
        _ = cp_close(client)
        _ = cp_close(zone)
    }

    /// Both directions have come to their ends, or an end is gone.
    var isDone: Bool { isBroken || (toZone.isDone && toClient.isDone) }

    /// An end that nothing is wanted of is left out: one that has hung up would be ready all the time.
    var entries: [cp_wait_entry] {
        let wanted = [(client, toZone.wantsInput | toClient.wantsOutput), (zone, toClient.wantsInput | toZone.wantsOutput)]
        return wanted.map { cp_wait_entry(fd: $0.1 == 0 ? -1 : $0.0, wanted: $0.1, ready: 0) }
    }

    func advance(_ clientEntry: cp_wait_entry, _ zoneEntry: cp_wait_entry) {
        guard clientEntry.ready != 0 || zoneEntry.ready != 0 else { return }
        // What the zone sent before it hung up still reaches the client; without a client nothing matters any more.
        if toZone.move(from: client, to: zone) == .senderGone { isBroken = true }
        if toClient.move(from: zone, to: client) == .receiverGone { isBroken = true }
    }
}

/// Bytes on their way in one direction.
private struct Flow {
    private var bytes: [UInt8] = []
    private var sent = 0
    /// The sender has ended.
    private(set) var isAtEnd = false
    /// The receiver was told so.
    private(set) var isDone = false

    var isEmpty: Bool { sent == bytes.count }
    var wantsInput: Int16 { !isAtEnd && isEmpty ? Int16(CP_READABLE.rawValue) : 0 }
    var wantsOutput: Int16 { isEmpty ? 0 : Int16(CP_WRITABLE.rawValue) }

    enum Outcome {
        case going, senderGone, receiverGone
    }

    /// Moves what is there and fits.
    mutating func move(from: Int32, to: Int32) -> Outcome {
        if isDone { return .going }
        if isEmpty && !isAtEnd && !fill(from) {
            isAtEnd = true
            return .senderGone
        }
        if !isEmpty && !drain(to) {
            (bytes, sent, isAtEnd, isDone) = ([], 0, true, true)
            return .receiverGone
        }
        if isEmpty && isAtEnd {
            _ = cp_end_sending(to)
            isDone = true
        }
        return .going
    }

    private mutating func fill(_ from: Int32) -> Bool {
        var got: Int64 = 0
        bytes = [UInt8](unsafeUninitializedCapacity: Relay.bufferSize) { buffer, filled in
            got = cp_receive(from, buffer.baseAddress, Int64(Relay.bufferSize))
            filled = Int(max(0, got))
        }
        sent = 0
        if bytes.isEmpty { bytes = [] }
        isAtEnd = got == 0
        return got >= 0 || -got == Int64(SystemError.again)
    }

    private mutating func drain(_ to: Int32) -> Bool {
        let (start, count) = (sent, bytes.count - sent)
        let gone = bytes.withUnsafeBytes { cp_send(to, $0.baseAddress! + start, Int64(count)) }
        guard gone >= 0 else { return -gone == Int64(SystemError.again) }
        sent += Int(gone)
        // Nothing is held for a direction that is quiet.
        if isEmpty { (bytes, sent) = ([], 0) }
        return true
    }
}
