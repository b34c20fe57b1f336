import Foundation
import TestSupport
import Testing

/// The relay between two ends that behave as they like.
@Suite struct RelayTests {
    @Test("5,000 clients and a zone that behave at random leave nothing behind, and neither end starves the others")
    func hostile() throws {
        let scratch = try Scratch()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/relay-hostile.py"
        let outcome = try Hooks.run(
            program: "/usr/bin/python3", [script, Hooks.directory + "/socat", scratch.path, "5000"])
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
