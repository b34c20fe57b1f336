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

    /// What a zone is given and is not there, and why it does not boot.
    static let absences: [(resource: String, message: String)] = [
        (
            "add net; set physical=v0; end",
            "unable to add network interface 'v0': object not found\n  dladm create-vnic -l net0 v0\n"
        ),
        (
            "add device; set match=/dev/zvol/rdsk/rpool/v; end",
            "device /dev/zvol/rdsk/rpool/v: no such volume\n  zfs create -V SIZE rpool/v\n"
        ),
        (
            "add device; set match=/dev/zvol/dsk/rpool/v; end",
            "device /dev/zvol/dsk/rpool/v: no such volume\n  zfs create -V SIZE rpool/v\n"
        ),
    ]

    @Test("a zone whose link or volume is missing is not readied, and stays installed", arguments: absences)
    func absent(_ row: (resource: String, message: String)) throws {
        let (outcome, calls, _) = try run(
            "zonecfg -z b '\(row.resource)'; zoneadm -z b install; zoneadm -z b boot; echo $?; zoneadm list -p")
        #expect(outcome.output.hasSuffix("\n1\n0:global:running:/::ipkg:shared\n"))
        #expect(outcome.errors == "zoneadm: zone 'b': " + row.message)
        #expect(calls.suffix(2) == ["statechange pre 2 0", "statechange post 3 4"])
    }

    @Test("links, volumes and datasets of a zone that runs stay")
    func busy() throws {
        let (outcome, _, _) = try run(
            """
            dladm create-vnic -l net0 v0; zfs create -V 1M rpool/v; zfs create data/zone; zfs create rpool/d
            zonecfg -z b 'add net; set physical=v0; end; add device; set match=/dev/zvol/dsk/rpool/v*; end
                add dataset; set name=rpool/d; end'
            zoneadm -z b install; zoneadm -z b boot
            dladm delete-vnic v0; for name in rpool/v data/zone rpool/d; do zfs destroy $name; done
            zoneadm -z b halt
            dladm delete-vnic v0; zfs destroy rpool/v; zfs destroy rpool/d
            """)
        let names = ["rpool/v", "data/zone", "rpool/d"]
        #expect(
            outcome.errors == "dladm: vnic deletion failed: link busy\n  zoneadm -z b halt\n"
                + names.map { "zfs: cannot destroy '\($0)': dataset is busy\n  zoneadm -z b halt\n" }.joined())
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

    /// What is done with a zone that is installed, what is on its console when a text is waited for that never comes, and
    /// until when it was.
    static let consoles: [(script: String, notices: [String], when: String)] = [
        (
            "zoneadm -z b boot; pkill sleep",
            [
                "Zone booting up", "init ended with exit status 143; see /data/zone/b/root/tmp/init.log",
                "Zone halted",
            ], "until it halted"
        ),
        ("zoneadm -z b boot; zoneadm -z b halt", ["Zone booting up", "Zone halted"], "until it halted"),
        (
            "zoneadm -z b boot; zoneadm -z b reboot; zoneadm -z b halt",
            ["Zone rebooting", "Zone booting up", "Zone halted"], "until it halted"
        ),
        (
            "echo 'statechange * pre 2 0' >/root/fail; echo 1 >/root/status; zoneadm -z b boot 2>/dev/null",
            ["Zone booting up", "Zone boot failed"], "until its boot failed"
        ),
        (
            "echo 'boot *' >/root/fail; echo 1 >/root/status; zoneadm -z b boot 2>/dev/null",
            ["Zone booting up", "Zone boot failed"], "until its boot failed"
        ),
    ]

    @Test(
        "the console tells what becomes of the zone, since its last boot, and whoever waits is told",
        arguments: consoles)
    func console(_ row: (script: String, notices: [String], when: String)) throws {
        let (outcome, _, _) = try run(
            "zoneadm -z b install; \(row.script); echo ---; zonelab await b never; zoneadm list -p | grep -c :b:")
        let lines = outcome.output.components(separatedBy: "---\n").last?.split(whereSeparator: \.isNewline).map(
            String.init)
        #expect(lines == row.notices.map { "[NOTICE: " + $0 + "]" } + ["0"])
        #expect(
            outcome.errors == "await: zone 'b': \(row.when) \"never\" has appeared 0 times on the console, not 1\n")
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
