import Foundation
import TestSupport
import Testing

/// The lab on real terminals: each a pseudo-terminal whose session is a shell that runs `zonelab shell`, as an
/// administrator's does.
@Suite(.serialized) struct TerminalTests {
    /// Plays steps, a word and what it takes each: `open NAME` starts a lab's shell on a terminal, `expect NAME TEXT` reads
    /// until a text has come, `send NAME TEXT` types, `kill NAME SIGNAL` signals the terminal's zonelab, and `end NAME`
    /// tells how that ended, whether the terminal is as it was before, and whether the shell can read from it.
    private static let player = #"""
        import fcntl, os, pty, select, signal, subprocess, sys, termios, time
        arguments, steps = sys.argv[1:-1], sys.argv[-1].split("\n")
        script = '''trap : INT; "$@"; printf '\\nstatus %d\\n' $?; read answer; printf '\\nread %s\\n' "$answer"'''
        open_terminals, limit = {}, time.monotonic() + 90

        def start(name):
            master, slave = pty.openpty()
            def own():
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                signal.pthread_sigmask(signal.SIG_SETMASK, [])
            before = termios.tcgetattr(slave)
            shell = subprocess.Popen(["/bin/sh", "-c", script, "sh"] + arguments, stdin=slave, stdout=slave,
                                     stderr=slave, preexec_fn=own)
            open_terminals[name] = [shell, master, slave, before, b""]

        def expect(name, text):
            terminal = open_terminals[name]
            while text.encode() not in terminal[4]:
                left = limit - time.monotonic()
                if left <= 0 or not select.select([terminal[1]], [], [], left)[0]:
                    sys.exit("%s: no %r in %r" % (name, text, terminal[4]))
                terminal[4] += os.read(terminal[1], 65536)
            before, _, terminal[4] = terminal[4].partition(text.encode())
            return before.decode(errors="replace")

        for step in steps:
            verb, name, *text = step.split(" ", 2)
            text = text[0].encode().decode("unicode_escape") if text else ""
            if verb == "open": start(name)
            elif verb == "expect": expect(name, text)
            elif verb == "send": os.write(open_terminals[name][1], text.encode())
            elif verb == "kill":
                lab = subprocess.check_output(["pgrep", "-P", str(open_terminals[name][0].pid)], text=True)
                os.kill(int(lab), getattr(signal, "SIG" + text))
            else:
                shell, master, slave, before, _ = open_terminals[name]
                said = expect(name, "\nstatus ").replace("\r", "").splitlines()
                status = expect(name, "\r")
                same = termios.tcgetattr(slave) == before
                for line in said:
                    if "zonelab: " in line: print("%s: %s" % (name, line))
                print("%s: status %s, terminal %s" % (name, status, "as before" if same else "changed"))
                os.write(master, b"word\r")
                expect(name, "\nread word\r")
                shell.wait()
        """#

    /// Plays steps on terminals, where this command is what `open` starts; returns how each terminal ended.
    static func play(_ steps: String, _ command: [String], environment: [String: String]) throws -> Outcome {
        try Hooks.run(
            program: "/usr/bin/env", ["python3", "-c", player, Lab.program] + command + [steps],
            environment: environment)
    }

    /// Plays steps on terminals of this kind, each a shell of the lab.
    static func play(_ steps: String, in lab: Lab, _ hooks: RecordingHooks, on terminal: String = "dumb") throws
        -> Outcome
    {
        try play(
            steps, ["shell", "-d", lab.directory], environment: ["HVM_HOOKS": hooks.directory, "TERM": terminal])
    }

    static let plays: [(name: String, steps: String, output: String)] = [
        (
            "the first shell exits, another terminal is in a console",
            """
            open a
            expect a omnios#
            open b
            expect b omnios#
            send b zlogin -C b\\r
            expect b [Connected to zone 'b' console]
            send a exit\\r
            end a
            end b
            """,
            """
            a: status 0, terminal as before
            b: zonelab: the lab has ended
            b: status 1, terminal as before

            """
        ),
        (
            "the first shell is terminated in a console, another terminal is at its prompt",
            """
            open a
            expect a omnios#
            open b
            expect b omnios#
            send a zlogin -C b\\r
            expect a [Connected to zone 'b' console]
            kill a TERM
            end a
            end b
            """,
            """
            a: status 137, terminal as before
            b: zonelab: the lab has ended
            b: status 1, terminal as before

            """
        ),
        (
            "a hangup, and one that joined is terminated in a console",
            """
            open a
            expect a omnios#
            open b
            expect b omnios#
            send b zlogin -C b\\r
            expect b [Connected to zone 'b' console]
            kill b TERM
            end b
            send a echo still $((40 + 2))\\r
            expect a still 42
            kill a HUP
            end a
            """,
            """
            b: status 129, terminal as before
            a: status 137, terminal as before

            """
        ),
        (
            "the first shell exits while a zone runs: that is halted by its hooks",
            """
            open a
            expect a omnios#
            send a zoneadm -z b boot\\r
            expect a stands in
            expect a omnios#
            send a exit\\r
            end a
            """,
            """
            a: zonelab: halting zone b
            a: status 0, terminal as before

            """
        ),
        (
            "a configuration that cannot be saved is left on demand alone",
            """
            open a
            expect a omnios#
            send a zonecfg -z c\\r
            expect a zonecfg:c>
            send a create -b\\r
            expect a zonecfg:c>
            send a exit\\r
            expect a required property zonepath not specified
            expect a not saved, really quit (y/[n])?
            send a n\\r
            expect a zonecfg:c>
            send a exit\\r
            expect a not saved, really quit (y/[n])?
            send a y\\r
            expect a omnios#
            send a exit\\r
            end a
            """,
            """
            a: status 0, terminal as before

            """
        ),
    ]

    @Test("a terminal is as it was, however the lab ends", arguments: Long.first(of: plays))
    func play(_ row: (name: String, steps: String, output: String)) throws {
        let hooks = try RecordingHooks()
        let lab = try Lab(hooks: hooks.directory)
        let made = try lab.run(
            Zones.configure("b") + "zoneadm -z b install", withGuest: false)
        #expect(made.status == 0, "\(made.errors)")
        let outcome = try Self.play(row.steps, in: lab, hooks)
        #expect(outcome == Outcome(status: 0, output: row.output, errors: ""))
        #expect(lab.processes() == [])
        if row.name.contains("halted") { #expect(lab.file("/root/calls").hasSuffix("halt\nstatechange post 4 4\n")) }
    }
}
