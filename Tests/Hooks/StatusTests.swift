import Foundation
import TestSupport
import Testing

/// `hvm status`, `hvm explain` and `hvm stop`: one machine.
@Suite struct StatusTests {
    private static let attributes = """
        <attr name="bootrom" type="string" value="BHYVE_RELEASE"/>
        <attr name="ram" type="string" value="2G"/>
        <attr name="bootdisk" type="string" value="p/a"/>
        <device match="/dev/zvol/rdsk/p/a"/>
        <attr name="com2" type="string" value="socket,/tmp/vm.com2"/>
        <attr name="vnc" type="string" value="on"/>
        <network physical="web0" allowed-address="192.0.2.10/24"/>

        """

    /// What stands in for the host's commands; the zone is in this state.
    private func commands(_ zone: ScratchZone, state: String, _ more: [String: String] = [:]) throws -> StandIns {
        try StandIns(
            zone.scratch,
            [
                "zoneadm": "echo '1:web:\(state):\(zone.zonepath):\(ScratchZone.uuid):bhyve:excl'",
                "zfs": "echo 32212254720", "dladm": #"echo 'web0:2\:8\:20\:a\:b\:91'"#, "pgrep": "exit 1",
                "bhyve": BootForRealTests.acceptingBhyve,
            ].merging(more) { $1 })
    }

    private func hvm(_ zone: ScratchZone, _ commands: StandIns, _ words: [String]) throws -> Outcome {
        try Hooks.run(
            "hvm",
            words + ["-x", zone.xml, "-C", commands.directory] + (words[0] == "stop" ? [] : ["-F", zone.firmware])
                + Hooks.platform("illumos"),
            environment: zone.environment)
    }

    private func prepare() throws -> ScratchZone {
        let zone = try ScratchZone(body: Self.attributes)
        try zone.install()
        try zone.useRealVariables()
        return zone
    }

    @Test("a machine that is halted: what it is, and how it ended")
    func halted() throws {
        let zone = try prepare()
        try zone.scratch.write(
            "zones/web/root/tmp/init.log",
            """
            2026-11-22T13:47:00Z init: run /usr/sbin/bhyve
            2026-11-22T13:49:05Z init: end pid=17 start=2026-11-22T13:47:00Z seconds=125 status=1

            """)
        try expect(
            hvm(zone, commands(zone, state: "installed"), ["status", "web"]),
            equals: Outcome(
                status: 0,
                output: """
                    web: installed
                      machine   bhyve, 1 CPU, 2 GiB of memory
                      firmware  BHYVE_RELEASE, UEFI, variables are kept
                      drives    bootdisk  virtio-blk  30 GiB  p/a
                      nics      web0  virtio-net-viona  02:08:20:0a:0b:91  192.0.2.10/24
                      screen    \(zone.root)/tmp/vm.vnc (hvm screen web)
                      console   hvm console web
                      sockets   com2: \(zone.root)/tmp/vm.com2
                      last run  ended at 2026-11-22T13:49:05Z (process 17): the guest powered itself off

                    """, errors: ""))
    }

