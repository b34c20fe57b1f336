import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// `zonelab try` on a terminal.
    @Suite(.serialized) struct TryTests {
        @Test("try shows a guest's screen, and an interrupt halts the zone and removes the lab")
        func interrupted() throws {
            let scratch = try Scratch()
            try FileManager.default.createDirectory(
                atPath: "\(scratch.path)/hvm-brand", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: "\(scratch.path)/hvm-brand/guest.iso", withDestinationPath: Lab.guest)
            let steps = #"""
                open a
                expect a is in your browser until you press Ctrl-C:
                expect a token%3D
                send a \x03
                expect a ^C
                end a
                """#
            let outcome = try TerminalTests.play(
                steps, ["try", "guest"],
                environment: [
                    "HVM_HOOKS": Hooks.directory, "TERM": "dumb", "TMPDIR": scratch.path,
                    "XDG_CACHE_HOME": scratch.path, "DISPLAY": "", "WAYLAND_DISPLAY": "",
                ])
            let said = outcome.output.replacing(#/zonelab\.\w{6}/#, with: "LAB")
            expect(
                Outcome(status: outcome.status, output: said, errors: outcome.errors),
                equals: Outcome(
                    status: 0,
                    output: """
                        a: zonelab: halting zone debian
                        a: zonelab: the lab in \(scratch.path)/LAB is removed
                        a: status 0, terminal as before

                        """, errors: ""))
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["hvm-brand"])
        }
    }
}
