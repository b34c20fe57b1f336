import Foundation
import TestSupport
import Testing

@Suite struct UsageTests {
    static let hooks = [
        "install", "boot", "halt", "shutdown", "statechange", "uninstall", "verify", "postclone", "socat", "vnc",
    ]

    @Test("-h shows a text that lists it, and -R where it is taken", arguments: hooks)
    func help(_ hook: String) throws {
        let outcome = try Hooks.run(hook, ["-h"])
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(outcome.output.hasPrefix("usage: \(hook) "))
        #expect(outcome.output.contains("\n  -h "))
        #expect(outcome.output.contains("\n  -R DIR ") == !["socat", "vnc"].contains(hook))
    }

    @Test("what is wrong with a command line does nothing to a terminal", arguments: hooks)
    func escapes(_ hook: String) throws {
        let outcome = try Hooks.run(hook, ["-\u{1b}"])
        #expect(outcome.status == 253)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains("\\x1b"))
        #expect(!outcome.errors.contains("\u{1b}"))
        let path = try Hooks.run(hook, ["-R", "a\u{1b}", "-z", "web"])
        #expect(!path.errors.contains("\u{1b}"))
    }

    @Test("how QEMU runs guests is read only where QEMU does")
    func accelerator() throws {
        let zone = try ScratchZone()
        func boot(_ platform: String) throws -> Outcome {
            try Hooks.run("boot", ["-t"] + zone.arguments("boot", platform), environment: ["HVM_ACCEL": "warp"])
        }
        try expect(boot("illumos").status, equals: 0)
        let refused = try boot("linux")
        #expect(refused.status == 253)
        #expect(refused.errors.hasPrefix("boot: HVM_ACCEL is \"warp\"; use tcg or kvm\n"))
    }
}