    @Test("a machine that runs: since when, its process, what the next boot changes, and what was warned of")
    func running() throws {
        let zone = try prepare()
        try expect(
            zone.run("boot", platform: "illumos", commands: commands(zone, state: "installed")),
            equals: Outcome(status: 0, output: "", errors: ""))
        let up = Date(timeIntervalSinceNow: -90 * 60 - 3).formatted(.iso8601)
        try zone.scratch.write(
            "zones/web/log/zone.log",
            "\(up) boot: zone.xml:7: warning: attr \"x\"\n\(up) boot: ready to start: /usr/sbin/bhyve web\n")
        try zone.configure(
            body: Self.attributes.replacingOccurrences(of: "2G", with: "4G")
                + #"<attr name="shutdown-timeout" type="string" value="9"/>"#)
        let bhyve = try Background(["/bin/sleep", "600"], as: "bhyve", in: zone.scratch)
        defer { bhyve.stop() }
        let pid = bhyve.process.processIdentifier
        let commands = try commands(zone, state: "running", ["pgrep": "echo \(pid)"])
        let outcome = try hvm(zone, commands, ["status", "web"])
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        expect(outcome.output, hasPrefix: "web: running for 1 h 30 min, process \(pid)\n")
        expect(
            outcome.output,
            hasSuffix: """
                  changed   -m 2G; next: -m 4G (attr ram, line 3)
                            unset; next: 9s (attr shutdown-timeout)
                            takes effect at the next zoneadm boot or reboot, not at the guest's own
                  log       \(up) boot: zone.xml:7: warning: attr "x"

                """)
        let json = try hvm(zone, commands, ["status", "-j", "web"]).json()
        #expect(json["process"] as? String == String(pid))
        #expect((json["changes"] as? [[String: Any]])?.count == 2)
        #expect((json["warnings"] as? [[String: Any]])?.count == 1)
        #expect(((json["drives"] as? [[String: Any]])?.first?["bytes"] as? Int) == 32_212_254_720)
    }

    @Test("a machine that runs as it is configured has no changes, a UUID that its boot made up included")
    func unchanged() throws {
        let zone = try prepare()
        try FileManager.default.removeItem(atPath: zone.root + "/etc/uuid")
        let commands = try commands(zone, state: "running")
        try expect(
            zone.run("boot", platform: "illumos", commands: commands),
            equals: Outcome(status: 0, output: "", errors: ""))
        let json = try hvm(zone, commands, ["status", "-j", "web"]).json()
        #expect((json["changes"] as? [Any])?.count == 0)
        expect(try hvm(zone, commands, ["status", "web"]).output, contains: ", without a hypervisor\n")
    }

    @Test("a zone that is not a machine is told of, with the one that was likely meant")
    func unknown() throws {
        let zone = try prepare()
        try expect(
            hvm(zone, commands(zone, state: "installed"), ["status", "wen"]),
            equals: Outcome(
                status: 255, output: "",
                errors: "zone wen: error: there is no virtual machine of this name\n  did you mean \"web\"?\n"))
    }

    @Test("explain is boot -e, fits a terminal, and has nothing to explain where there are only errors")
    func explain() throws {
        let zone = try prepare()
        try FileManager.default.removeItem(atPath: zone.root + "/etc/uuid")
        let commands = try commands(zone, state: "installed")
        let explained = try hvm(zone, commands, ["explain", "web"])
        try expect(zone.run("boot", ["-e"], platform: "illumos", commands: commands), equals: explained)
        expect(explained.output, contains: "placeholder")
        expect(explained.output, contains: "00000000-0000-4000-8000-000000000000")
        let words =
            [Hooks.directory + "/hvm", "explain", "web", "-x", zone.xml, "-F", zone.firmware, "-C", commands.directory]
            + Hooks.platform("illumos")
        let seen = try PseudoTerminal.run(columns: 80, words, environment: zone.environment)
        #expect(seen.split(separator: "\n").filter { $0.count > 80 } == [])
        let json = try hvm(zone, commands, ["explain", "-j", "web"]).json()
        #expect(json["program"] as? String == "/usr/sbin/bhyve")
        #expect((json["arguments"] as? [Any])?.isEmpty == false)
        try zone.configure(body: #"<attr name="ram" type="string" value="1Q"/>"#)
        try expect(
            hvm(zone, commands, ["explain", "web"]),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: \(zone.xml):2: error: attr "ram": "1Q" is not a size
                      use a number with K, M, G or T, such as 4G

                    """))
    }

    // MARK: hvm stop

    /// A zone whose bhyve takes SIGTERM so, and that zoneadm halts when it is told to.
    private func runningZone(onButton: String) throws -> (ScratchZone, Background, StandIns) {
        let zone = try prepare()
        let bhyve = try Background.bhyve(in: zone.scratch, onButton: onButton)
        let pid = bhyve.process.processIdentifier
        let commands = try commands(
            zone, state: "running", ["pgrep": "echo \(pid)", "bhyvectl": "kill -KILL \(pid)"])
        return (zone, bhyve, commands)
    }

    @Test(
        "stop tells each rung and which one worked, and has zoneadm halt the zone",
        arguments: [
            (
                "exit 1", ["-n", "60"],
                "asking the guest to power off; waiting up to 60 s for process PID\n"
                    + "web: the guest powered off after 0 s\nweb: halted; the guest powered off\n"
            ),
            (
                ":", ["-n", "1"],
                "asking the guest to power off; waiting up to 1 s for process PID\n"
                    + "web: the guest has ignored the request for 1 s\nweb: forcing the machine off\nweb: it has ended\n"
                    + "web: halted; the guest ignored the power button for 1 s and was forced off\n"
            ),
            (
                ": >asked", ["--force"],
                "forcing the machine off\nweb: it has ended\n"
                    + "web: halted; the guest was forced off, and was not asked\n"
            ),
        ])
    func stop(_ onButton: String, _ options: [String], _ said: String) throws {
        let (zone, bhyve, commands) = try runningZone(onButton: onButton)
        defer { bhyve.stop() }
        let pid = String(bhyve.process.processIdentifier)
        try expect(
            hvm(zone, commands, ["stop"] + options + ["web"]),
            equals: Outcome(
                status: 0, output: "web: " + said.replacingOccurrences(of: "PID", with: pid), errors: ""))
        try expect(commands.calls, contains: "zoneadm [-z] [web] [halt]")
        expect(zone.log, contains: " hvm stop: ")
    }

    @Test("on a terminal stop counts the seconds, on one line that the next step replaces")
    func stopOnTerminal() throws {
        let (zone, bhyve, commands) = try runningZone(onButton: ":")
        defer { bhyve.stop() }
        let seen = try PseudoTerminal.run(
            columns: 80,
            [Hooks.directory + "/hvm", "stop", "-n", "3", "web", "-x", zone.xml, "-C", commands.directory]
                + Hooks.platform("illumos"), environment: zone.environment)
        expect(
            seen,
            equals: """
                web: asking the guest to power off; waiting up to 3 s for process \(bhyve.process.processIdentifier)
                \r\u{1b}[Kweb: 1 s of 3 s\r\u{1b}[Kweb: 2 s of 3 s\r\u{1b}[Kweb: the guest has ignored the request for 3 s
                web: forcing the machine off
                web: it has ended
                web: halted; the guest ignored the power button for 3 s and was forced off

                """)
    }

    @Test("a zone that is halted is left alone")
    func stopHalted() throws {
        let zone = try prepare()
        let commands = try commands(zone, state: "installed")
        try expect(
            hvm(zone, commands, ["stop", "web"]),
            equals: Outcome(status: 0, output: "web: it is installed already\n", errors: ""))
        try expect(commands.calls, equals: ["zoneadm [list] [-cp]"])
    }
}
