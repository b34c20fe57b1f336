import Foundation
import TestSupport
import Testing

@Suite struct InitTests {
    private func prepare(_ launch: String) throws -> ScratchZone {
        let zone = try ScratchZone()
        try zone.install()
        try zone.writeLaunch(launch)
        return zone
    }

    private func start(_ zone: ScratchZone, _ arguments: [String] = ["-p", "linux"]) throws -> Int32 {
        let outcome = try zone.runInside("init", arguments)
        #expect(outcome == Outcome(status: outcome.status, output: "", errors: ""))
        return outcome.status
    }

    @Test("init runs the program, under its name, with arguments and environment, its output in init.log")
    func runs() throws {
        let zone = try prepare(
            """
            # a comment
            hypervisor bhyve
            exec /bin/bash
            argv0 bhyve-web
            env FIRST=1
            env SECOND=twice
            env SECOND=of launch
            env THIRD=3=3

            arg -c
            arg echo "$0|$1|$FIRST|$SECOND|$THIRD|$FOURTH"; cat; ls -l /proc/self/fd | grep -cE "zones/web|null"; exit 3
            arg bhyve-web
            arg a  b
            """)
        // What the zone writes there by now is not looked at.
        try zone.scratch.write("zones/web/root/etc/bhyve.env", "FOURTH=4\nSECOND=of the file\n")
        try expect(start(zone), equals: 3)
        #expect(zone.said == "bhyve-web|a  b|1|of launch|3=3|\n2\n")
        let mode = try FileManager.default.attributesOfItem(atPath: zone.root + "/tmp/init.log")[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test(
        "every failure is a line in init.log and a status that is not 0",
        arguments: [
            ("hypervisor bhyve\nexec /nonexistent/bhyve\n", "error: run /nonexistent/bhyve: No such file or directory"),
            ("argv0 x\n", "/hvm/launch: error: no line says what to run"),
            ("exec /bin/true\n", "/hvm/launch: error: no line says what to run as which hypervisor"),
            ("hypervisor xen\n", "/hvm/launch: error: line 1 is not understood: \"hypervisor xen\""),
            ("exec relative\n", "/hvm/launch: error: line 1 is not understood: \"exec relative\""),
            ("exec /bin/true\nfrobnicate\n", "/hvm/launch: error: line 2 is not understood: \"frobnicate\""),
            ("exec /bin/true\nenv 1A=b\n", "/hvm/launch: error: line 2 is not understood: \"env 1A=b\""),
            (
                "exec /bin/true\nshutdown-timeout -1\n",
                "/hvm/launch: error: line 2 is not understood: \"shutdown-timeout -1\""
            ),
        ])
    func failures(_ launch: String, _ message: String) throws {
        let zone = try prepare(launch)
        try expect(start(zone), equals: 255)
        let log = try #require(zone.said)
        #expect(log.split(separator: "\n").first?.dropFirst(21) == "init: \(message)")
    }

    @Test("a zone without a command says so")
    func noLaunch() throws {
        let zone = try prepare("")
        try FileManager.default.removeItem(atPath: zone.zonepath + "/hvm/launch")
        try expect(start(zone), equals: 255)
        let log = try #require(zone.read("tmp/init.log"))
        #expect(
            log.split(separator: "\n").first?.dropFirst(21)
                == "init: error: open \(zone.root)/hvm/launch: No such file or directory")
    }

    @Test("delegated datasets are mounted when there are any", arguments: ["rpool/data", ""])
    func datasets(_ names: String) throws {
        let zone = try prepare("hypervisor bhyve\nexec /usr/sbin/bhyve\narg -c\narg 1\n")
        let commands = try StandIns(zone.scratch, ["zfs": "if [ \"$1\" = list ]; then printf '%s' '\(names)'; fi"])
        try expect(start(zone, ["-p", "illumos", "-C", commands.directory]), equals: 0)
        let mounts = names.isEmpty ? [] : ["zfs [mount] [-a]"]
        try expect(commands.calls, equals: ["zfs [list] [-H] [-o] [name]"] + mounts + ["bhyve [-c] [1]"])
    }

    @Test(
        "datasets that cannot be listed or mounted are told of in init.log, and the machine starts",
        arguments: [
            ("echo 'no ZFS here' >&2; exit 1", "zfs list -H -o name: no ZFS here"),
            ("[ $1 = list ] && echo rpool/data || { echo busy >&2; exit 1; }", "zfs mount -a: busy"),
        ])
    func noDatasets(_ zfs: String, _ warning: String) throws {
        let zone = try prepare("hypervisor bhyve\nexec /usr/sbin/bhyve\n")
        let commands = try StandIns(zone.scratch, ["zfs": zfs, "bhyve": "echo runs"])
        try expect(start(zone, ["-p", "illumos", "-C", commands.directory]), equals: 0)
        let lines = zone.said?.split(separator: "\n") ?? []
        #expect(lines.first?.dropFirst(21) == "init: warning: \(warning)")
        #expect(lines.dropFirst() == ["runs"])
    }

    @Test("a kvm zone is asked for no datasets")
    func noDatasetsInKVM() throws {
        let zone = try prepare("hypervisor classic-qemu\nexec /usr/bin/bhyve\n")
        let commands = try StandIns(zone.scratch)
        try expect(start(zone, ["-p", "illumos", "-C", commands.directory]), equals: 0)
        try expect(commands.calls, equals: ["bhyve"])
    }

    @Test("a guest's reboot adds to init.log; what is not a file of its own there is replaced, and not written to")
    func appends() throws {
        let zone = try prepare("hypervisor bhyve\nexec /bin/echo\narg again\n")
        try expect(start(zone), equals: 0)
        try expect(start(zone), equals: 0)
        #expect(zone.said == "again\nagain\n")

        let outside = try zone.scratch.write("outside", "precious")
        let log = zone.root + "/tmp/init.log"
        for make in [
            { try FileManager.default.linkItem(atPath: outside, toPath: log) },
            { try FileManager.default.createSymbolicLink(atPath: log, withDestinationPath: outside) },
            { #expect(mkfifo(log, 0o600) == 0) },
        ] {
            try FileManager.default.removeItem(atPath: log)
            try make()
            try expect(start(zone), equals: 0)
            #expect(zone.said == "again\n")
            try expect(String(contentsOfFile: outside, encoding: .utf8), equals: "precious")
        }
    }

    @Test(
        "what the kernel hands on as the zone's boot arguments is skipped: it never ends with 0",
        arguments: [
            [], ["-s"], ["-h"], ["--help"], ["-V"], ["-m", "verbose"], ["-p"], ["-q", "-R", "/nowhere"], ["--", "x"],
        ])
    func bootArguments(_ arguments: [String]) throws {
        let zone = try prepare("")
        try FileManager.default.removeItem(atPath: zone.zonepath + "/hvm/launch")
        let system = ["/usr", "/lib", "/lib64", "/opt", Hooks.directory].flatMap { ["--ro-bind-try", $0, $0] }
        let outcome = try Hooks.run(
            program: "/usr/bin/bwrap",
            ["--bind", zone.root, "/"] + system
                + [
                    "--dev", "/dev", "--ro-bind", "/proc", "/proc", "--ro-bind", zone.zonepath + "/hvm", "/hvm",
                    "--setenv", "ILLUMOS_RUN_IN", "web", Hooks.directory + "/init",
                ] + arguments)
        #expect(outcome == Outcome(status: 255, output: "", errors: ""))
        let log = try #require(zone.read("tmp/init.log"), "\(outcome)")
        #expect(
            log.split(separator: "\n").first?.dropFirst(21)
                == "init: error: open /hvm/launch: No such file or directory")
    }

    @Test("with -R, wrong usage is 253", arguments: [["-q"], ["web"], ["-p", "plan9"]])
    func usage(_ arguments: [String]) throws {
        let outcome = try Hooks.run("init", ["-R", "/nowhere"] + arguments)
        #expect(outcome.status == 253)
        #expect(outcome.errors.contains("\nusage: init -R root"))
    }

    @Test("by hand, any argument without -R is wrong usage, which nothing is done for", arguments: ["-s", "web", "-p"])
    func outsideZone(_ argument: String) throws {
        let outcome = try Hooks.run("init", [argument, "linux"])
        #expect(outcome.status == 253)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains("\nusage: init -R root"))
    }

    @Test("by hand, -h prints the usage text", arguments: [["-h"], ["--help"], ["-R", "/nowhere", "-h"]])
    func help(_ arguments: [String]) throws {
        let outcome = try Hooks.run("init", arguments)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(outcome.output.hasPrefix("usage: init -R root"))
    }
}
