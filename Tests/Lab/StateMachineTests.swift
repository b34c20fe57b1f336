import Foundation
import TestSupport
import Testing

/// How zoneadm calls the hooks, with recording ones in place of ours.
@Suite(.serialized) struct StateMachineTests {
    private func run(_ script: String) throws -> (outcome: Outcome, calls: [String], lab: Lab) {
        let hooks = try RecordingHooks()
        let lab = try Lab(hooks: hooks.directory)
        let outcome = try lab.run(Zones.configure("b") + script, withGuest: false)
        return (outcome, lab.file("/root/calls").split(separator: "\n").map(String.init), lab)
    }

    @Test("every hook is called, in the order and with the arguments of a host")
    func call() throws {
        let (outcome, calls, lab) = try run(
            """
            zoneadm -z b install -x words 'two words'
            zoneadm -z b boot -- -s
            zoneadm -z b reboot
            zoneadm -z b halt
            zoneadm -z b ready; zoneadm list -p | cut -d: -f1-3
            zoneadm -z b boot; zoneadm -z b ready
            zoneadm -z b halt
            zoneadm -z b uninstall -F
            """)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(outcome.output.contains("\n3:b:ready\n"))
        #expect(
            calls == [
                "verify FILE", "verify install -x words two words", "install -xwords two words", "verify boot -- -s",
                "statechange pre 2 0", "statechange post 2 0", "statechange pre 2 1", "boot", "statechange post 2 1",
                "verify reboot", "statechange pre 4 4", "halt", "statechange post 4 4",
                "statechange pre 4 0", "statechange post 4 0", "statechange pre 4 1", "boot", "statechange post 4 1",
                "verify halt", "statechange pre 4 4", "halt", "statechange post 4 4",
                "verify ready", "statechange pre 2 0", "statechange post 2 0",
                "verify boot", "statechange pre 3 1", "boot", "statechange post 3 1",
                "verify ready", "statechange pre 4 4", "halt", "statechange post 4 4", "statechange pre 4 0",
                "statechange post 4 0", "verify halt", "statechange pre 3 4", "halt", "statechange post 3 4",
                "verify uninstall -F", "uninstall -F",
            ])
        #expect(lab.file("/root/closed").contains("descriptor 0 closed\n"))
    }

    /// How a failing hook looks.
    struct Failure: Sendable, CustomStringConvertible {
        /// The call that fails, with this status.
        let call: String
        var status = 255
        let command: String
        /// The state after it.
        let state: String
        /// Everything that is called, and told.
        let calls: [String]
        let errors: String

        var description: String { command + ": " + call }
    }

    private static let uncalled = "zoneadm: zone 'b': call to zoneadmd failed\n"
    private static let halting = "zonelab: halting zone b\n"
    private static let up = ["verify boot", "statechange pre 2 0"]

    static let failures = [
        Failure(
            call: "verify *", command: "install", state: "-:b:configured", calls: ["verify install"],
            errors: "zoneadm: zone b failed to verify\n"),
        Failure(
            call: "verify *", command: "reboot", state: "1:b:running", calls: ["verify reboot"],
            errors: "zoneadm: zone b failed to verify\n" + halting),
        Failure(call: "verify *", command: "halt", state: "1:b:running", calls: ["verify halt"], errors: halting),
        Failure(
            call: "verify *", command: "uninstall -F", state: "-:b:installed", calls: ["verify uninstall -F"],
            errors: ""),
        Failure(
            call: "install *", status: 253, command: "install", state: "-:b:incomplete",
            calls: ["verify install", "install"], errors: "usage:\tinstall [-x nodataset] [brand-specific args]\n"),
        Failure(
            call: "install *", status: 254, command: "install", state: "-:b:configured",
            calls: ["verify install", "install"], errors: ""),
        Failure(
            call: "install *", command: "install", state: "-:b:incomplete", calls: ["verify install", "install"],
            errors: ""),
        Failure(
            call: "statechange * pre 2 0", command: "boot", state: "-:b:installed", calls: up + ["statechange pre 2 4"],
            errors: "zone 'b': statechange fails on purpose\n" + uncalled),
        Failure(
            call: "statechange * post 2 0", command: "boot", state: "-:b:installed",
            calls: up + [
                "statechange post 2 0", "statechange post 3 4", "statechange pre 2 4", "halt", "statechange post 2 4",
            ], errors: "zone 'b': statechange fails on purpose\n" + uncalled),
        Failure(
            call: "statechange * post 2 0", command: "ready", state: "1:b:ready",
            calls: [
                "verify ready", "statechange pre 2 0", "statechange post 2 0", "statechange post 3 4",
            ], errors: "zone 'b': statechange fails on purpose\n" + uncalled + halting),
        Failure(
            call: "statechange * pre 2 1", command: "boot", state: "-:b:installed",
            calls: up + [
                "statechange post 2 0", "statechange pre 2 1", "statechange pre 2 4", "halt", "statechange post 2 4",
            ], errors: "zone 'b': statechange fails on purpose\n" + uncalled),
        Failure(
            call: "boot *", command: "boot", state: "-:b:installed",
            calls: up + [
                "statechange post 2 0", "statechange pre 2 1", "boot", "statechange post 4 4", "statechange pre 2 4",
                "halt", "statechange post 2 4",
            ],
            errors: "zone 'b': boot fails on purpose\n"
                + "zone 'b': exec /usr/lib/brand/bhyve/boot -C /usr/lib/zonelab/bin -z b 2>&1 failed\n" + uncalled),
        Failure(
            call: "statechange * pre 4 4", command: "halt", state: "1:b:running",
            calls: ["verify halt", "statechange pre 4 4"],
            errors: "zone 'b': statechange fails on purpose\n" + halting),
        Failure(
            call: "halt *", command: "halt", state: "1:b:down", calls: ["verify halt", "statechange pre 4 4", "halt"],
            errors: "zone 'b': halt fails on purpose\n"
                + "zone 'b': exec /usr/lib/brand/bhyve/halt -C /usr/lib/zonelab/bin -z b -R /data/zone/b 2>&1 failed\n"
                + "zone 'b': unable to destroy zone\n" + halting),
        Failure(
            call: "statechange * post 4 4", command: "halt", state: "-:b:installed",
            calls: ["verify halt", "statechange pre 4 4", "halt", "statechange post 4 4"],
            errors: "zone 'b': statechange fails on purpose\n"),
        Failure(
            call: "uninstall *", command: "uninstall -F", state: "-:b:incomplete",
            calls: ["verify uninstall -F", "uninstall -F"], errors: ""),
        Failure(
            call: "postclone *", command: "clone s", state: "-:b:incomplete",
            calls: ["verify clone s", "postclone s"],
            errors: "zoneadm: zone 'b': post-clone configuration failed.\n  zoneadm -z b uninstall\n"),
    ]

    @Test("a hook that fails stops what zoneadm does, which tells it as a host's does", arguments: failures)
    func fail(_ row: Failure) throws {
        let before = [
            "boot": "install", "ready": "install", "uninstall -F": "install", "halt": "install boot",
            "reboot": "install boot",
        ]
        let (outcome, calls, _) = try run(
            """
            \(Zones.configure("s"))zoneadm -z s install
            for command in \(before[row.command] ?? ""); do zoneadm -z b $command >/dev/null || exit 9; done
            >/root/calls; echo \(row.status) >/root/status
            echo '\(row.call)' >/root/fail
            zoneadm -z b \(row.command) >/dev/null; echo "status $?"
            rm /root/fail
            zoneadm list -cp | grep :b: | cut -d: -f1-3
            """)
        #expect(outcome.output == "status 1\n" + row.state + "\n")
        #expect(outcome.errors == row.errors)
        #expect(calls.prefix(row.calls.count) == row.calls[...])
        // What follows is the lab's own end.
        #expect(calls.count == row.calls.count || row.errors.hasSuffix(Self.halting))
    }

    @Test("zones that run when the script ends are halted, and it keeps its status")
    func haltAll() throws {
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
    func miss(_ row: (resource: String, message: String)) throws {
        let (outcome, calls, _) = try run(
            "zonecfg -z b '\(row.resource)'; zoneadm -z b install; zoneadm -z b boot; echo $?; zoneadm list -p")
        #expect(outcome.output.hasSuffix("\n1\n0:global:running:/::ipkg:shared\n"))
        #expect(outcome.errors == "zone 'b': " + row.message + Self.uncalled)
        #expect(calls.suffix(4) == ["statechange pre 2 0", "halt", "statechange post 3 4", "statechange pre 2 4"])
    }

    @Test("links, volumes and datasets of a zone that runs stay")
    func keep() throws {
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
    func killHook() throws {
        let (outcome, _, _) = try run(
            "zoneadm -z b install; echo 'boot *' >/root/fail; echo kill >/root/status; zoneadm -z b boot; echo $?")
        #expect(outcome.output.hasSuffix("\n1\n"))
        let boot = "exec /usr/lib/brand/bhyve/boot -C /usr/lib/zonelab/bin -z b 2>&1"
        #expect(
            outcome.errors == "zone 'b': boot fails on purpose\n"
                + "zone 'b': \(boot) unexpectedly terminated due to signal 9\nzone 'b': \(boot) failed\n"
                + Self.uncalled)
    }

    @Test("a verify that is killed refuses, and is named")
    func killVerify() throws {
        let (outcome, _, _) = try run(
            "echo 'verify *' >/root/fail; echo kill >/root/status; zoneadm -z b list; echo $?; zoneadm -z b install")
        #expect(outcome.output == "b\nverify fails on purpose\n1\nverify fails on purpose\n")
        let killed = "zoneadm: zone 'b': 'brand-specific verification' terminated by signal SIGKILL.\n"
        #expect(outcome.errors == killed + killed + "zoneadm: zone b failed to verify\n")
    }

    @Test("a keeper that is killed takes its zone with it, and the zone boots again")
    func killKeeper() throws {
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
    func spoil() throws {
        let (outcome, _, _) = try run(
            """
            zoneadm -z b install; rmdir /data/zone/b/root/lib; echo >/data/zone/b/root/lib
            zoneadm -z b boot; echo $?
            zoneadm list -p | grep -c :b:
            """)
        #expect(outcome.output.hasSuffix("\n1\n0\n"))
        #expect(outcome.errors.hasPrefix("zone 'b': the zone could not be made: bwrap: "))
    }

    /// What is done with a zone that is installed, what is on its console when a text is waited for that never comes, and
    /// until when it was.
    static let consoles: [(script: String, notices: [String], when: String)] = [
        (
            "zoneadm -z b boot; pkill sleep",
            [
                "NOTICE: Zone booting up",
                "NOTICE: init ended with exit status 143; see /data/zone/b/root/tmp/init.log",
                "NOTICE: Zone halted",
            ], "until it halted"
        ),
        (
            "zoneadm -z b boot; zoneadm -z b halt", ["NOTICE: Zone booting up", "NOTICE: Zone halted"],
            "until it halted"
        ),
        (
            "zoneadm -z b boot; zoneadm -z b reboot; zoneadm -z b halt",
            ["NOTICE: Zone rebooting", "NOTICE: Zone halted"], "until it halted"
        ),
        (
            "zoneadm -z b ready; zoneadm -z b boot -- -s -q; zoneadm -z b reboot -- -m a; zoneadm -z b halt",
            ["NOTICE: Zone rebooting with arguments: -m a", "NOTICE: Zone halted"], "until it halted"
        ),
        (
            "zoneadm -z b ready; zoneadm -z b boot -- -s -q; zoneadm -z b halt",
            [
                "NOTICE: Zone readied", "NOTICE: Zone booting up with arguments: -s -q",
                "WARNING: Ignoring invalid boot arguments:  -q", "NOTICE: Zone halted",
            ], "until it halted"
        ),
        (
            "echo 'statechange * pre 2 0' >/root/fail; echo 1 >/root/status; zoneadm -z b boot 2>/dev/null",
            ["NOTICE: Zone booting up", "NOTICE: Zone boot failed"], "until its boot failed"
        ),
        (
            "echo 'boot *' >/root/fail; echo 1 >/root/status; zoneadm -z b boot 2>/dev/null",
            ["NOTICE: Zone booting up", "NOTICE: Zone boot failed"], "until its boot failed"
        ),
    ]

    @Test(
        "the console tells what becomes of the zone, since its last boot, and whoever waits is told",
        arguments: consoles)
    func notice(_ row: (script: String, notices: [String], when: String)) throws {
        let (outcome, _, _) = try run(
            "zoneadm -z b install; \(row.script); echo ---; zonelab await b never; zoneadm list -p | grep -c :b:")
        let lines = outcome.output.components(separatedBy: "---\n").last?.split(whereSeparator: \.isNewline).map(
            String.init)
        #expect(lines == row.notices.map { "[" + $0 + "]" } + ["0"])
        #expect(
            outcome.errors == "await: zone 'b': \(row.when) \"never\" has appeared 0 times on the console, not 1\n")
    }

    /// What has been done with the zone, a command, its status, and everything it says.
    static let refusals: [(before: [String], command: String, status: Int, errors: String)] = [
        ([], "boot", 1, "zoneadm: zone 'b': must be installed before boot.\n  zoneadm -z b install\n"),
        ([], "boot -f", 1, "zoneadm: zone 'b': must be incomplete before boot.\n"),
        ([], "boot -q", 2, "usage:\tboot [-- boot_arguments]\n"),
        ([], "ready", 1, "zoneadm: zone 'b': must be installed before ready.\n  zoneadm -z b install\n"),
        ([], "detach", 1, "zoneadm: zone 'b': must be installed before detach.\n  zoneadm -z b install\n"),
        ([], "move /x", 1, "zoneadm: zone 'b': must be installed before move.\n  zoneadm -z b install\n"),
        ([], "move", 2, "usage:\tmove zonepath\n"),
        (
            [], "halt", 1,
            "cannot manage a zone which is in state 'configured'\nzone 'b': could not start zoneadmd\n"
        ),
        ([], "halt now", 2, "usage:\thalt\n"), ([], "shutdown", 1, "zoneadm: zone 'b': not running\n"),
        ([], "uninstall -F", 1, "zoneadm: zone 'b': is already in state 'configured'.\n"),
        ([], "mark installed", 2, ""), ([], "mark", 2, ""), ([], "mark -F running", 2, ""),
        (
            [], "attach", 1,
            "zoneadm: /data/zone/b: No such file or directory\n"
                + "could not verify zonepath /data/zone/b because of the above errors.\n"
        ),
        ([], "attach -F -n /x", 1, "zoneadm: zone 'b': -F and -n flags are mutually exclusive\n"),
        ([], "attach -n /x", 1, "zoneadm: zone 'b': could not open manifest path /x: No such file or directory\n"),
        ([], "attach -n /etc/passwd", 1, "zoneadm: zone 'b': /etc/passwd is not an XML file\n"),
        ([], "clone", 2, "usage:\tclone [-m method] [-s <ZFS snapshot>] [brand-specific args] zonename\n"),
        ([], "clone -s a@b s", 1, "zoneadm: clone -s: not in the lab\n"),
        ([], "clone x", 1, "zoneadm: x: could not get state: No such zone configured\n"),
        ([], "clone b", 1, "zoneadm: zone b is configured; installed is required.\n"),
        ([], "clone global", 1, "zoneadm: zone 'b': clone operation is invalid for the global zone.\n"),
        ([], "list -i", 2, "usage:\tlist [-cipv]\n"),
        ([], "list -vp", 1, "zoneadm: zone 'b': list -p and -v are mutually exclusive.\n"),
        ([], "mount", 1, "zoneadm: mount: not in the lab\n"),
        (["install"], "install", 1, "zoneadm: zone 'b': is already installed.\n"),
        (["install"], "attach", 1, "zoneadm: zone 'b': is already installed.\n"),
        (["install"], "clone s", 1, "zoneadm: zone 'b': is already installed.\n"),
        (["install"], "reboot", 1, "zoneadm: zone 'b': not running\n"),
        (["install"], "halt", 0, "zone 'b': zone is already halted\n"),
        (
            ["install"], "uninstall", 1,
            "zoneadm: zone 'b': Input not from terminal and -F not specified: uninstall not done.\n"
                + "  zoneadm -z b uninstall -F\n"
        ),
        (["install"], "move /data/zone", 1, "could not move zone to /data/zone: directory not empty\n"),
        (
            ["install"], "move data", 1,
            "data is not an absolute path.\n  set zonepath=/…\n"
                + "could not verify zonepath data because of the above errors.\n"
        ),
        (["install", "boot"], "boot", 0, "zone 'b': zone is already booted\n"),
        (
            ["install", "boot"], "install", 1,
            "zoneadm: zone 'b': install operation is invalid for running zones.\n  zoneadm -z b halt\n"
        ),
        (
            ["install", "boot"], "uninstall -F", 1,
            "zoneadm: zone 'b': uninstall operation is invalid for running zones.\n  zoneadm -z b halt\n"
        ),
        (
            ["install", "boot"], "mark incomplete", 1,
            "zoneadm: zone 'b': mark operation is invalid for running zones.\n  zoneadm -z b halt\n"
        ),
        (
            ["install", "ready"], "detach", 1,
            "zoneadm: zone 'b': detach operation is invalid for ready zones.\n  zoneadm -z b halt\n"
        ),
        (["install", "ready"], "ready", 0, "zone 'b': zone is already ready\n"),
        (
            ["install", "ready"], "reboot", 1,
            "zone 'b': reboot operation is invalid for zones in state 'ready'\n"
        ),
        (
            ["install", "ready"], "shutdown", 1,
            "zone 'b': shutdown operation is invalid for zones in state 'ready'\n"
        ),
        (
            ["mark incomplete"], "boot", 1,
            "zoneadm: zone 'b': must be installed before boot.\n  zoneadm -z b uninstall\n"
        ),
        (
            ["mark incomplete"], "install", 1,
            "zoneadm: zone 'b': zone is incomplete; uninstall required.\n  zoneadm -z b uninstall\n"
        ),
        (
            ["mark incomplete"], "verify", 1,
            "zoneadm: zone 'b': zone is incomplete; uninstall required.\n  zoneadm -z b uninstall\n"
        ),
        (["mark incomplete"], "halt", 1, "zone 'b': halt operation is invalid for zones in state 'incomplete'\n"),
        (
            ["install", "detach"], "install", 1,
            "Cannot install detached zone.\nUse attach or remove /data/zone/b directory.\n"
                + "could not verify zonepath /data/zone/b because of the above errors.\n"
                + "zoneadm: zone b failed to verify\n"
        ),
    ]

    @Test("what a zone's state does not allow is refused in a host's words", arguments: refusals)
    func refuse(_ row: (before: [String], command: String, status: Int, errors: String)) throws {
        let (outcome, _, _) = try run(
            row.before.map { "zoneadm -z b \($0) >/dev/null || exit 9\n" }.joined()
                + "zoneadm -z b \(row.command) >/dev/null; echo $?")
        #expect(outcome.output == "\(row.status)\n")
        let isUp = ["boot", "ready"].contains(row.before.last)
        #expect(outcome.errors == row.errors + (isUp ? Self.halting : ""))
    }
}
