import Foundation
import TestSupport
import Testing

/// zonecfg's prompt on a terminal: history, completion, help, and Ctrl-C.
@Suite struct EditingTests {
    @Test("a line is completed, called back and cancelled, and an unfinished zone is asked about")
    func editing() throws {
        let hooks = try RecordingHooks()
        let lab = try Lab(hooks: hooks.directory)
        let made = try lab.run(Zones.configure("b"), withGuest: false)
        #expect(made.status == 0, "\(made.errors)")
        // A completed line is drawn anew with its prompt, which says nothing yet of the next line: info does.
        let steps = #"""
            open a
            expect a omnios#
            send a zonecfg -z b\r
            expect a zonecfg:b>
            send a add at\t\r
            expect a zonecfg:b:attr>
            send a set name=shutdown-\t\r
            expect a zonecfg:b:attr>
            send a set type=str\t\r
            expect a zonecfg:b:attr>
            send a info\r
            expect a type: string
            expect a zonecfg:b:attr>
            send a set value=xy\x1b[D\x7f9\r
            expect a zonecfg:b:attr>
            send a info\r
            expect a name: shutdown-timeout
            expect a type: string
            expect a value: 9y
            expect a zonecfg:b:attr>
            send a nonsense\x03
            expect a zonecfg:b:attr>
            send a \x03
            expect a not saved, really quit (y/[n])?
            send a n\r
            expect a zonecfg:b:attr>
            send a set value=20\r
            expect a zonecfg:b:attr>
            send a end\r
            expect a zonecfg:b>
            send a commit\r
            expect a zonecfg:b>
            send a sel\tat\t\t\r
            expect a zonecfg:b:attr>
            send a \x1b[A\x1b[A\x1b[A\x1b[A\r
            expect a zonecfg:b:attr>
            send a info\r
            expect a value: 20
            send a cancel\r
            expect a zonecfg:b>
            send a \x03
            expect a omnios#
            send a exit\r
            end a
            """#
        let outcome = try TerminalTests.play(steps, in: lab, hooks, on: "vt100")
        expect(outcome, equals: Outcome(status: 0, output: "a: status 0, terminal as before\n", errors: ""))
        expect(lab.file("/etc/zones/b.xml"), contains: #"<attr name="shutdown-timeout" type="string" value="20"/>"#)
        expect(lab.file("/root/.zonecfg_history"), contains: "commit")
        expect(lab.file("/root/.history"), contains: "zonecfg -z b\n")
    }

    @Test("help attr tells what the attribute table has")
    func help() throws {
        let outcome = try Lab().run(Zones.configure("b") + "zonecfg -z b help attr vcpus", withGuest: false)
        expect(outcome.output, hasPrefix: "vcpus: ")
        expect(outcome.errors, equals: "")
    }
}
