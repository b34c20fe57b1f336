import Foundation
import Testing
import TestSupport

/// How zoneadm calls the hooks, with recording ones in place of ours.
@Suite(.serialized) struct StateMachineTests {
    private static let make = """
        zonecfg -z b 'create -b; set brand=bhyve; set zonepath=/data/zone/b; set ip-type=exclusive'

        """

    private func run(_ script: String) throws -> (outcome: Outcome, calls: [String], lab: Lab) {
        let hooks = try RecordingHooks()
        let lab = try Lab(hooks: hooks.directory)
        let outcome = try lab.run(Self.make + script, withGuest: false)
        return (outcome, lab.file("/root/calls").split(separator: "\n").map(String.init), lab)
    }

    @Test("every hook, in the order and with the arguments of a host")
    func order() throws {
        let (outcome, calls, lab) = try run(
            """
            zoneadm -z b install -x words 'two words'
            zoneadm -z b boot
            zoneadm -z b reboot
            zoneadm -z b halt
            zoneadm -z b uninstall -F
            """)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
            calls == [
                "verify FILE", "verify", "install -x words two words", "verify",
                "statechange pre 2 0", "statechange post 2 0", "statechange pre 2 1", "boot", "statechange post 2 1",
                "statechange pre 4 4", "halt", "statechange post 4 4",
                "statechange pre 4 0", "statechange post 4 0", "statechange pre 4 1", "boot", "statechange post 4 1",
                "statechange pre 4 4", "halt", "statechange post 4 4", "uninstall -F",
            ])
        #expect(lab.file("/root/closed").contains("descriptor 0 closed\n"))
    }

    /// The call that fails and its status, the command, the state after it, and the calls after the failing one.
    static let failures: [(call: String, status: Int, command: String, state: String, after: [String])] = [
        ("verify *", 255, "install", "-:b:configured", []),
        ("install *", 254, "install", "-:b:configured", []),
        ("install *", 255, "install", "-:b:incomplete", []),
        ("statechange * pre 2 0", 255, "boot", "-:b:installed", []),
        ("statechange * post 2 0", 255, "boot", "-:b:installed", ["statechange post 3 4"]),
        (
            "statechange * pre 2 1", 255, "boot", "-:b:installed",
            ["statechange post 4 4", "statechange pre 2 4", "halt", "statechange post 2 4"]
        ),
        (
            "boot *", 255, "boot", "-:b:installed",
            ["statechange post 4 4", "statechange pre 2 4", "halt", "statechange post 2 4"]
        ),
        ("statechange * pre 4 4", 255, "halt", "1:b:running", []),
        ("halt *", 255, "halt", "1:b:down", []),
        ("uninstall *", 255, "uninstall -F", "-:b:incomplete", []),
    ]

    @Test("a hook that fails stops what zoneadm does, and says so", arguments: failures)
    func failure(_ row: (call: String, status: Int, command: String, state: String, after: [String])) throws {
        let before = ["install": "", "boot": "install", "halt": "install boot", "uninstall -F": "install"][row.command]!
        let (outcome, calls, _) = try run(
            """
            for command in \(before); do zoneadm -z b $command || exit 9; done
            >/root/calls; echo \(row.status) >/root/status
            echo '\(row.call)' >/root/fail
            zoneadm -z b \(row.command); echo "status $?"
            zoneadm -z b list -p | cut -d: -f1-3
            """)
        let lines = outcome.output.split(separator: "\n").map(String.init).filter { !$0.contains("stands in") }
        #expect(lines.suffix(2) == ["status 1", row.state])
        #expect((outcome.output + outcome.errors).contains(" fails on purpose\n"))
        #expect(outcome.errors.contains("zoneadm: zone 'b': the brand's "))
        #expect(outcome.errors.contains("program ended with exit status \(row.status)\n"))
        let failing = calls.count - row.after.count - 1
        #expect(Array(calls.dropFirst(failing + 1)) == row.after)
    }

    @Test("zones that run when the script ends are halted, and it keeps its status")
    func haltsAtTheEnd() throws {
        let (outcome, calls, _) = try run("zoneadm -z b install; zoneadm -z b boot; exit 3")
        #expect(outcome.status == 3)
        #expect(outcome.errors == "zonelab: halting zone b\n")
        #expect(calls.suffix(3) == ["statechange pre 4 4", "halt", "statechange post 4 4"])
    }

    @Test("a hook that is killed is a failure")
    func killed() throws {
        let (outcome, _, _) = try run(
            "zoneadm -z b install; echo 'boot *' >/root/fail; echo kill >/root/status; zoneadm -z b boot; echo $?")
        #expect(outcome.output.hasSuffix("\n1\n"))
        #expect(outcome.errors.contains("zoneadm: zone 'b': the brand's boot program was killed by signal 9\n"))
    }

    @Test("a keeper that is killed takes its zone with it, and the zone boots again")
    func keeperKilled() throws {
        let (outcome, _, _) = try run(
            """
            zoneadm -z b install; zoneadm -z b boot; zoneadm list
            pkill -9 -f __zoneadmd; sleep 0.2
            pgrep -c sleep
            zoneadm list -i
            zoneadm -z b boot; zoneadm list -p | grep -c :b:running:
            """)
        let lines = outcome.output.split(separator: "\n").map(String.init).filter { !$0.contains("stands in") }
        #expect(lines == ["global", "b", "0", "global", "b", "1"])
        #expect(outcome.errors == "zonelab: halting zone b\n")
    }

    @Test("a zone that cannot be made does not boot")
    func spoiltRoot() throws {
        let (outcome, _, _) = try run(
            """
            zoneadm -z b install; rmdir /data/zone/b/root/lib; echo >/data/zone/b/root/lib
            zoneadm -z b boot; echo $?
            zoneadm list -p | grep -c :b:
            """)
        #expect(outcome.output.hasSuffix("\n1\n0\n"))
        #expect(outcome.errors.hasPrefix("zoneadm: zone 'b': the zone could not be made: bwrap: "))
    }

    @Test("an init that ends at once halts the zone, and the console tells why")
    func initEnds() throws {
        let (outcome, _, _) = try run(
            """
            zoneadm -z b install;
            zoneadm -z b boot; pkill sleep; zonelab await -t 5 b 'init ended'; zoneadm list -p | grep -c :b:
            """)
        #expect(outcome.output.contains("[NOTICE: Zone halted]"))
        #expect(
            outcome.output.contains("[NOTICE: init ended with exit status 143; see /data/zone/b/root/tmp/init.log]"))
        #expect(outcome.output.hasSuffix("0\n"))
    }

    static let refusals: [(before: String, command: String, message: String)] = [
        ("", "boot", "must be installed before boot.\n  zoneadm -z b install\n"),
        ("", "halt", "not running\n"), ("", "shutdown", "not running\n"), ("", "uninstall -F", "is not installed.\n"),
        ("install", "install", "is already installed.\n"), ("install", "reboot", "not running\n"),
        ("install boot", "boot", "zone is already booted\n"),
        ("install boot", "install", "install operation is invalid for running zones.\n"),
        ("install boot", "uninstall -F", "uninstall operation is invalid for running zones.\n  zoneadm -z b halt\n"),
    ]

    @Test("what a zone's state does not allow is refused", arguments: refusals)
    func refusal(_ row: (before: String, command: String, message: String)) throws {
        let (outcome, _, _) = try run(
            "for command in \(row.before); do zoneadm -z b $command || exit 9; done\nzoneadm -z b \(row.command); echo $?"
        )
        #expect(outcome.output.hasSuffix("1\n"))
        let end = row.before.hasSuffix("boot") ? "zonelab: halting zone b\n" : ""
        #expect(outcome.errors == "zoneadm: zone 'b': " + row.message + end)
    }
}
