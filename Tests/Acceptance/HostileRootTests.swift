import Foundation
import TestSupport
import Testing

/// The zone root is hostile: each file and each directory a hook touches is replaced by a link to the outside, a fifo or a
/// directory. Nothing outside changes, and where a hook fails it names the path.
@Suite struct HostileRootTests {
    enum Trap: String, CaseIterable, Sendable {
        case link, danglingLink, fifo, directory
    }

    /// The files a hook touches below the root.
    static let files = ["etc/launch", "etc/qemu.secret", "etc/bhyve.cfg", "etc/uefivars", "etc/uuid", "tmp/init.log"]
    static let directories = ["etc", "tmp"]

    private func prepare() throws -> (zone: ScratchZone, outside: String) {
        let zone = try ScratchZone(
            body: """
                <attr name="bootrom" type="string" value="BHYVE_RELEASE"/>
                <attr name="vnc" type="string" value="on,password=s3cret"/>
                """)
        try zone.install()
        for name in ["launch", "qemu.secret", "bhyve.cfg", "uefivars", "uuid", "init.log", "vm.vnc", "vm.pid"] {
            try zone.scratch.write("outside/" + name, "exec /bin/false\n")
        }
        return (zone, zone.scratch.path + "/outside")
    }

    private func set(_ trap: Trap, at path: String, outside: String) throws {
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

    /// Runs every hook that works on an installed zone.
    private func runAll(_ zone: ScratchZone) throws -> [(hook: String, outcome: Outcome)] {
        let root = ["-R", zone.root, "-p", "linux"]
        return [
            ("boot", try zone.run("boot")),
            ("init", try Hooks.run("init", root)),
            ("shutdown", try Hooks.run("shutdown", root + ["web"])),
            ("statechange", try zone.run("statechange", ["pre", "4", "4"])),
            ("halt", try zone.run("halt")),
        ]
    }

    @Test("a file that is a trap", arguments: files, Trap.allCases)
    func file(_ file: String, _ trap: Trap) throws {
        let (zone, outside) = try prepare()
        let before = try ScratchZone.tree(outside)
        try set(trap, at: zone.root + "/" + file, outside: outside + "/" + (file as NSString).lastPathComponent)
        for (hook, outcome) in try runAll(zone) where outcome.status != 0 && hook == "boot" {
            #expect(outcome.errors.contains(zone.root + "/" + file), "\(hook): \(outcome.errors)")
        }
        #expect(try ScratchZone.tree(outside) == before)
        #expect(try zone.run("statechange", ["pre", "4", "4"]).status == 0)
    }

    @Test("a directory that is a trap", arguments: directories, Trap.allCases)
    func directory(_ directory: String, _ trap: Trap) throws {
        let (zone, outside) = try prepare()
        let before = try ScratchZone.tree(outside)
        try set(trap, at: zone.root + "/" + directory, outside: outside)
        for (hook, outcome) in try runAll(zone) where hook == "boot" {
            #expect(trap == .directory || outcome.status == 255)
            #expect(
                outcome.status == 0 || outcome.errors.contains(zone.root + "/" + directory),
                "\(hook): \(outcome.errors)")
        }
        #expect(try ScratchZone.tree(outside) == before)
        #expect(try zone.run("halt").status == 0)
    }

    @Test("what stands where the UEFI variables should is named for what it is")
    func variables() throws {
        let (zone, _) = try prepare()
        try set(.fifo, at: zone.root + "/etc/uefivars", outside: "")
        #expect(
            try zone.run("boot").errors.hasPrefix(
                """
                zone web: error: use \(zone.root)/etc/uefivars: it is not a regular file
                  remove what stands there, or set uefivars=off

                """))
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
        while !FileManager.default.fileExists(atPath: monitor) && listener.process.isRunning { usleep(5000) }
        try FileManager.default.createSymbolicLink(atPath: zone.root + "/tmp/vm.monitor", withDestinationPath: monitor)
        try zone.configure(brand: "kvm", body: "")
        #expect(try zone.run("statechange", ["pre", "4", "4"]).status == 0)
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
        #expect(try ScratchZone.tree(outside) == before)
        #expect(
            Outcome(
                status: outcome.status, output: outcome.output,
                errors: outcome.errors.replacing(/\.removed\.[0-9]+/, with: ".removed.INODE"))
                == Outcome(
                    status: 255, output: "",
                    errors: """
                        zone web: error: remove \(zone.zonepath)/\(failure)
                          what is left lies below \(zone.zonepath); remove it, then run it again

                        """))
        // Once nothing is mounted there any more, all of it goes.
        #expect(try zone.run("uninstall") == Outcome(status: 0, output: "", errors: ""))
        #expect(!FileManager.default.fileExists(atPath: zone.zonepath))
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
        #expect(
            try Hooks.run(
                program: "/bin/sh", ["-c", "ulimit -n 100 && exec \"$0\" \"$@\""] + uninstall,
                environment: zone.environment) == Outcome(status: 0, output: "", errors: ""))
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
            #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["web"])
        }
        #expect(try zone.run("uninstall") == Outcome(status: 0, output: "", errors: ""))
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == [])
    }
}
