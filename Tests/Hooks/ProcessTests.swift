import Foundation
import TestSupport
import Testing

/// What a hook inherits from whoever starts it, what it hands on, and how it deals with processes that are not its own.
@Suite struct ProcessTests {
    private static let silence = Outcome(status: 0, output: "", errors: "")

    /// Runs a hook as the last words of a command.
    private func run(_ zone: ScratchZone, by command: [String], _ hook: String, _ arguments: [String]) throws -> Outcome
    {
        try Hooks.run(
            program: command[0], command.dropFirst() + [Hooks.directory + "/" + hook] + arguments,
            environment: zone.environment)
    }

    private func installed() throws -> ScratchZone {
        let zone = try ScratchZone()
        try zone.install()
        return zone
    }

    @Test("a hook that was started with SIGCHLD ignored can wait for its commands")
    func ignoredChildren() throws {
        let zone = try installed()
        let commands = try StandIns(zone.scratch, ["zoneadm": "echo '-:web:installed:/x:u:bhyve:excl'"])
        try expect(
            run(
                zone, by: ["/usr/bin/perl", "-e", "$SIG{CHLD} = 'IGNORE'; exec @ARGV"], "uninstall",
                zone.arguments("uninstall", "illumos", commands)), equals: Self.silence)
        #expect(!FileManager.default.fileExists(atPath: zone.zonepath))
    }

