import Foundation
import TestSupport
import Testing

/// The relay between two ends that behave as they like.
@Suite(.serialized) struct RelayTests {
    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path

    /// What a scenario of relay.py has seen.
    private func see(_ scenario: String, _ words: String...) throws -> [String: Any] {
        let scratch = try Scratch()
        let script = "\(Self.directory)/relay.py"
        let outcome = try Hooks.run(
            program: "/usr/bin/python3", [script, "\(Hooks.directory)/socat", scratch.path, scenario] + words)
        #expect(outcome.errors == "")
        try #require(outcome.status == 0)
        return try outcome.json()
    }

    private func expect(_ seen: [String: Any], _ key: String, _ value: Bool) {
        #expect(seen[key] as? Bool == value, "\(key)")
    }
    private func expect(_ seen: [String: Any], _ key: String, _ value: Int) {
        #expect(seen[key] as? Int == value, "\(key)")
    }

    /// An interrupt ends it with 0; it says nothing unless these lines are expected.
    private func expectEnd(_ seen: [String: Any], said: [String] = []) {
        expect(seen, "status", 0)
        #expect(seen["said"] as? [String] == said)
    }

    @Test("200 clients at once are served, a half-close and a reset are passed on, and nothing of them is left")
    func crowd() throws {
        let seen = try see("crowd")
        expect(seen, "served", 200)
        expect(seen, "half-closed", true)
        expect(seen, "descriptors left", 0)
        // One buffer of 64 KiB a direction is held for each of 200 clients, if the allocator keeps all of them.
        #expect(try #require(seen["KiB grown"] as? Int) < 32 << 10)
        expectEnd(seen)
    }

    @Test("a GiB goes there and back, and the client's end comes after it")
    func volume() throws {
        let seen = try see("volume")
        expect(seen, "bytes back", 1 << 30)
        expectEnd(seen)
    }

    @Test("a client that never reads holds up nobody else, and is not looked at again and again")
    func lazyClient() throws {
        let seen = try see("lazy")
        expect(seen, "served", true)
        #expect(try #require(seen["ticks"] as? Int) < 25)
        expect(seen, "descriptors left", 0)
        expectEnd(seen)
    }

    @Test("while the zone's socket is gone, or a link in its place, clients are closed, and why is said once")
    func absence() throws {
        let seen = try see("absence")
        expect(seen, "closed while it is gone", true)
        expect(seen, "served when it is back", true)
        expect(seen, "closed at a link", true)
        expectEnd(
            seen,
            said: [
                "socat: connect to SCRATCH/zone/root/tmp/vm.vnc: No such file or directory",
                "socat: connect to SCRATCH/zone/root/tmp/vm.vnc: Connection refused",
            ])
    }

    @Test("it listens on this host's address alone, and a port that is taken is told of")
    func addresses() throws {
        let seen = try see("addresses")
        #expect(seen["listens on"] as? [String] == ["0100007f"])
        expect(seen, "second", 255)
        #expect(
            seen["second said"] as? String
                == "socat: listen on 127.0.0.1:PORT: Address already in use\n  name another port\n")
        expectEnd(seen)
    }

    @Test("an IPv6 address is listened on, and SIGTERM ends it too")
    func ipv6() throws {
        let seen = try see("ipv6")
        expect(seen, "served", true)
        expectEnd(seen)
    }

    @Test(
        "a client that cannot be accepted at first is served all the same",
        arguments: ["ECONNABORTED", "EPROTO", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"])
    func failedAccept(_ error: String) throws {
        try expect(see("failed-accept", error), "served", true)
    }

    @Test("an interrupt just before it waits is not lost")
    func lateInterrupt() throws {
        try expect(see("late-interrupt"), "status", 0)
    }

    @Test("5,000 clients and a zone that behave at random leave nothing behind, and neither end starves the others")
    func hostile() throws {
        let scratch = try Scratch()
        let script = "\(Self.directory)/relay-hostile.py"
        let outcome = try Hooks.run(
            program: "/usr/bin/python3", [script, "\(Hooks.directory)/socat", scratch.path, "5000"])
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        var seen = try outcome.json()
        let seed = try #require(seen.removeValue(forKey: "seed") as? Int)
        let before = try #require(seen.removeValue(forKey: "descriptors before") as? Int)
        // It may run out of descriptors on the way, and says nothing else.
        let said = try #require(seen.removeValue(forKey: "said after the storm") as? [String])
        #expect(Set(said).isSubset(of: ["Too many open files"]))
        let taken = try #require(seen.removeValue(forKey: "taken at once") as? Int)
        #expect(taken <= 16)
        let expected: [String: Any] = [
            "descriptors after": before, "served after": true, "told of 200 resets": 200,
            "served of 200 by who never closes": 200, "descriptors in the end": before, "said to 200": [String](),
            "said to 50 refused": ["socat: connect to SCRATCH/zone/root/tmp/vm.vnc: No such file or directory"],
            "100 at once": true,
        ]
        #expect(NSDictionary(dictionary: seen) == NSDictionary(dictionary: expected), "seed \(seed)")
    }
}
