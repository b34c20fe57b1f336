import Foundation
import TestSupport
import Testing

/// What is odd about the host's own files, limits and signals neither holds a hook nor is passed on.
@Suite struct HostFaultTests {
    private static let silence = Outcome(status: 0, output: "", errors: "")

    private func installed(_ body: String = "") throws -> ScratchZone {
        let zone = try ScratchZone(body: body)
        try zone.install()
        return zone
    }

    @Test("a log that is something else is replaced and not written to", arguments: ["fifo", "link", "hard link"])
    func log(_ trap: String) throws {
        let zone = try installed()
        let outside = try zone.scratch.write("outside", "precious")
        let log = zone.zonepath + "/log/zone.log"
        try FileManager.default.removeItem(atPath: log)
        switch trap {
        case "fifo": try #require(mkfifo(log, 0o600) == 0)
        case "link": try FileManager.default.createSymbolicLink(atPath: log, withDestinationPath: outside)
        default: try FileManager.default.linkItem(atPath: outside, toPath: log)
        }
        try expect(zone.run("boot"), equals: Self.silence)
        #expect(zone.log.contains("boot: ready to start: "))
        try expect(String(contentsOfFile: outside, encoding: .utf8), equals: "precious")
    }

    @Test("a log's directory that is a link or a file stops nothing, and nothing is written through it")
    func logDirectory() throws {
        let zone = try installed()
        let directory = zone.zonepath + "/log"
        try zone.scratch.write("outside/file", "")
        for make in [
            {
                try FileManager.default.createSymbolicLink(
                    atPath: directory, withDestinationPath: zone.scratch.path + "/outside")
            },
            { _ = try zone.scratch.write("zones/web/log", "file") },
        ] {
            try FileManager.default.removeItem(atPath: directory)
            try make()
            try expect(zone.run("boot"), equals: Self.silence)
            try expect(
                FileManager.default.contentsOfDirectory(atPath: zone.scratch.path + "/outside"), equals: ["file"])
        }
    }

    @Test("a file that may not grow is an error like any other")
    func fileSizeLimit() throws {
        let zone = try installed(#"<attr name="bootrom" type="string" value="BHYVE_RELEASE"/>"#)
        let commands = try StandIns(zone.scratch, ["bhyve": BootForRealTests.acceptingBhyve])
        try zone.scratch.write("firmware/BHYVE_VARS.fd", String(repeating: "x", count: 64 << 10))
        let boot = [Hooks.directory + "/boot"] + zone.arguments("boot", "illumos", commands)
        let outcome = try Hooks.run(
            program: "/bin/bash", ["-c", "ulimit -f 16 && exec \"$@\"", "bash"] + boot, environment: zone.environment)
        expect(outcome.status, equals: 255)
        #expect(outcome.errors.hasPrefix("zone web: error: write \(zone.root)/etc/uefivars: File too large\n"))
        #expect(zone.launch == nil)
    }

    @Test("a bhyve that says nothing, or very much, is told of, and the log stays readable")
    func bhyvesWords() throws {
        let zone = try installed()
        let killed = try StandIns(zone.scratch, ["bhyve": "kill -9 $$"])
        let outcome = try zone.run("boot", platform: "illumos", commands: killed)
        #expect(
            outcome.errors.hasPrefix(
                "zone web: error: bhyve refuses the machine: it says nothing, and ends with status 137\n"))
        let talkative = try StandIns(zone.scratch, ["bhyve": "head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 4"])
        try expect(zone.run("boot", platform: "illumos", commands: talkative).status, equals: 255)
        #expect(zone.log.utf8.count < 20_000)
        #expect(zone.log.contains("xxx…\n"))
    }

    @Test("what is not a regular file is not opened")
    func notOpened() throws {
        let zone = try installed()
        let trace = zone.scratch.path + "/trace"
        try FileManager.default.removeItem(atPath: zone.root + "/etc/uuid")
        try #require(mkfifo(zone.root + "/etc/uuid", 0o600) == 0)
        let outcome = try Hooks.run(
            program: "/usr/bin/strace",
            ["-qq", "-o", trace, "-e", "trace=open,openat", Hooks.directory + "/boot"]
                + zone.arguments("boot", "linux"), environment: zone.environment)
        #expect(outcome.errors.contains("\(zone.root)/etc/uuid: it is not a regular file"))
        let opened = try String(contentsOfFile: trace, encoding: .utf8)
        #expect(opened.contains("\"etc\""))
        #expect(!opened.contains("\"uuid\""))
    }

