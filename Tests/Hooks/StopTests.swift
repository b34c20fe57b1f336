import Foundation
import TestSupport
import Testing

/// A process that a test started, killed when it goes out of use.
final class Background {
    let process = Process()

    convenience init(_ command: [String]) throws {
        self.init(unstarted: command)
        try process.start()
    }

    /// Starts a program that is known as another: by this name a hypervisor is told from other processes.
    convenience init(_ command: [String], as name: String, in scratch: Scratch) throws {
        let program = scratch.path + "/" + name
        try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: command[0])
        try self.init([program] + command.dropFirst())
    }

    /// What stands in for bhyve: it has come up when this returns, and takes SIGTERM, its power button, as told.
    static func bhyve(in scratch: Scratch, onButton: String) throws -> Background {
        let ready = scratch.path + "/ready"
        let bhyve = try Background(
            ["/bin/sh", "-c", "trap '\(onButton)' TERM; : >'\(ready)'; while :; do sleep 0.05; done"],
            as: "bhyve", in: scratch)
        wait(for: "the process to be ready") { FileManager.default.fileExists(atPath: ready) }
        return bhyve
    }

    init(unstarted command: [String]) {
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
    }

    /// Ends it. A test that needs it to the end defers this, which also keeps it alive so long.
    func stop() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// Waits until it has ended; records an issue, and ends it, when it does not.
    func waitForEnd(sourceLocation: SourceLocation = #_sourceLocation) {
        wait(for: "the process to end", sourceLocation: sourceLocation) { !process.isRunning }
        stop()
    }

    deinit { stop() }
}

@Suite struct StopTests {
    /// What stands in for bhyve, and for the commands that look for it.
    private func bhyve(_ zone: ScratchZone, onButton: String) throws -> (Background, StandIns) {
        let bhyve = try Background.bhyve(in: zone.scratch, onButton: onButton)
        let pid = bhyve.process.processIdentifier
        let commands = try StandIns(
            zone.scratch,
            ["pgrep": "echo \(pid)", "bhyvectl": "[ -e '\(zone.scratch.path)/obeys' ] && kill -KILL \(pid); true"])
        return (bhyve, commands)
    }

    private func halt(_ zone: ScratchZone, _ commands: StandIns) throws -> Outcome {
        try zone.run("statechange", ["pre", "4", "4"], platform: "illumos", commands: commands)
    }

