import Foundation
import TestSupport
import Testing

@Suite struct InitTests {
    private func prepare(_ launch: String) throws -> ScratchZone {
        let zone = try ScratchZone()
        try zone.install()
        try zone.scratch.write("zones/web/root/etc/launch", launch)
        return zone
    }

    private func start(_ zone: ScratchZone, _ arguments: [String] = []) throws -> Int32 {
        let outcome = try Hooks.run("init", ["-R", zone.root] + arguments)
        #expect(outcome.output == "" && outcome.errors == "")
        return outcome.status
    }

    @Test("init becomes the program, under its name, with arguments and environment, its output in init.log")
    func becomes() throws {
        let zone = try prepare(
            """
            # a comment
            exec /bin/bash
            argv0 bhyve-web
            env FIRST=1
            env SECOND=of launch

            arg -c
            arg echo "$0|$1|$FIRST|$SECOND|$THIRD"; cat; ls -l /proc/self/fd | grep -cE "zones/web|null"; exit 3
            arg bhyve-web
            arg a  b
            """)
        try zone.scratch.write("zones/web/root/etc/qemu.env", "# extra\nSECOND=of the file\n\nTHIRD=3=3\n")
        #expect(try start(zone) == 3)
        #expect(zone.read("tmp/init.log") == "bhyve-web|a  b|1|of the file|3=3\n2\n")
        let mode = try FileManager.default.attributesOfItem(atPath: zone.root + "/tmp/init.log")[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test(
        "every failure is a line in init.log and a status that is not 0",
        arguments: [
            ("exec /nonexistent/bhyve\n", "error: run /nonexistent/bhyve: No such file or directory"),
            ("argv0 x\n", "/etc/launch: error: no line says what to run"),
            ("exec relative\n", "/etc/launch: error: line 1 is not understood: \"exec relative\""),
            ("exec /bin/true\nfrobnicate\n", "/etc/launch: error: line 2 is not understood: \"frobnicate\""),
            ("exec /bin/true\nenv 1A=b\n", "/etc/launch: error: line 2 is not understood: \"env 1A=b\""),
            (
                "exec /bin/true\nshutdown-timeout -1\n",
                "/etc/launch: error: line 2 is not understood: \"shutdown-timeout -1\""
            ),
        ])
    func failures(_ launch: String, _ message: String) throws {
        let zone = try prepare(launch)
        #expect(try start(zone) == 255)
        let log = try #require(zone.read("tmp/init.log"))
        #expect(log.split(separator: "\n").first?.dropFirst(21) == "init: \(message)")
    }

    @Test("a zone without a command says so")
    func noLaunch() throws {
        let zone = try ScratchZone()
        try zone.install()
        #expect(try start(zone) == 255)
        #expect(zone.read("tmp/init.log")?.contains("open \(zone.root)/etc/launch: No such file or directory") == true)
    }

    @Test("delegated datasets are mounted when there are any", arguments: ["rpool/data", ""])
    func datasets(_ names: String) throws {
        let zone = try prepare("exec /usr/sbin/bhyve\narg -c\narg 1\n")
        let commands = try StandIns(zone.scratch, ["zfs": "if [ \"$1\" = list ]; then printf '%s' '\(names)'; fi"])
        #expect(try start(zone, ["-p", "illumos", "-C", commands.directory]) == 0)
        let mounts = names.isEmpty ? [] : ["zfs [mount] [-a]"]
        #expect(try commands.calls == ["zfs [list] [-H] [-o] [name]"] + mounts + ["bhyve [-c] [1]"])
    }

    @Test("datasets that cannot be listed are told of in init.log, and the machine starts")
    func noDatasets() throws {
        let zone = try prepare("exec /usr/sbin/bhyve\n")
        let commands = try StandIns(zone.scratch, ["zfs": "echo 'no ZFS here' >&2; exit 1", "bhyve": "echo runs"])
        #expect(try start(zone, ["-p", "illumos", "-C", commands.directory]) == 0)
        let lines = zone.read("tmp/init.log")?.split(separator: "\n") ?? []
        #expect(lines.first?.dropFirst(21) == "init: warning: zfs list -H -o name: no ZFS here")
        #expect(lines.dropFirst() == ["runs"])
    }

    @Test("a guest's reboot adds to init.log; what is no file of its own there is replaced, and not written to")
    func appends() throws {
        let zone = try prepare("exec /bin/echo\narg again\n")
        #expect(try start(zone) == 0)
        #expect(try start(zone) == 0)
        #expect(zone.read("tmp/init.log") == "again\nagain\n")

        let outside = try zone.scratch.write("outside", "precious")
        let log = zone.root + "/tmp/init.log"
        for make in [
            { try FileManager.default.linkItem(atPath: outside, toPath: log) },
            { try FileManager.default.createSymbolicLink(atPath: log, withDestinationPath: outside) },
            { #expect(mkfifo(log, 0o600) == 0) },
        ] {
            try FileManager.default.removeItem(atPath: log)
            try make()
            #expect(try start(zone) == 0)
            #expect(zone.read("tmp/init.log") == "again\n")
            #expect(try String(contentsOfFile: outside, encoding: .utf8) == "precious")
        }
    }

    @Test(
        "what the kernel hands on as the zone's boot arguments is passed over: it never ends with 0",
        arguments: [[], ["-s"], ["-h"], ["-m", "verbose"], ["-p"], ["-q", "-R", "/nowhere"], ["--", "x"]])
    func bootArguments(_ arguments: [String]) throws {
        let zone = try ScratchZone()
        try zone.install()
        let outcome = try Hooks.run(
            program: "/usr/bin/bwrap",
            [
                "--ro-bind", "/", "/", "--dev", "/dev", "--bind", zone.root + "/etc", "/etc", "--bind",
                zone.root + "/tmp", "/tmp", "--ro-bind", Hooks.directory + "/init", "/tmp/init", "/tmp/init",
            ] + arguments)
        #expect(outcome == Outcome(status: 255, output: "", errors: ""))
        let log = try #require(zone.read("tmp/init.log"))
        #expect(
            log.split(separator: "\n").first?.dropFirst(21)
                == "init: error: open /etc/launch: No such file or directory")
    }

    @Test("with -R, wrong usage is 253", arguments: [["-h"], ["-q"], ["web"], ["-p", "plan9"]])
    func usage(_ arguments: [String]) throws {
        let outcome = try Hooks.run("init", ["-R", "/nowhere"] + arguments)
        #expect(outcome.status == 253 && outcome.errors.contains("\nusage: init -R root"))
    }
}