    @Test("locks are kept in no directory that another user could have made", arguments: ["link", "writable", "file"])
    func runDirectory(_ what: String) throws {
        let zone = try installed()
        let directory = zone.scratch.path + "/run/hvm-brand"
        try FileManager.default.removeItem(atPath: directory)
        try zone.scratch.write("outside/file", "")
        switch what {
        case "link":
            try FileManager.default.createSymbolicLink(
                atPath: directory, withDestinationPath: zone.scratch.path + "/outside")
        case "writable": try #require(mkdir(directory, 0o700) == 0 && chmod(directory, 0o777) == 0)
        default: try zone.scratch.write("run/hvm-brand", "")
        }
        let outcome = try zone.run("boot")
        expect(outcome.status, equals: 255)
        #expect(
            outcome.errors.hasPrefix("zone web: error: use \(directory): it is not a directory of this user's alone\n"))
        try expect(FileManager.default.contentsOfDirectory(atPath: zone.scratch.path + "/outside"), equals: ["file"])
    }

    @Test(
        "HVM_RUN names no directory that another user decides about",
        arguments: ["link", "below a link", "writable", "file", "relative"] + (geteuid() == 0 ? ["another user's"] : [])
    )
    func runDirectoryOfOthers(_ what: String) throws {
        let zone = try installed()
        let (place, run) = (zone.scratch.path + "/place", zone.scratch.path + "/place/run")
        try zone.scratch.write("elsewhere/run/file", "")
        let elsewhere = zone.scratch.path + "/elsewhere"
        var (named, reason) = (run, "")
        switch what {
        case "link":
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: run, withDestinationPath: elsewhere + "/run")
            reason = "\(run) is not a directory"
        case "below a link":
            try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: elsewhere)
            reason = "\(place) is not a directory"
        case "writable":
            try zone.scratch.write("place/run/file", "")
            try #require(chmod(place, 0o777) == 0)
            reason = "\(place) can be changed by everybody"
        case "another user's":
            try zone.scratch.write("place/run/file", "")
            try #require(chown(run, 65534, 65534) == 0)
            reason = "\(run) is another user's"
        case "file":
            try zone.scratch.write("place/run", "")
            reason = "\(run) is not a directory"
        default: (named, reason) = ("run", "it is not an absolute path")
        }
        let before = try ScratchZone.tree(zone.scratch.path)
        let outcome = try Hooks.run("boot", zone.arguments("boot", "linux"), environment: ["HVM_RUN": named])
        expect(
            outcome.errors.split(separator: "\n").prefix(2).joined(separator: "\n"),
            equals: """
                zone web: error: use \(named): \(reason)
                  let HVM_RUN name a directory of your own
                """)
        expect(outcome.status, equals: 255)
        try expect(
            ScratchZone.tree(zone.scratch.path).filter { !$0.contains("zone.log") },
            equals: before.filter { !$0.contains("zone.log") })
        // Nothing holds a zone on its way down.
        let halt = try Hooks.run("halt", zone.arguments("halt", "linux"), environment: ["HVM_RUN": named])
        expect(halt, equals: Self.silence)
    }

    @Test("a zonepath that is a link is not uninstalled: what it leads to would stay")
    func linkedZonepath() throws {
        let zone = try installed()
        let elsewhere = zone.scratch.path + "/elsewhere"
        try FileManager.default.moveItem(atPath: zone.zonepath, toPath: elsewhere)
        try FileManager.default.createSymbolicLink(atPath: zone.zonepath, withDestinationPath: elsewhere)
        let before = try ScratchZone.tree(elsewhere)
        try expect(
            zone.run("uninstall"),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: error: \(zone.zonepath) is a link, and nothing was removed
                      remove what it leads to by hand, then the link, then run it again

                    """))
        try expect(ScratchZone.tree(elsewhere), equals: before)
    }

    @Test("no signal that the hook was started with ignored or blocked is so in what init becomes")
    func signals() throws {
        let zone = try installed()
        let list = "grep -E '^Sig(Ign|Blk)' /proc/self/status"
        try zone.writeLaunch("hypervisor modern-qemu\nexec /bin/sh\narg -c\narg \(list)\n")
        let ignoring = """
            use POSIX; $SIG{$_} = 'IGNORE' for qw(HUP INT QUIT TERM USR1 PIPE XFSZ);
            sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGTERM, SIGHUP)); exec @ARGV
            """
        let command =
            zone.mounting + [
                "/usr/bin/perl", "-e", ignoring, Hooks.directory + "/init", "-R", zone.root, "-p", "linux",
            ]
        try expect(Hooks.run(program: command[0], Array(command.dropFirst())), equals: Self.silence)
        // Two signals above these are the C library's own.
        let masks = try #require(zone.said).split(separator: "\n").map { line in
            line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }.map { $0 & 0x7fff_ffff }
        }
        #expect(masks == [0, 0])
    }
}