    @Test("closing what is not open is told, and under HVM_STRICT it ends the program", arguments: ["0", "1"])
    func strayClose(_ strict: String) throws {
        let zone = try installed()
        var environment = zone.environment
        environment["HVM_STRICT"] = strict
        let outcome = try Strace.run(
            "boot", zone.arguments("boot", "linux"), inject: "close:error=EBADF:when=1", on: zone.root,
            environment: environment)
        let told = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("hvm-brand: fault: descriptor ") }
        #expect(told.count == 1)
        #expect(told.allSatisfy { $0.hasSuffix(" is closed and was not open") })
        expect(outcome.status, equals: strict == "1" ? 128 + SIGABRT : 0)
    }

    @Test("no descriptor that a hook was started with reaches a command, or what init becomes")
    func inheritedDescriptors() throws {
        let zone = try installed()
        let secret = try zone.scratch.write("secret", "secret")
        let starter = ["/bin/bash", "-c", "exec 3<'\(secret)' 77<'\(secret)' && exec \"$@\"", "bash"]
        let list = "ls -l /proc/self/fd"
        try zone.writeLaunch("hypervisor modern-qemu\nexec /bin/sh\narg -c\narg \(list)\n")
        try expect(
            run(zone, by: zone.mounting + starter, "init", ["-R", zone.root, "-p", "linux"]), equals: Self.silence)
        let seen = try #require(zone.read("tmp/init.log"))
        #expect(seen.contains("/dev/null"))
        #expect(!seen.contains(secret))

        let report = zone.scratch.path + "/report"
        let commands = try StandIns(
            zone.scratch, ["zoneadm": "\(list) >'\(report)'; echo '-:web:installed:/x:u:bhyve:excl'"])
        try expect(
            run(zone, by: starter, "uninstall", zone.arguments("uninstall", "illumos", commands)), equals: Self.silence)
        let seenByCommand = try String(contentsOfFile: report, encoding: .utf8)
        #expect(seenByCommand.contains("/dev/null"))
        #expect(!seenByCommand.contains(secret))
    }

    @Test("what init becomes is ended by SIGPIPE, as programs are; a command as well")
    func brokenPipes() throws {
        let zone = try installed()
        let ignored = "grep SigIgn /proc/self/status"
        try zone.writeLaunch("hypervisor modern-qemu\nexec /bin/sh\narg -c\narg \(ignored)\n")
        try expect(zone.runInside("init", ["-p", "linux"]), equals: Self.silence)
        let hypervisors = try #require(zone.said?.split(separator: "\t").last)
        let pipe: UInt64 = 1 << (13 - 1)
        try expect(#require(UInt64(hypervisors.dropLast(), radix: 16)) & pipe, equals: 0)
    }

    @Test("a monitor that hangs up ends no hook")
    func monitorHangsUp() throws {
        let zone = try ScratchZone(brand: "kvm", body: #"<attr name="shutdown-timeout" type="string" value="0"/>"#)
        try zone.install()
        let monitor = zone.root + "/tmp/vm.monitor"
        let qemu = try Background(
            zone.inside([
                "/usr/bin/python3", "-c",
                """
                import socket
                s = socket.socket(socket.AF_UNIX); s.bind("/tmp/vm.monitor"); s.listen(1)
                while True: s.accept()[0].close()
                """,
            ]))
        wait(for: "QEMU to listen") { QMP(monitor) != nil || !qemu.process.isRunning }
        try expect(
            zone.run("statechange", ["pre", "4", "4"]),
            equals: Outcome(
                status: 0, output: "",
                errors: "zone web: warning: the guest could not be asked to power off and was forced off\n"))
        #expect(zone.log.contains("statechange: the guest cannot be asked to power off: write: Broken pipe\n"))
        defer { qemu.stop() }
        #expect(zone.log.contains("killing process \(qemu.process.processIdentifier)\n"))
    }

    /// The number of a process that has ended may mean another one, so it is not what a signal goes to.
    @Test("a hypervisor is signalled by what holds it, not by its number")
    func signals() throws {
        let zone = try installed()
        let bhyve = try Background.bhyve(in: zone.scratch, onButton: "exit 1")
        let commands = try StandIns(zone.scratch, ["pgrep": "echo \(bhyve.process.processIdentifier)"])
        try expect(
            Strace.run(
                "statechange", zone.arguments("statechange", "illumos", commands) + ["pre", "4", "4"],
                inject: "kill:error=EPERM", environment: zone.environment), equals: Self.silence)
        defer { bhyve.stop() }
        #expect(zone.log.contains("statechange: the guest powered off after 0 s\n"))
    }

    // MARK: Descriptors that cannot be had

    /// strace(1) that lets no one open /dev/null.
    private static let withoutNull = [
        "/usr/bin/strace", "-f", "-qq", "-o", "/dev/zero", "-P", "/dev/null", "-e", "inject=open,openat:error=ENFILE",
    ]

    @Test("a program without standard descriptors ends rather than work without", arguments: ["boot", "halt", "init"])
    func noDescriptors(_ hook: String) throws {
        let zone = try installed()
        let before = try ScratchZone.tree(zone.zonepath)
        let outcome = try run(
            zone, by: ["/bin/sh", "-c", "exec \"$@\" <&-", "sh"] + Self.withoutNull, hook,
            hook == "init" ? ["-R", zone.root, "-p", "linux"] : zone.arguments(hook, "linux"))
        #expect(outcome == Outcome(status: 255, output: "", errors: ""))
        try expect(ScratchZone.tree(zone.zonepath), equals: before)
    }

    @Test("init's log tells that there is no /dev/null")
    func noNull() throws {
        let zone = try installed()
        let outcome = try run(zone, by: Self.withoutNull, "init", ["-R", zone.root, "-p", "linux"])
        #expect(outcome == Outcome(status: 255, output: "", errors: ""))
        let log = try #require(zone.read("tmp/init.log"))
        #expect(log.dropFirst(21) == "init: error: open /dev/null: Too many open files in system\n")
    }

    @Test("what cannot be shown is a failure, unless nobody reads it", arguments: ["-t", "-e", "-j"])
    func fullOutput(_ mode: String) throws {
        let zone = try ScratchZone()
        let arguments = zone.arguments("boot", "illumos") + [mode]
        try expect(
            run(zone, by: ["/bin/sh", "-c", "exec \"$@\" >/dev/full", "sh"], "boot", arguments),
            equals: Outcome(status: 255, output: "", errors: "write to standard output: No space left on device\n"))
        try expect(
            run(
                zone, by: ["/bin/bash", "-c", "(sleep 0.2; exec \"$@\") | :; exit ${PIPESTATUS[0]}", "bash"], "boot",
                arguments), equals: Self.silence)
    }
}