    @Test("before a halt bhyve gets its power button, and its end is waited for")
    func graceful() throws {
        let zone = try ScratchZone()
        try zone.install()
        let (bhyve, commands) = try bhyve(zone, onButton: "sleep 0.2; exit 1")
        try expect(halt(zone, commands), equals: Outcome(status: 0, output: "", errors: ""))
        bhyve.waitForEnd()
        #expect(bhyve.process.terminationStatus == 1)
        try expect(commands.calls, equals: ["pgrep [-z] [web] [-x] [bhyve]"])
        let pid = bhyve.process.processIdentifier
        #expect(
            zone.log.contains("statechange: asking the guest to power off; waiting up to 60 s for process \(pid)\n"))
        #expect(zone.log.contains("statechange: the guest powered off after 0 s\n"))
    }

    @Test("a guest that ignores the button is forced off, each step noted", arguments: [true, false])
    func forced(_ obeysForce: Bool) throws {
        let zone = try ScratchZone(body: #"<attr name="shutdown-timeout" type="string" value="1"/>"#)
        try zone.install()
        if obeysForce { try zone.scratch.write("obeys", "") }
        let (bhyve, commands) = try bhyve(zone, onButton: ":")
        try expect(
            halt(zone, commands),
            equals: Outcome(
                status: 0, output: "",
                errors: "zone web: warning: the guest ignored the power button for 1 s and was forced off\n"))
        bhyve.waitForEnd()
        try expect(commands.calls, contains: "bhyvectl [--vm=web] [--force-poweroff]")
        #expect(zone.log.contains("the guest has ignored the request for 1 s\n"))
        #expect(zone.log.contains("forcing the machine off\n"))
        #expect(zone.log.contains("statechange: it has ended\n"))
        #expect(zone.log.contains("killing process \(bhyve.process.processIdentifier)\n") == !obeysForce)
    }

    @Test(
        "a halt goes through whatever is wrong",
        arguments: [
            ("no hypervisor", "no hypervisor is running"), ("no configuration", "no hypervisor is running"),
            (
                "pgrep fails",
                "cannot find out whether a hypervisor is running: pgrep -z web -x bhyve ends with status 2: no such zone"
            ),
            (
                "no process",
                "cannot find out whether a hypervisor is running: pgrep -z web -x bhyve ends with status 0: 1"
            ),
        ])
    func haltsAnyway(_ what: String, _ note: String) throws {
        let zone = try ScratchZone()
        try zone.install()
        if what == "no configuration" { try FileManager.default.removeItem(atPath: zone.xml) }
        let pgrep = ["pgrep fails": "echo 'no such zone' >&2; exit 2", "no process": "echo 1"]
        let commands = try StandIns(zone.scratch, ["pgrep": pgrep[what] ?? "exit 1"])
        try expect(halt(zone, commands), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(zone.log.contains("statechange: \(note)\n"))
        try expect(
            zone.run("halt", platform: "illumos", commands: commands),
            equals: Outcome(status: 0, output: "", errors: ""))
        try expect(commands.calls.last, equals: "bhyvectl [--destroy] [--vm=web]")
    }

    @Test(
        "a zone whose configuration cannot be read any more is halted as what it was booted as",
        arguments: ["classic-qemu", "bhyve"], ["long", "broken"])
    func haltsWhatWasBooted(_ hypervisor: String, _ fault: String) throws {
        let zone = try ScratchZone(brand: "kvm")
        try zone.install()
        try zone.writeLaunch("hypervisor \(hypervisor)\nexec /usr/bin/something\n")
        let long = (1...20_000).map { "x\($0)" }.joined(separator: ",")
        try zone.configure(
            brand: "kvm", body: fault == "long" ? "<attr name=\"vnc\" value=\"\(long)\"/>" : "<attr")
        let commands = try StandIns(zone.scratch, ["pgrep": "exit 1"])
        for (hook, arguments) in [
            ("statechange", ["pre", "4", "4"]), ("halt", []), ("statechange", ["post", "4", "4"]),
        ] {
            let outcome = try zone.run(hook, arguments, platform: "illumos", commands: commands)
            #expect(outcome == Outcome(status: 0, output: "", errors: ""), "\(hook) \(arguments)")
        }
        let name = hypervisor == "bhyve" ? "bhyve" : "qemu-system-x86"
        try expect(commands.calls.first, equals: "pgrep [-z] [web] [-x] [\(name)]")
        #expect(!zone.log.contains("x19999"))
        let refused = try zone.run("boot", platform: "illumos", commands: commands)
        #expect(refused.status == 255)
        #expect(fault != "long" || refused.errors.contains("attr \"vnc\": its value is longer than 8 KiB\n"))
    }

    @Test("commands that hang cost a halt one limit, not one each")
    func commandsHang() throws {
        let zone = try ScratchZone(
            body: ["a0", "b0", "c0"].map { "<network physical=\"\($0)\" global-nic=\"igb0\"/>" }.joined())
        try zone.install()
        let hang = "exec sleep 600"
        let commands = try StandIns(zone.scratch, ["pgrep": hang, "bhyvectl": hang, "dladm": hang])
        let silence = Outcome(status: 0, output: "", errors: "")
        expect(try halt(zone, commands), equals: silence)
        expect(try zone.run("halt", platform: "illumos", commands: commands), equals: silence)
        expect(
            try zone.run("statechange", ["post", "4", "4"], platform: "illumos", commands: commands), equals: silence)
        expect(
            try commands.calls,
            equals: [
                "pgrep [-z] [web] [-x] [bhyve]", "bhyvectl [--destroy] [--vm=web]",
                "dladm [show-vnic] [-p] [-o] [link] [a0]",
            ])
        let place = commands.directory
        expect(
            zone.log.split(separator: "\n").suffix(5).map {
                $0.dropFirst(21).replacing(/within [0-9]+ seconds?/, with: "in time")
            },
            equals: [
                "statechange: cannot find out whether a hypervisor is running: run \(place)/pgrep: it did not end in time",
                "halt: run \(place)/bhyvectl: it did not end in time",
                "statechange: VNIC a0 may be left: run \(place)/dladm: it did not end in time",
                "statechange: VNIC b0 may be left: run \(place)/dladm: no time is left for it",
                "statechange: VNIC c0 may be left: run \(place)/dladm: no time is left for it",
            ])
    }

    @Test("bhyve is found and asked even where the zone's root cannot be opened, and where words are odd")
    func withoutRoot() throws {
        let zone = try ScratchZone()
        let (bhyve, commands) = try bhyve(zone, onButton: "exit 1")
        try expect(
            zone.run("statechange", ["pre", "x", "4", "/a", "b"], platform: "illumos", commands: commands),
            equals: Outcome(status: 0, output: "", errors: ""))
        bhyve.waitForEnd()
        #expect(zone.log.contains("statechange: the guest powered off after 0 s\n"))
        #expect(
            zone.log.contains(
                "statechange: a change is: pre or post, a state and a command, both numbers, not pre x 4 /a b\n"))
    }

    @Test("every hypervisor of the zone is asked and waited for")
    func twoProcesses() throws {
        let zone = try ScratchZone()
        let other = try ScratchZone()
        let (first, _) = try bhyve(zone, onButton: "exit 1")
        let (second, _) = try bhyve(other, onButton: "sleep 0.3; exit 2")
        let pids = [first, second].map { String($0.process.processIdentifier) }
        let commands = try StandIns(zone.scratch, ["pgrep": "printf '\(pids.joined(separator: "\\n"))\\n'"])
        try expect(halt(zone, commands), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(zone.log.contains("waiting up to 60 s for process \(pids[0]) and \(pids[1])\n"))
        #expect(zone.log.contains("the guest powered off after 0 s\n"))
        for (process, status) in [(first, Int32(1)), (second, 2)] {
            process.waitForEnd()
            #expect(process.process.terminationStatus == status)
        }
    }

    @Test("a QEMU whose monitor is not there is told of at once at shutdown, and ended at a halt")
    func unreachable() throws {
        let zone = try ScratchZone(brand: "kvm")
        try zone.install()
        try zone.writeLaunch("hypervisor classic-qemu\nexec /usr/bin/qemu-system-x86_64\n")
        let qemu = try Background(["/bin/sleep", "600"], as: "qemu-system-x86_64", in: zone.scratch)
        let commands = try StandIns(zone.scratch, ["pgrep": "echo \(qemu.process.processIdentifier)"])
        let reason =
            "the guest cannot be asked to power off: connect to \(zone.root)/tmp/vm.monitor: No such file or directory"
        try expect(
            zone.runInside("shutdown", ["-p", "illumos", "-C", commands.directory, "web"]),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: error: \(reason)
                      shut it down from inside, or end it: zoneadm -z web halt

                    """))
        #expect(qemu.process.isRunning)
        try expect(
            halt(zone, commands),
            equals: Outcome(
                status: 0, output: "",
                errors: "zone web: warning: the guest could not be asked to power off and was forced off\n"))
        qemu.waitForEnd()
        #expect(qemu.process.terminationReason == .uncaughtSignal)
        try expect(commands.calls, equals: Array(repeating: "pgrep [-z] [web] [-x] [qemu-system-x86]", count: 2))
        for line in [reason, "forcing the machine off", "it has ended"] {
            #expect(zone.log.contains("statechange: \(line)\n"))
        }
    }

    @Test(
        "a shutdown that asks nobody is an error, in init.log too",
        arguments: [
            ("exit 1", "no hypervisor is running in the zone"),
            (
                "echo oops >&2; exit 3",
                "cannot find out whether a hypervisor is running: pgrep -z web -x bhyve ends with status 3: oops"
            ),
        ])
    func askedNobody(_ pgrep: String, _ message: String) throws {
        let zone = try ScratchZone()
        try zone.install()
        try zone.writeLaunch("hypervisor bhyve\nexec /usr/sbin/bhyve\n")
        try zone.scratch.write("zones/web/root/tmp/init.log", "bhyve's words\n")
        let commands = try StandIns(zone.scratch, ["pgrep": pgrep])
        try expect(
            zone.runInside("shutdown", ["-p", "illumos", "-C", commands.directory, "web"]),
            equals: Outcome(
                status: 255, output: "",
                errors: "zone web: error: \(message)\n  end it: zoneadm -z web halt\n"))
        let log = try #require(zone.read("tmp/init.log"))
        #expect(log.hasPrefix("bhyve's words\n"))
        #expect(log.hasSuffix("Z shutdown: failed: \(message)\n"))
    }

    @Test("on the way down a lock that another hook holds is waited for only a little")
    func locked() throws {
        let zone = try ScratchZone()
        try zone.install()
        let holder = try zone.holdLock()
        defer { holder.stop() }
        let commands = try StandIns(zone.scratch, ["pgrep": "exit 1"])
        try expect(halt(zone, commands), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(
            zone.log.contains(
                "statechange: going on without the zone's lock: another hook has worked on the zone for more than 3 s\n"
            ))
        #expect(zone.log.contains("statechange: no hypervisor is running\n"))
    }

    @Test("at a halt one path that is bad does not keep the others")
    func badPath() throws {
        let zone = try ScratchZone(
            body: #"<attr name="console" type="string" value="socket,/etc/passwd/com1"/>"#)
        try zone.install()
        try zone.scratch.write("zones/web/root/tmp/vm.pid", "17")
        try expect(zone.run("halt"), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(zone.read("tmp/vm.pid") == nil)
        #expect(zone.log.contains("halt: open \(zone.root)/etc/passwd/com1: Not a directory\n"))
    }

    @Test("a VM of a zone that is known to be no bhyve zone is not looked for")
    func kvmInstance() throws {
        let zone = try ScratchZone(brand: "kvm")
        try zone.install()
        let commands = try StandIns(zone.scratch)
        try expect(zone.run("halt", platform: "illumos", commands: commands).status, equals: 0)
        try expect(commands.calls, equals: [])
    }

    @Test("at shutdown, inside the zone, a guest that ignores the button is told of and left alone")
    func shutdown() throws {
        let zone = try ScratchZone()
        try zone.install()
        try zone.writeLaunch("hypervisor bhyve\nexec /usr/sbin/bhyve\nshutdown-timeout 1\n")
        let (bhyve, commands) = try bhyve(zone, onButton: ":")
        let arguments = ["-p", "illumos", "-C", commands.directory, "web"]
        try expect(
            zone.runInside("shutdown", arguments),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: error: the guest has ignored the request to power off for 1 s
                      shut it down from inside, or end it: zoneadm -z web halt

                    """))
        #expect(bhyve.process.isRunning)
        let lines = zone.read("tmp/init.log")?.split(separator: "\n").map { String($0.dropFirst(21)) }
        #expect(
            lines == [
                "shutdown: asking the guest to power off; waiting up to 1 s for process \(bhyve.process.processIdentifier)",
                "shutdown: the guest has ignored the request for 1 s",
                "shutdown: failed: the guest has ignored the request to power off for 1 s",
            ])

        let obeying = try ScratchZone()
        let (other, otherCommands) = try self.bhyve(obeying, onButton: "exit 1")
        let outcome = try zone.runInside(
            "shutdown", ["-p", "illumos", "-C", otherCommands.directory, "web"])
        #expect(outcome == Outcome(status: 0, output: "", errors: ""))
        other.waitForEnd()
    }

    /// The real QEMU, without anything that could hear a power button, in the zone or beside it.
    private func qemu(_ zone: ScratchZone, inside: Bool) throws -> Background {
        let monitor = zone.root + "/tmp/vm.monitor"
        let command = [
            "/usr/bin/qemu-system-x86_64", "-nodefaults", "-display", "none", "-accel", "tcg", "-S", "-qmp",
            "unix:\(inside ? "/tmp/vm.monitor" : monitor),server=on,wait=off",
        ]
        let qemu = try Background(inside ? zone.inside(command) : command)
        wait(for: "QEMU to listen") { QMP(monitor) != nil || !qemu.process.isRunning }
        return qemu
    }

    /// Linux before 6.5 cannot be asked for the very process that listens.
    private static let olderLinux = "getsockopt:error=ENOPROTOOPT:when=1"
    private static let isOlder = Hooks.areForIllumos ? [false] : [false, true]

    /// Before a halt, perhaps on an older Linux.
    private func halt(_ zone: ScratchZone, older: Bool) throws -> Outcome {
        let arguments = zone.arguments("statechange", "linux") + ["pre", "4", "4"]
        guard older else { return try Hooks.run("statechange", arguments, environment: zone.environment) }
        return try Strace.run("statechange", arguments, inject: Self.olderLinux, environment: zone.environment)
    }

    @Test(
        "QEMU on Linux is found by who listens on its monitor, asked, and told to quit", arguments: [true, false],
        isOlder)
    func modernQEMU(_ answers: Bool, _ older: Bool) throws {
        let zone = try ScratchZone(brand: "kvm", body: #"<attr name="shutdown-timeout" type="string" value="1"/>"#)
        try zone.install()
        let qemu = try qemu(zone, inside: true)
        let pid = qemu.process.processIdentifier
        if !answers { kill(pid, SIGSTOP) }
        try expect(
            halt(zone, older: older),
            equals: Outcome(
                status: 0, output: "",
                errors: "zone web: warning: the guest ignored the power button for 1 s and was forced off\n"))
        qemu.waitForEnd()
        #expect(qemu.process.terminationReason == (answers ? .exit : .uncaughtSignal))
        #expect(zone.log.contains("waiting up to 1 s for process \(pid)\n"))
        #expect(zone.log.contains("killing process \(pid)\n") == !answers)
    }

    @Test(
        "on an older Linux, who listens outside the zone's root is left alone",
        .enabled(if: !Hooks.areForIllumos, "that is Linux alone"))
    func notInTheZone() throws {
        let zone = try ScratchZone(brand: "kvm")
        try zone.install()
        let qemu = try qemu(zone, inside: false)
        defer { qemu.stop() }
        try expect(halt(zone, older: true), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(qemu.process.isRunning)
        #expect(
            zone.log.contains(
                "cannot find out whether a hypervisor is running: find who listens: process \(qemu.process.processIdentifier) is not in the zone\n"
            ))
    }

    /// The number of who listened once is given to another process, as happens by itself on a busy host.
    @Test(
        "a process that has the number of a hypervisor that ended is left alone",
        .enabled(if: !Hooks.areForIllumos, "illumos-run plays every process as one of the zone"), arguments: isOlder)
    func reusedNumber(_ older: Bool) throws {
        let zone = try ScratchZone(brand: "kvm", body: #"<attr name="shutdown-timeout" type="string" value="0"/>"#)
        try zone.install()
        let strace = ["/usr/bin/strace", "-qq", "-o", "/dev/null", "-e", "inject=" + Self.olderLinux]
        let hook = [Hooks.directory + "/statechange"] + zone.arguments("statechange", "linux") + ["pre", "4", "4"]
        let outcome = try Hooks.run(
            program: "/usr/bin/unshare",
            [
                "-Urpf", "--mount-proc", "--kill-child", "/usr/bin/python3", "-c",
                """
                import os, socket, subprocess, sys, time
                read, write = os.pipe()
                listener = os.fork()
                if listener == 0:
                    server = socket.socket(socket.AF_UNIX)
                    server.bind(sys.argv[1])
                    server.listen(8)
                    if os.fork() == 0:  # goes on with the socket
                        os.write(write, b"x")
                        time.sleep(600)
                    os._exit(0)
                os.read(read, 1)
                os.waitpid(listener, 0)
                with open("/proc/sys/kernel/ns_last_pid", "w") as last:
                    last.write(str(listener - 1))
                other = subprocess.Popen(["/bin/sleep", "600"])
                assert other.pid == listener
                hook = subprocess.run(sys.argv[2:])
                time.sleep(0.1)
                print(hook.returncode, other.poll())
                other.kill()
                """, zone.root + "/tmp/vm.monitor",
            ] + (older ? strace : []) + hook, environment: zone.environment)
        #expect(outcome == Outcome(status: 0, output: "0 None\n", errors: ""))
    }

    @Test("halt removes sockets and the pid file, and nothing else; a second time changes nothing")
    func leftovers() throws {
        let zone = try ScratchZone(
            body: """
                <attr name="vnc" type="string" value="unix=/tmp/screen"/><attr name="console" type="string" value="socket,/tmp/com1"/>
                <attr name="com2" type="string" value="socket,/tmp/com2"/>
                """)
        try zone.install()
        for name in ["vm.vnc", "vm.monitor", "vm.qmp", "screen", "com1", "other"] {
            let made = try Hooks.run(
                program: "/usr/bin/python3",
                [
                    "-c", "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])",
                    zone.root + "/tmp/" + name,
                ])
            #expect(made.status == 0)
        }
        try zone.scratch.write("zones/web/root/tmp/com2", "no socket")
        try zone.scratch.write("zones/web/root/tmp/vm.pid", "17")
        try zone.scratch.write("zones/web/root/tmp/init.log", "log")
        let commands = try StandIns(zone.scratch, ["bhyvectl": "echo 'no such VM' >&2; exit 1"])
        for _ in 1...2 {
            try expect(
                zone.run("halt", platform: "illumos", commands: commands),
                equals: Outcome(status: 0, output: "", errors: ""))
            try expect(
                FileManager.default.contentsOfDirectory(atPath: zone.root + "/tmp").sorted(),
                equals: [
                    "com2", "init.log", "other",
                ])
        }
        try expect(commands.calls, equals: Array(repeating: "bhyvectl [--destroy] [--vm=web]", count: 2))
    }

    @Test("a VM that is to persist is not destroyed")
    func persists() throws {
        let zone = try ScratchZone(body: #"<attr name="debug.persist" type="string" value="on"/>"#)
        try zone.install()
        let commands = try StandIns(zone.scratch)
        try expect(zone.run("halt", platform: "illumos", commands: commands).status, equals: 0)
        try expect(commands.calls, equals: [])
    }

    @Test("hooks work with descriptors 0 and 2 closed, as zoneadmd starts them, and what they say arrives on 1")
    func closedDescriptors() throws {
        let zone = try ScratchZone()
        try zone.install()
        try FileManager.default.removeItem(atPath: zone.xml)
        let boot = try Hooks.run(
            program: "/bin/sh",
            ["-c", "exec \"$@\" 2>&1 <&- 2>&-", "sh", Hooks.directory + "/boot"] + zone.arguments("boot", "linux"),
            environment: zone.environment)
        #expect(boot == Outcome(status: 255, output: "", errors: ""))
        let words = zone.arguments("boot", "linux").joined(separator: " ")
        let asConfigured = try Hooks.run(
            program: "/bin/sh",
            ["-c", "exec <&- 2>&-; exec sh -c 'exec \(Hooks.directory)/boot \(words) 2>&1'"],
            environment: zone.environment)
        #expect(asConfigured.status == 255)
        #expect(asConfigured.errors == "")
        #expect(asConfigured.output.hasPrefix("zone web: \(zone.xml): error: there is no such file\n"))
    }
}

extension ScratchZone {
    /// The command that runs another one with the zone's root for its own, as a process in the zone: whoever starts it knows
    /// its number.
    func inside(_ command: [String]) -> [String] {
        let script = """
            for place in usr usr/lib:lib usr/lib64:lib64 dev; do
                mkdir -p "$0/${place#*:}" && mount --rbind "/${place%:*}" "$0/${place#*:}" || exit
            done
            exec chroot "$0" "$@"
            """
        return ["/usr/bin/unshare", "-Urm", "/bin/sh", "-c", script, root] + command
    }

    /// Another process that has the zone's lock until it is stopped.
    func holdLock() throws -> Background {
        let lock = try scratch.write("run/hvm-brand/" + name + ".lock", "")
        let holder = try Background([
            "/usr/bin/python3", "-c",
            """
            import fcntl, sys, time
            f = open(sys.argv[1], 'w'); fcntl.lockf(f, fcntl.LOCK_EX); open(sys.argv[1] + '.held', 'w'); time.sleep(600)
            """, lock,
        ])
        wait(for: "the process to be ready") {
            FileManager.default.fileExists(atPath: lock + ".held") || !holder.process.isRunning
        }
        return holder
    }
}
