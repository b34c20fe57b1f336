import Foundation
import TestSupport
import Testing

/// What only the executables for illumos can show: how they are linked, what illumos-run refuses, and what the hooks do where
/// illumos is not like Linux.
@Suite(.enabled(if: Hooks.areForIllumos, "these hooks are not built for illumos"))
struct IllumosTests {
    private static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../.."
    /// The executables themselves lie above the programs that run them here.
    private static let directory = URL(fileURLWithPath: Hooks.directory).deletingLastPathComponent().path

    // MARK: How they are linked

    /// A change to an executable, by a shell command that gets its path as $1, and what is said of it then.
    struct Plant: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
        let says: [String]

        init(_ name: String, _ script: String, _ says: String...) {
            (testDescription, self.script, self.says) = (name, script, says)
        }

        static func patch(_ from: String, _ to: String) -> String { "LC_ALL=C sed -i 's!\(from)!\(to)!' \"$1\"" }

        static func byte(_ octal: String, at place: String) -> String {
            "printf '\\\(octal)' | dd of=\"$1\" bs=1 seek=$((\(place))) conv=notrunc status=none"
        }

        static let forbiddenSymbol = patch("posix_memalign", "posix_memalogn")
        static let otherLinker = patch("/lib/amd64/ld.so.1", "/lib/amd64/ld.so.2")
        /// R_X86_64_COPY.
        static let otherRelocation = byte(
            "005",
            at: "0x$(readelf -SW \"$1\" | sed -n 's/.* \\.rela\\.dyn *RELA *[0-9a-f]* \\([0-9a-f]*\\) .*/\\1/p') + 8")

