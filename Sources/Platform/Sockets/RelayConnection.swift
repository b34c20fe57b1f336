import CPlatform

/// One client of a relay and its connection to the zone.
///
/// Both ends may be hostile, and either may be gone. An end that cannot be received from any more is gone in both
/// directions: what it sent before still reaches the other one, and nothing is kept for it.
final class RelayConnection {
    private let client: FileDescriptor
    private let zone: FileDescriptor
    private var toZone = Flow()
    private var toClient = Flow()
    /// When the connection is over, if one of its ends has ended by then and neither has sent anything.
    private var quietEnd = Deadline(in: patience)

    /// How long a connection may be quiet when one of its ends has ended: an end that never closes must not keep the
    /// descriptors of every client that ever came.
    private static let patience = Duration.seconds(10)

    init(client: consuming FileDescriptor, zone: consuming FileDescriptor) {
        self.client = client
        self.zone = zone
    }

    /// Nothing is waited for any more.
    var isDone: Bool { toZone.isDone && toClient.isDone }

    /// One end has ended, and the other has not yet.
    var isHalfOver: Bool { toZone.isAtEnd || toClient.isAtEnd }

    /// When it is over whatever its ends do; `nil` while both may still send.
    var deadline: Deadline? { isHalfOver ? quietEnd : nil }

    /// An end that nothing is wanted of is left out: one that has hung up would be ready all the time.
    var entries: [cp_wait_entry] {
        let wanted = [
            (client.number, toZone.wantsInput | toClient.wantsOutput),
            (zone.number, toClient.wantsInput | toZone.wantsOutput),
        ]
        return wanted.map { cp_wait_entry(fd: $0.1 == 0 ? -1 : $0.0, wanted: $0.1, ready: 0) }
    }

    /// Moves what is there and fits, after waiting for ``entries``.
    func advance(_ clientReady: Int16, _ zoneReady: Int16, _ scratch: inout [UInt8]) {
        let (input, output) = (
            Int16(CP_READABLE.rawValue | CP_BROKEN.rawValue), Int16(CP_WRITABLE.rawValue | CP_BROKEN.rawValue)
        )
        if clientReady & input != 0 || zoneReady & output != 0 {
            note(toZone.move(from: client, to: zone, &scratch), back: &toClient)
        }
        if zoneReady & input != 0 || clientReady & output != 0 {
            note(toClient.move(from: zone, to: client, &scratch), back: &toZone)
        }
    }

    private func note(_ outcome: Flow.Outcome, back: inout Flow) {
        switch outcome {
        case .still: return
        case .moved: break
        case .senderGone: back.abandon()
        }
        quietEnd = Deadline(in: Self.patience)
    }
}

/// Bytes on their way in one direction.
private struct Flow {
    private var bytes: [UInt8] = []
    private var sent = 0
    /// Nothing more comes from the sender.
    private(set) var isAtEnd = false
    /// The receiver was told so, or is gone.
    private(set) var isDone = false

    private var isEmpty: Bool { sent == bytes.count }
    var wantsInput: Int16 { !isAtEnd && isEmpty ? Int16(CP_READABLE.rawValue) : 0 }
    var wantsOutput: Int16 { isEmpty ? 0 : Int16(CP_WRITABLE.rawValue) }

    enum Outcome {
        case still, moved, senderGone
    }

    /// Moves what is there and fits.
    mutating func move(
        from: borrowing FileDescriptor, to: borrowing FileDescriptor, _ scratch: inout [UInt8]
    ) -> Outcome {
        if isDone { return .still }
        var outcome = Outcome.still
        if !isEmpty {
            if send(bytes[sent...], to) > 0 { outcome = .moved }
        } else if !isAtEnd {
            let sender = from.number
            let got = scratch.withUnsafeMutableBytes { cp_receive(sender, $0.baseAddress, Int64($0.count)) }
            if got > 0 { _ = send(scratch[..<Int(got)], to) }
            if -got != Int64(cp_eagain) {
                outcome = got < 0 ? .senderGone : .moved
                isAtEnd = isAtEnd || got <= 0
            }
        }
        if isEmpty && isAtEnd && !isDone {
            _ = cp_end_sending(to.number)
            isDone = true
        }
        return outcome
    }

    /// Nothing is moved any more, and what was kept is dropped.
    mutating func abandon() {
        (bytes, sent, isAtEnd, isDone) = ([], 0, true, true)
    }

    /// Sends what fits, and keeps the rest; returns how much that was. A receiver that takes nothing more is gone.
    private mutating func send(_ piece: ArraySlice<UInt8>, _ to: borrowing FileDescriptor) -> Int {
        let receiver = to.number
        let result = piece.withUnsafeBytes { cp_send(receiver, $0.baseAddress, Int64($0.count)) }
        guard result >= 0 || -result == Int64(cp_eagain) else {
            abandon()
            return 0
        }
        let gone = Int(max(0, result))
        if gone == piece.count {
            // Nothing is held for a direction that is quiet.
            (bytes, sent) = ([], 0)
        } else if isEmpty {
            (bytes, sent) = (Array(piece.dropFirst(gone)), 0)
        } else {
            sent += gone
        }
        return gone
    }
}
