import Foundation
import TestSupport
import Testing

/// The zone root is hostile: each file and each directory a hook touches is replaced by a link to the outside, a fifo or a
/// directory. Nothing outside changes, and where a hook fails it names the path.
@Suite struct HostileRootTests {
    enum Trap: String, CaseIterable, Sendable {
        case link, danglingLink, fifo, directory
    }

    /// The files that hooks touch below the root, with what they remove there.
    static let files = [
        "etc/launch", "etc/qemu.secret", "etc/bhyve.cfg", "etc/uefivars", "etc/uuid", "etc/qemu.env", "tmp/init.log",
        "tmp/vm.pid", "tmp/vm.monitor",
    ]
    static let directories = ["etc", "tmp"]

    private func prepare() throws -> (zone: ScratchZone, outside: String) {
        let zone = try ScratchZone(
            body: """
                <attr name="bootrom" type="string" value="BHYVE_RELEASE"/>
                <attr name="vnc" type="string" value="on,password=s3cret"/>
                """)
        try zone.install()
        try expect(zone.run("statechange", ["pre", "2", "0"]), equals: Self.silence)
        for name in [
            "launch", "qemu.secret", "bhyve.cfg", "uefivars", "uuid", "qemu.env", "init.log", "vm.vnc", "vm.pid",
            "vm.monitor",
        ] {
            try zone.scratch.write("outside/" + name, "exec /bin/false\n")
        }
        return (zone, zone.scratch.path + "/outside")
    }

    private static let silence = Outcome(status: 0, output: "", errors: "")