        /// Makes a copy of `install` and changes it; returns its path.
        func make(in scratch: Scratch) throws -> String {
            let file = scratch.path + "/install"
            try FileManager.default.copyItem(atPath: IllumosTests.directory + "/install", toPath: file)
            let before = FileManager.default.contents(atPath: file)
            try expect(Hooks.run(program: "/bin/sh", ["-c", script, "sh", file]).status, equals: 0)
            #expect(FileManager.default.contents(atPath: file) != before)
            return file
        }
    }

    @Test(
        "what illumos would not run, or not as it is meant, is told by the check",
        arguments: [
            Plant(
                "forbidden symbol", Plant.forbiddenSymbol,
                "it needs posix_memalogn, which is not among the symbols of illumos that are used"),
            Plant(
                "another environment", Plant.patch("_environ", "_envirom"),
                "it needs _envirom, which is not among the symbols of illumos that are used",
                "_environ is not left to libc"),
            Plant(
                "another linker", Plant.otherLinker,
                "its runtime linker is /lib/amd64/ld.so.2, not /lib/amd64/ld.so.1"),
            Plant(
                "another library", Plant.patch("libc.so.1", "libc.so.9"), "it needs libc.so.9"),
            Plant(
                "another relocation", Plant.otherRelocation, "it has relocations of type R_X86_64_COPY"),
            Plant("another system", Plant.byte("003", at: "7"), "its system is UNIX - GNU, not UNIX - System V"),
            Plant(
                "a stack as it comes", Plant.patch("\\x48\\x83\\xe4\\xf0", "\\x90\\x90\\x90\\x90"),
                "the stack is not aligned before the first call"),
        ])
    func check(_ plant: Plant) throws {
        let scratch = try Scratch()
        let file = try plant.make(in: scratch)
        try expect(
            Hooks.run(program: Self.project + "/tools/illumos.d/check", [file]),
            equals: Outcome(status: 1, output: "", errors: plant.says.map { "check: \(file): \($0)\n" }.joined()))
    }

    @Test(
        "what illumos would refuse, illumos-run does, and says why",
        arguments: [
            Plant("forbidden symbol", Plant.forbiddenSymbol, "posix_memalogn is not played here"),
            Plant("another linker", Plant.otherLinker, "its runtime linker is not /lib/amd64/ld.so.1"),
            Plant("another relocation", Plant.otherRelocation, "relocation type 5"),
            Plant("another system", Plant.byte("003", at: "7"), "made for another system"),
            Plant(
                "an end that is not registered",
                Plant.patch("\\x74\\x08\\x48\\x89\\xd7", "\\xeb\\x08\\x48\\x89\\xd7"),
                "_start did not hand what was in %rdx to atexit()"),
            Plant(
                // O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK.
                "Linux' flags of open()", Plant.patch("\\x80\\x08\\x80\\x00", "\\x00\\x09\\x08\\x00"),
                "open: illumos has no flags 0x80000, or they are not played here"),
        ])
    func refused(_ plant: Plant) throws {
        let zone = try ScratchZone()
        let file = try plant.make(in: zone.scratch)
        let outcome = try Hooks.run(
            program: Self.directory + "/illumos-run", [file] + zone.arguments("install", "linux"),
            environment: zone.environment)
        #expect(
            outcome == Outcome(status: 128 + SIGABRT, output: "", errors: "illumos-run: install: \(plant.says[0])\n"))
    }

    // MARK: Calls that fail

    @Test(
        "whichever call fails at an install, nothing is left",
        arguments: [
            "openat:ENFILE", "mkdirat:EDQUOT", "symlinkat:EROFS", "fsync:EIO", "fchmod:EPERM", "renameat:ENOTEMPTY",
        ])
    func faults(_ fault: String) throws {
        let words = fault.split(separator: ":")
        var failures = 0
        for number in 1...20 {
            let zone = try ScratchZone()
            let outcome = try Hooks.run(
                "install", zone.arguments("install", "linux"),
                environment: zone.environment.merging(["ILLUMOS_RUN_FAULT": "\(words[0]):\(number):\(words[1])"]) { $1 }
            )
            guard outcome.status != 0 else { continue }
            failures += 1
            #expect(outcome.status == 254)
            #expect(outcome.errors.hasPrefix("zone web: error: "))
            try expect(ScratchZone.tree(zone.zonepath), equals: [])
        }
        #expect(failures > 0)
    }

    @Test(
        "a fault that cannot be is refused",
        arguments: [
            ("fsync:1", "ILLUMOS_RUN_FAULT=fsync:1 is not name:n:errno"),
            ("fsync:0:EIO", "ILLUMOS_RUN_FAULT=fsync:0:EIO is not name:n:errno"),
            ("fsync:1:EODD", "ILLUMOS_RUN_FAULT=fsync:1:EODD is not name:n:errno"),
            ("connect:1:EIO", "ILLUMOS_RUN_FAULT: the program does not use connect"),
            ("strlen:1:EIO", "ILLUMOS_RUN_FAULT: strlen cannot fail"),
        ])
    func noFault(_ fault: String, _ message: String) throws {
        try expect(
            Hooks.run("install", ["-h"], environment: ["ILLUMOS_RUN_FAULT": fault]),
            equals: Outcome(status: 128 + SIGABRT, output: "", errors: "illumos-run: install: \(message)\n"))
    }

    // MARK: Processes and zones

    @Test(
        "a process of another zone, or of another name, is not taken for the hypervisor",
        arguments: [("bhyve", "7"), ("bhyve", "0"), ("bhyve2", "1"), ("bhyv", "1")])
    func otherProcess(_ name: String, _ itsZone: String) throws {
        let zone = try ScratchZone()
        try zone.install()
        let other = try Background(["/bin/sleep", "600"], as: name, in: zone.scratch)
        defer { other.stop() }
        let commands = try StandIns(zone.scratch, ["pgrep": "echo \(other.process.processIdentifier)"])
        try expect(
            Hooks.run(
                "statechange", zone.arguments("statechange", "illumos", commands) + ["pre", "4", "4"],
                environment: zone.environment.merging(["ILLUMOS_RUN_ZONE": itsZone]) { $1 }),
            equals: Outcome(status: 0, output: "", errors: ""))
        #expect(other.process.isRunning)
        #expect(zone.log.contains("statechange: no hypervisor is running\n"))
    }

    @Test("nothing is sent to who listens on the monitor but is not in the zone", arguments: ["0", "7"])
    func strangersMonitor(_ itsZone: String) throws {
        let zone = try ScratchZone(brand: "kvm", body: #"<attr name="shutdown-timeout" type="string" value="0"/>"#)
        try zone.install()
        let monitor = zone.root + "/tmp/vm.monitor"
        let listener = try Background([
            "/usr/bin/python3", "-c",
            """
            import socket, sys
            s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(1)
            while True:
                c = s.accept()[0]
                try:
                    c.send(b'{"QMP": {}}\\r\\n')
                    if c.recv(1): open(sys.argv[1] + '.heard', 'w')
                except OSError: pass
                c.close()
            """, monitor,
        ])
        defer { listener.stop() }
        while QMP(monitor) == nil && listener.process.isRunning { usleep(5000) }
        let heard = monitor + ".heard"
        let forced = "zone web: warning: the guest could not be asked to power off and was forced off\n"
        for (zoneOfOthers, isHeard, said) in [(itsZone, false, ""), ("1", true, forced)] {
            try expect(
                Hooks.run(
                    "statechange", zone.arguments("statechange", "linux") + ["pre", "4", "4"],
                    environment: zone.environment.merging(["ILLUMOS_RUN_ZONE": zoneOfOthers]) { $1 }),
                equals: Outcome(status: 0, output: "", errors: said))
            #expect(FileManager.default.fileExists(atPath: heard) == isHeard)
            #expect(zone.log.contains("connect to \(monitor): Operation not permitted\n"))
        }
    }

    // MARK: The host

    @Test("HVM_RUN counts for nothing without stand-ins: locks are in /var/run")
    func runDirectory() throws {
        let zone = try ScratchZone()
        let arguments = zone.arguments("install", "linux").filter { !Hooks.withoutStandIns.contains($0) }
        let outcome = try Hooks.run(
            program: "/usr/bin/bwrap",
            [
                "--bind", "/", "/", "--dev", "/dev", "--tmpfs", "/run", "/bin/sh", "-c",
                "\"$@\" && ls /var/run/hvm-brand",
                "sh", Hooks.directory + "/install",
            ] + arguments, environment: zone.environment)
        #expect(outcome == Outcome(status: 0, output: "web.lock\n", errors: ""))
        try expect(FileManager.default.contentsOfDirectory(atPath: zone.scratch.path + "/run"), equals: [])
    }

    @Test(
        "without the privilege sys_config a hook says so, and does nothing",
        arguments: [
            ("install", []), ("boot", []), ("statechange", ["pre", "2", "0"]), ("uninstall", []), ("postclone", []),
        ])
    func unprivileged(_ hook: String, _ words: [String]) throws {
        let zone = try ScratchZone()
        if hook != "install" { try zone.install() }
        func tree() throws -> [String] { try ScratchZone.tree(zone.zonepath).filter { !$0.hasPrefix("log") } }
        let before = try tree()
        let arguments = zone.arguments(hook, "illumos").filter { !Hooks.withoutStandIns.contains($0) }
        let outcome = try Hooks.run(
            hook, arguments + words, environment: zone.environment.merging(["ILLUMOS_RUN_LACKS": "sys_config"]) { $1 })
        expect(
            outcome.errors,
            hasPrefix: """
                zone web: error: the privilege sys_config is missing, so nothing was done
                  run it as root; -t, -e and -j of boot, and verify, need no privilege

                """)
        expect(outcome.status, equals: hook == "install" ? 254 : 255)
        try expect(tree(), equals: before)
    }

    @Test(
        "the dataset of a zonepath is the one that the host's mount table has there last",
        arguments: [
            ("", false), ("rpool/zones\t/zones\tzfs\tdev=1\t1\nrpool/zones/web\tPATH\tzfs\tdev=2\t2\n", true),
            ("rpool/zones/web\tPATH/root\tzfs\tdev=2\t2\n", false), ("PATH\n\tPATH\n", false),
            ("rpool/zones/web\tPATH\tzfs\tdev=2\t2\n/x\tPATH\tlofs\tro\t3\n", false),
        ])
    func mountTable(_ table: String, _ isFound: Bool) throws {
        let zone = try ScratchZone()
        let file = try zone.scratch.write("mnttab", table.replacingOccurrences(of: "PATH", with: zone.zonepath))
        let arguments = zone.arguments("install", "illumos").filter { !Hooks.withoutStandIns.contains($0) }
        let outcome = try Hooks.run(
            program: "/usr/bin/bwrap",
            [
                "--bind", "/", "/", "--dev", "/dev", "--tmpfs", "/run", "--tmpfs", "/etc", "--ro-bind", file,
                "/etc/mnttab",
                Hooks.directory + "/install",
            ] + arguments, environment: zone.environment)
        let refusal = """
            zone web: error: no ZFS dataset is mounted at \(zone.zonepath)
              the directory above the zonepath must lie on ZFS

            """
        #expect(outcome == Outcome(status: isFound ? 0 : 254, output: "", errors: isFound ? "" : refusal))
    }

    @Test("a passed-through device that the host does not have is an error")
    func absentDevice() throws {
        let zone = try ScratchZone(body: #"<attr name="ppt5" type="string" value="on"/><device match="/dev/ppt5"/>"#)
        try expect(
            Hooks.run("boot", ["-t"] + zone.arguments("boot", "illumos")).errors,
            equals: """
                zone web: \(zone.xml):2: error: attr "ppt5": the host has no /dev/ppt5
                  pptadm list -a shows the devices that can be passed through; off leaves this one out

                """)
    }
}
