import Foundation
import TestSupport
import Testing

/// A zone's console, with stand-ins for hooks.
@Suite struct ConsoleTests {
    @Test("what is typed before a machine reads its console reaches it, however much it is")
    func typedAhead() throws {
        let hooks = try RecordingHooks()
        try hooks.scratch.write(
            "init", "#!/bin/sh\nsleep 1\nhead -c 100001 </dev/zconsole >/tmp/typed\nexec sleep 1000\n", mode: 0o755)
        let lab = try Lab(hooks: hooks.directory)
        let outcome = try lab.run(
            Zones.configure("b") + """
                zoneadm -z b install
                (head -c 100000 /dev/zero | tr '\\0' x; printf '\\r~.') | zlogin -C b >/dev/null
                zoneadm -z b boot >/dev/null
                for try in $(seq 100); do
                    [ "$(cat /data/zone/b/root/tmp/typed 2>/dev/null | wc -c)" != 100001 ] || break
                    sleep 0.1
                done
                tr -d x </data/zone/b/root/tmp/typed | od -An -c
                """, withGuest: false)
        expect(outcome, equals: Outcome(status: 0, output: "  \\r\n", errors: "zonelab: halting zone b\n"))
    }

    @Test("a console is one zlogin's; ~? shows the escapes")
    func alone() throws {
        let hooks = try RecordingHooks()
        let lab = try Lab(hooks: hooks.directory)
        let made = try lab.run(Zones.configure("b") + "zoneadm -z b install", withGuest: false)
        #expect(made.status == 0, "\(made.errors)")
        let steps = #"""
            open a
            expect a omnios#
            open b
            expect b omnios#
            send a zlogin -C b\r
            expect a [Connected to zone 'b' console]
            send b zlogin -C b; echo status $?\r
            expect b zlogin: Console is already in use by process ID 
            expect b status 1
            send a ~?
            expect a ~.   leaves the console
            send a ~.
            expect a [Connection to zone 'b' console closed]
            send b zlogin -C b\r
            expect b [Connected to zone 'b' console]
            send b ~.
            expect b omnios#
            send b exit\r
            end b
            send a exit\r
            end a
            """#
        let outcome = try TerminalTests.play(steps, in: lab, hooks)
        expect(
            outcome,
            equals: Outcome(
                status: 0, output: "b: status 0, terminal as before\na: status 0, terminal as before\n", errors: ""))
    }
}