    static func set(_ trap: Trap, at path: String, outside: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        switch trap {
        case .link: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: outside)
        case .danglingLink:
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: outside + ".made")
        case .fifo: #expect(mkfifo(path, 0o600) == 0)
        case .directory:
            try FileManager.default.createDirectory(atPath: path + "/inner", withIntermediateDirectories: true)
        }
    }

    /// Boots the zone; either it says nothing, or it fails and names the path.
    private func boot(_ zone: ScratchZone, failsAt path: String?) throws {
        let outcome = try zone.run("boot")
        if let path {
            #expect(outcome.status == 255)
            #expect(outcome.errors.contains(zone.root + "/" + path), "\(outcome.errors)")
        } else {
            #expect(outcome == Self.silence)
        }
    }

    /// What init starts is out of the zone's reach, so it runs unless its log cannot be had.
    private func start(_ zone: ScratchZone, hasLog: Bool) throws {
        try zone.writeLaunch("hypervisor modern-qemu\nexec /bin/echo\narg runs\n")
        let outcome = try zone.runInside("init", ["-p", "linux"])
        #expect(outcome.status == (hasLog ? 0 : 255))
        #expect(outcome.output == "")
        #expect(zone.said?.hasSuffix("runs\n") ?? false == hasLog)
    }

    /// Shuts the zone down from inside, and halts it, while no hypervisor runs.
    private func stop(_ zone: ScratchZone, isUnknown: Bool) throws {
        let outcome = try zone.runInside("shutdown", ["-p", "linux", "web"])
        #expect(outcome.status == 255)
        let words =
            isUnknown
            ? "cannot find out whether a hypervisor is running: open \(zone.root)/tmp/vm.monitor: "
            : "no hypervisor is running in the zone\n"
        #expect(outcome.errors.hasPrefix("zone web: error: \(words)"), "\(outcome.errors)")
        try expect(zone.run("statechange", ["pre", "4", "4"]), equals: Self.silence)
        try expect(zone.run("halt"), equals: Self.silence)
        try expect(zone.run("statechange", ["post", "4", "4"]), equals: Self.silence)
    }

    @Test("a file that is a trap", arguments: files, Trap.allCases)
    func file(_ file: String, _ trap: Trap) throws {
        let (zone, outside) = try prepare()
        let before = try ScratchZone.tree(outside)
        let path = zone.root + "/" + file
        func setAgain() throws {
            try Self.set(trap, at: path, outside: outside + "/" + (file as NSString).lastPathComponent)
        }
        try setAgain()
        let isLogDirectory = file == "tmp/init.log" && trap == .directory
        let isNeeded = ["etc/uefivars", "etc/uuid"].contains(file)
        try boot(zone, failsAt: isNeeded || isLogDirectory ? file : nil)
        try setAgain()
        try start(zone, hasLog: !isLogDirectory)
        try setAgain()
        try stop(zone, isUnknown: false)
        try expect(ScratchZone.tree(outside), equals: before)
        // Halting removes nothing but what a hypervisor leaves.
        try expect(FileManager.default.attributesOfItem(atPath: path).isEmpty, equals: false)
    }

    @Test("a directory that is a trap", arguments: directories, Trap.allCases)
    func directory(_ directory: String, _ trap: Trap) throws {
        let (zone, outside) = try prepare()
        let before = try ScratchZone.tree(outside)
        try Self.set(trap, at: zone.root + "/" + directory, outside: outside)
        try boot(zone, failsAt: trap == .directory ? nil : directory)
        let hasLog = directory != "tmp" || trap == .directory
        try start(zone, hasLog: hasLog)
        try stop(zone, isUnknown: !hasLog)
        try expect(ScratchZone.tree(outside), equals: before)
    }

    @Test("what is where the UEFI variables should is named for what it is")
    func variables() throws {
        let (zone, _) = try prepare()
        try Self.set(.fifo, at: zone.root + "/etc/uefivars", outside: "")
        try expect(
            zone.run("boot").errors.replacingOccurrences(of: zone.nothingToBoot, with: ""),
            hasPrefix: """
                zone web: error: use \(zone.root)/etc/uefivars: it is not a regular file
                  remove what is there, or set uefivars=off

                """)
    }

    @Test("a monitor that is a link to a socket outside is not talked to")
    func monitor() throws {
        let (zone, outside) = try prepare()
        let monitor = outside + "/monitor"
        let listener = try Background([
            "/usr/bin/python3", "-c",
            """
            import socket, sys
            s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(1); s.accept(); open(sys.argv[1] + '.hit', 'w')
            """, monitor,
        ])
        wait(for: "the process to be ready") {
            FileManager.default.fileExists(atPath: monitor) || !listener.process.isRunning
        }
        try FileManager.default.createSymbolicLink(atPath: zone.root + "/tmp/vm.monitor", withDestinationPath: monitor)
        try zone.configure(brand: "kvm", body: "")
        try expect(zone.run("statechange", ["pre", "4", "4"]).status, equals: 0)
        #expect(listener.process.isRunning)
        #expect(!FileManager.default.fileExists(atPath: monitor + ".hit"))
        #expect(zone.log.contains("no hypervisor is running"))
    }

    @Test(
        "what is mounted below a zonepath outlives it, also when it is of the same file system",
        arguments: [
            ("root/mnt", "outside", "root/mnt: something is mounted there"),
            ("root/tmp/mnt", "outside", "root/tmp/mnt: something is mounted there"),
            ("root/etc/uuid", "outside/launch", "root/etc/uuid: Device or resource busy"),
            (
                "root" + String(repeating: "/d", count: 70), "outside",
                ".removed.INODE/d/d/d/d/d/d/d: something is mounted there"
            ),
        ])
    func mounted(_ place: String, _ source: String, _ failure: String) throws {
        let (zone, outside) = try prepare()
        try zone.scratch.write("outside/inner/precious", "precious")
        let before = try ScratchZone.tree(outside)
        let path = zone.zonepath + "/" + place
        if !source.hasSuffix("launch") {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        let outcome = try Hooks.run(
            program: "/usr/bin/unshare",
            [
                "-Urm", "sh", "-c", "mount --bind \"$1\" \"$2\" && shift 2 && exec \"$@\"", "sh",
                zone.scratch.path + "/" + source, path, Hooks.directory + "/uninstall",
            ] + zone.arguments("uninstall", "linux"), environment: zone.environment)
        try expect(ScratchZone.tree(outside), equals: before)
        #expect(
            Outcome(
                status: outcome.status, output: outcome.output,
                errors: outcome.errors.replacing(/\.removed\.[0-9]+/, with: ".removed.INODE"))
                == Outcome(
                    status: 255, output: "",
                    errors: """
                        zone web: error: remove \(zone.zonepath)/\(failure)
                          what is left is below \(zone.zonepath); remove it, then run it again

                        """))
        // Once nothing is mounted there any more, all of it goes.
        try expect(zone.run("uninstall"), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(!FileManager.default.fileExists(atPath: zone.zonepath))
    }

    // MARK: Names

    /// Makes a directory whose name is not UTF-8, and such a file in it: "caf\xe9", as Latin-1 has it.
    private func plantLatin1(in directory: String) throws {
        let name: [CChar] = [0x63, 0x61, 0x66, CChar(bitPattern: 0xe9)]
        let path = Array(directory.utf8CString.dropLast()) + [0x2f] + name
        try #require(mkdir(path + [0], 0o700) == 0)
        let file = open(path + [0x2f] + name + [0], O_WRONLY | O_CREAT, 0o600)
        try #require(file >= 0)
        close(file)
    }

    @Test("names that are not UTF-8 are removed as any others, wherever they lie")
    func latin1() throws {
        let (zone, _) = try prepare()
        let deep = zone.root + "/tmp" + String(repeating: "/d", count: 70)
        try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
        for stage in ["hvm/.launch.new", "hvm/.secret.new", "hvm/.secret.old", "root/etc/.uefivars.new"] {
            let directory = zone.zonepath + "/" + stage
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try plantLatin1(in: directory)
        }
        try expect(zone.run("boot"), equals: Outcome(status: 0, output: "", errors: ""))
        for directory in [zone.zonepath, zone.root + "/tmp", deep] { try plantLatin1(in: directory) }
        try expect(zone.run("uninstall"), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(!FileManager.default.fileExists(atPath: zone.zonepath))
    }

    @Test("what an install that was killed left is removed whatever its names are")
    func latin1Install() throws {
        let zone = try ScratchZone()
        let unfinished = zone.zonepath + "/.root.new"
        try FileManager.default.createDirectory(atPath: unfinished, withIntermediateDirectories: true)
        try plantLatin1(in: unfinished)
        try expect(zone.run("install"), equals: Outcome(status: 0, output: "", errors: ""))
        try expect(FileManager.default.contentsOfDirectory(atPath: zone.zonepath).sorted(), equals: ["log", "root"])
    }

    @Test("a name that is not UTF-8 is told as its bytes, and the file is named, not its directory")
    func latin1Message() throws {
        let (zone, _) = try prepare()
        try plantLatin1(in: zone.zonepath)
        try expect(
            Strace.run(
                "uninstall", zone.arguments("uninstall", "linux"), inject: "unlinkat:error=EBUSY:when=1",
                environment: zone.environment),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: error: remove \(zone.zonepath)/caf\\xe9/caf\\xe9: Device or resource busy
                      what is left is below \(zone.zonepath); remove it, then run it again

                    """))

        let stage = zone.root + "/etc/.uefivars.new"
        try FileManager.default.createDirectory(atPath: stage, withIntermediateDirectories: true)
        try plantLatin1(in: stage)
        // Where there is a log, the first name that boot removes is this one.
        try zone.scratch.write("zones/web/log/zone.log", "")
        let boot = try Strace.run(
            "boot", zone.arguments("boot", "linux"), inject: "unlinkat:error=EBUSY:when=1",
            environment: zone.environment)
        #expect(boot.errors.hasPrefix("zone web: error: remove \(stage)/caf\\xe9/caf\\xe9: Device or resource busy\n"))
    }

    @Test("a tree is removed that is deeper than descriptors can be held open")
    func bottomless() throws {
        let zone = try ScratchZone()
        try zone.install()
        var directory = open(zone.root + "/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for _ in 0..<1000 {
            try #require(mkdirat(directory, "d", 0o700) == 0)
            let next = openat(directory, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            close(directory)
            directory = next
        }
        close(directory)
        let uninstall = [Hooks.directory + "/uninstall"] + zone.arguments("uninstall", "linux")
        try expect(
            Hooks.run(
                program: "/bin/sh", ["-c", "ulimit -n 100 && exec \"$0\" \"$@\""] + uninstall,
                environment: zone.environment), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(!FileManager.default.fileExists(atPath: zone.zonepath))
    }

    @Test("the removal of a deep tree that is killed leaves nothing outside of it, and the next one removes the rest")
    func deep() throws {
        let (zone, _) = try prepare()
        try FileManager.default.createDirectory(
            atPath: zone.root + "/tmp" + String(repeating: "/d", count: 300), withIntermediateDirectories: true)
        let parent = zone.scratch.path + "/zones"
        for when in 1...2 {
            let killed = try Strace.run(
                "uninstall", zone.arguments("uninstall", "linux"),
                inject: "renameat,renameat2:signal=SIGKILL:when=\(when)",
                environment: zone.environment)
            #expect(Strace.wasKilled(killed))
            try expect(FileManager.default.contentsOfDirectory(atPath: parent), equals: ["web"])
        }
        try expect(zone.run("uninstall"), equals: Outcome(status: 0, output: "", errors: ""))
        try expect(FileManager.default.contentsOfDirectory(atPath: parent), equals: [])
    }
}
