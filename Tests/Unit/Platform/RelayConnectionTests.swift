import CPlatform
import Glibc
import TestSupport
import Testing

@testable import Platform

/// One connection of the relay, moved by hand between two pairs of sockets.
@Suite struct RelayConnectionTests {
    /// A connection, and the far ends of its client and its zone.
    private struct Ends: ~Copyable {
        let connection: RelayConnection
        let client: FileDescriptor
        let zone: FileDescriptor
        private var scratch = [UInt8](repeating: 0, count: 4096)

        init() throws {
            let (near, client) = try Self.pair()
            let (far, zone) = try Self.pair()
            connection = RelayConnection(
                client: FileDescriptor(owning: near), zone: FileDescriptor(owning: far))
            self.client = FileDescriptor(owning: client)
            self.zone = FileDescriptor(owning: zone)
        }

        /// Two ends of a connection that do not block.
        private static func pair() throws -> (Int32, Int32) {
            var ends: [Int32] = [-1, -1]
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
            return (ends[0], ends[1])
        }

        /// Moves what is ready now, as the relay does after it has waited.
        mutating func move() {
            var entries = connection.entries
            guard cp_wait_for(&entries, 2, 0) > 0 else { return }
            connection.advance(entries[0].ready, entries[1].ready, &scratch)
        }
    }

    /// What can be read at once; `nil` at the end.
    private static func receive(_ end: borrowing FileDescriptor) -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(end.number, &bytes, bytes.count, 0)
        return count == 0 ? nil : String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    @Test("bytes go both ways")
    func bothWays() throws {
        var ends = try Ends()
        try ends.client.write("to the zone")
        try ends.zone.write("to the client")
        ends.move()
        expect(Self.receive(ends.zone), equals: "to the zone")
        expect(Self.receive(ends.client), equals: "to the client")
        #expect(!ends.connection.isHalfOver)
        #expect(ends.connection.deadline == nil)
    }

    @Test("the end of one side comes after its bytes, and the other side may still answer")
    func halfClose() throws {
        var ends = try Ends()
        try ends.client.write("question")
        shutdown(ends.client.number, Int32(SHUT_WR))
        ends.move()
        ends.move()
        expect(Self.receive(ends.zone), equals: "question")
        expect(Self.receive(ends.zone), equals: nil)
        #expect(ends.connection.isHalfOver)
        #expect(!ends.connection.isDone)
        #expect(ends.connection.deadline?.hasPassed == false)
        try ends.zone.write("answer")
        shutdown(ends.zone.number, Int32(SHUT_WR))
        ends.move()
        ends.move()
        expect(Self.receive(ends.client), equals: "answer")
        expect(Self.receive(ends.client), equals: nil)
        #expect(ends.connection.isDone)
    }

    @Test("a receiver that is full holds up its sender, and gets all in the end")
    func fullReceiver() throws {
        var ends = try Ends()
        var sent = 0
        let block = [UInt8](repeating: 0x78, count: 4096)
        // Until the client's own socket is full as well, nothing having been read at the other end.
        for _ in 0..<10_000 {
            let count = send(ends.client.number, block, block.count, Int32(MSG_NOSIGNAL))
            if count > 0 { sent += count }
            let before = ends.connection.entries
            ends.move()
            // What could not be sent is wanted to be sent, and nothing more is read meanwhile.
            if count <= 0, before[0].fd == -1 { break }
        }
        #expect(ends.connection.entries[0].fd == -1)
        #expect(ends.connection.entries[1].wanted == Int16(CP_READABLE.rawValue | CP_WRITABLE.rawValue))
        shutdown(ends.client.number, Int32(SHUT_WR))
        var received = 0
        for _ in 0..<10_000 {
            guard let text = Self.receive(ends.zone) else { break }
            received += text.utf8.count
            ends.move()
        }
        #expect(received == sent)
    }

    @Test("a side that is gone ends the other, whatever was still to be sent")
    func gone() throws {
        var ends = try Ends()
        try ends.client.write("last words")
        shutdown(ends.zone.number, Int32(SHUT_RDWR))
        for _ in 0..<3 { ends.move() }
        #expect(ends.connection.isDone)
        expect(Self.receive(ends.client), equals: nil)
    }
}
