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
    /// Where bytes are received; those that cannot be sent at once are kept by their connection.
    private var scratch = [UInt8](repeating: 0, count: Relay.bufferSize)

    /// `open` connects to the socket and gives up a descriptor that does not block.
    public init(open: @escaping () -> FileDescriptor?) {
        self.open = { open()?.surrendered() }
    }

    /// Serves clients until an interrupt comes (see ``Program/holdInterrupts()``), or the helper ends, when there is one.
    @export(interface)
    public mutating func serve(_ listener: borrowing Listener, helper: HelperProcess? = nil) {
        let helperHandle = helper?.handle ?? -1
        while !Program.isInterrupted {
            let pause = pauseEnd.map { max(0, $0 - Clock.milliseconds) } ?? 0
            if pause == 0 { pauseEnd = nil }
            var entries = [
                cp_wait_entry(
                    fd: pauseEnd == nil ? listener.descriptor.number : -1, wanted: Int16(CP_READABLE.rawValue), ready: 0
                ),
                cp_wait_entry(fd: helperHandle, wanted: Int16(CP_ENDED.rawValue), ready: 0),
            ]
            for connection in connections { entries += connection.entries }
            let limit = pauseEnd == nil ? -1 : Int32(clamping: pause)
            guard cp_wait_for(&entries, Int32(entries.count), limit) >= 0 else { continue }
            if entries[1].ready != 0 { return }
            for (index, connection) in connections.enumerated() {
                connection.advance(entries[2 + 2 * index].ready, entries[3 + 2 * index].ready, &scratch)
            }
            let before = connections.count
            connections.removeAll { $0.isDone }
            if connections.count < before { pauseEnd = nil }
            if entries[0].ready != 0 { accept(listener) }
        }
    }

    /// Until when no client is accepted, because there was no descriptor or memory for one: clients stay in the queue. The end
    /// of a connection ends it as well.
    private var pauseEnd: Int?
    /// How long such a pause lasts, in milliseconds.
    private static let pause = 200

    private mutating func accept(_ listener: borrowing Listener) {
        while true {
            let client = cp_accept(listener.descriptor.number)
            guard client >= 0 else {
                if cp_is_shortage(-client) == 1 { pauseEnd = Clock.milliseconds + Self.pause }
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
        let wanted = [
            (client, toZone.wantsInput | toClient.wantsOutput), (zone, toClient.wantsInput | toZone.wantsOutput),
        ]
        return wanted.map { cp_wait_entry(fd: $0.1 == 0 ? -1 : $0.0, wanted: $0.1, ready: 0) }
    }

    func advance(_ clientReady: Int16, _ zoneReady: Int16, _ scratch: inout [UInt8]) {
        let (input, output) = (
            Int16(CP_READABLE.rawValue | CP_BROKEN.rawValue), Int16(CP_WRITABLE.rawValue | CP_BROKEN.rawValue)
        )
        // What the zone sent before it hung up still reaches the client; without a client nothing matters any more.
        if clientReady & input != 0 || zoneReady & output != 0 {
            if toZone.move(from: client, to: zone, &scratch) == .senderGone { isBroken = true }
        }
        if zoneReady & input != 0 || clientReady & output != 0 {
            if toClient.move(from: zone, to: client, &scratch) == .receiverGone { isBroken = true }
        }
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
    mutating func move(from: Int32, to: Int32, _ scratch: inout [UInt8]) -> Outcome {
        if isDone { return .going }
        if isEmpty && !isAtEnd {
            let got = scratch.withUnsafeMutableBytes { cp_receive(from, $0.baseAddress, Int64($0.count)) }
            isAtEnd = got == 0
            guard got >= 0 || -got == Int64(SystemError.again) else {
                isAtEnd = true
                return .senderGone
            }
            guard send(scratch[..<Int(max(0, got))], to) else { return .receiverGone }
        } else if !isEmpty {
            guard send(bytes[sent...], to) else { return .receiverGone }
        }
        if isEmpty && isAtEnd {
            _ = cp_end_sending(to)
            isDone = true
        }
        return .going
    }

    /// Sends what fits and keeps the rest; false when the receiver is gone.
    private mutating func send(_ piece: ArraySlice<UInt8>, _ to: Int32) -> Bool {
        guard !piece.isEmpty else { return true }
        let gone = piece.withUnsafeBytes { cp_send(to, $0.baseAddress, Int64($0.count)) }
        guard gone >= 0 || -gone == Int64(SystemError.again) else {
            (bytes, sent, isAtEnd, isDone) = ([], 0, true, true)
            return false
        }
        let left = piece.dropFirst(Int(max(0, gone)))
        if left.isEmpty {
            // Nothing is held for a direction that is quiet.
            (bytes, sent) = ([], 0)
        } else if isEmpty {
            (bytes, sent) = (Array(left), 0)
        } else {
            sent += Int(max(0, gone))
        }
        return true
    }
}
