import Foundation
import TestSupport
import Testing

/// What init runs is out of the zone's reach, and a zone that OmniOS' own hooks booted goes on under ours.
@Suite struct LaunchDirectoryTests {
    private func prepared(_ body: String = "") throws -> ScratchZone {
        let zone = try ScratchZone(body: body)
        try zone.install()
        return zone
    }

    private func ready(_ zone: ScratchZone) throws -> Outcome { try zone.run("statechange", ["pre", "2", "0"]) }

    private func mode(_ path: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.type] as? FileAttributeType) == .typeDirectory
            ? attributes[.posixPermissions] as? Int : nil
    }

    @Test(
        "before a zone is readied its launch directory and the mount point are made, whatever the zone put there",
        arguments: ["nothing", "link", "dangling link", "file", "fifo", "directory"])
    func madeReady(_ trap: String) throws {
        let zone = try prepared()
        let outside = zone.scratch.path + "/outside"
        try zone.scratch.write("outside/launch", "precious")
        let mountPoint = zone.root + "/hvm"
        switch trap {
        case "link": try FileManager.default.createSymbolicLink(atPath: mountPoint, withDestinationPath: outside)
        case "dangling link":
            try FileManager.default.createSymbolicLink(atPath: mountPoint, withDestinationPath: outside + "2")
        case "file": try zone.scratch.write("zones/web/root/hvm", "file")
        case "fifo": try #require(mkfifo(mountPoint, 0o600) == 0)
        case "directory": try zone.scratch.write("zones/web/root/hvm/launch", "planted")
        default: break
        }
        let before = try ScratchZone.tree(outside)
        for _ in 1...2 {
            try expect(ready(zone), equals: Outcome(status: 0, output: "", errors: ""))
            try expect(mode(mountPoint), equals: 0o700)
            try expect(mode(zone.zonepath + "/hvm"), equals: 0o700)
            try expect(ScratchZone.tree(outside), equals: before)
        }
        #expect(!FileManager.default.fileExists(atPath: outside + "2"))
    }

    @Test("a launch directory that is something else stops the zone on its way up, and is named")
    func notADirectory() throws {
        let zone = try prepared()
        try zone.scratch.write("zones/web/hvm", "file")
        try expect(
            ready(zone),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: error: open \(zone.zonepath)/hvm: Not a directory
                      look at what is there, and remove it

                    """))
    }

    @Test("each time a zone is readied its log begins anew, and the one of the run before is kept")
    func log() throws {
        let zone = try prepared()
        let kept = zone.zonepath + "/log/zone.log.old"
        #expect(zone.log.contains("install: built \(zone.root)\n"))
        for _ in 1...2 {
            let before = zone.log
            try expect(ready(zone), equals: Outcome(status: 0, output: "", errors: ""))
            try expect(String(contentsOfFile: kept, encoding: .utf8), equals: before)
            #expect(zone.log == "")
            try expect(zone.run("boot").status, equals: 0)
            #expect(zone.log.contains("boot: ready to start: "))
        }
    }

    /// The zone as a compromised hypervisor leaves it: everything in its root is rewritten, and init starts again.
    @Test("a hypervisor that rewrites its root does not change what the next reset runs")
    func compromised() throws {
        let zone = try prepared()
        try zone.writeLaunch("hypervisor modern-qemu\nexec /bin/echo\narg the machine\n")
        try zone.scratch.write("planted/launch", "hypervisor bhyve\nexec /bin/echo\narg planted\n")
        let planted = zone.scratch.path + "/planted"
        let attack = """
            cd '\(zone.root)' || exit 9
            mv etc etc.old; mkdir etc
            for name in launch bhyve.cfg bhyve.env qemu.env; do cp '\(planted)/launch' etc/$name; done
            echo LD_PRELOAD=/planted.so >etc/bhyve.env
            mv hvm hvm.old; rm -rf hvm; rmdir hvm; ln -s '\(planted)' hvm
            cp '\(planted)/launch' hvm/launch; rm -f hvm/launch; echo >hvm/launch; ln -sf '\(planted)/launch' hvm/launch
            rm -f tmp/init.log
            exec "$@"
            """
        let arguments = ["/bin/sh", "-c", attack, "sh", Hooks.directory + "/init", "-R", zone.root]
        let outcome = try Hooks.run(program: zone.mounting[0], zone.mounting.dropFirst() + arguments)
        #expect(outcome.status == 0)
        #expect(outcome.output == "")
        // Every attempt on /hvm itself was refused.
        for words in ["mv: cannot move 'hvm'", "rmdir: failed to remove 'hvm'", "hvm/launch: Read-only file system"] {
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
        }
        #expect(zone.said == "the machine\n")
    }

    @Test("lines of the environment file are handed on; one that is bad or for the loader is left out with a word")
    func environment() throws {
        let zone = try prepared()
        try zone.scratch.write(
            "zones/web/root/etc/qemu.env", "# extra\nFIRST=1\n\nSECOND=2 = two\nLD_PRELOAD=/x.so\n1BAD=x\nno\nLAST=%x\n"
        )
        try zone.scratch.write("zones/web/root/etc/bhyve.env", "BHYVE=1\n")
        try expect(zone.run("boot"), equals: Outcome(status: 0, output: "", errors: ""))
        let variables = zone.launch?.split(separator: "\n").filter { $0.hasPrefix("env ") }
        #expect(variables == ["env FIRST=1", "env SECOND=2 = two", "env LAST=%x"])
        let notes = zone.log.split(separator: "\n").filter { $0.contains(" warning: ") }.map { $0.dropFirst(21) }
        let file = zone.root + "/etc/qemu.env"
        #expect(
            notes == [
                "boot: \(file):5: warning: variables of the program loader (LD_*) are left out",
                "boot: \(file):6: warning: this is not NAME=VALUE; the line is left out",
                "boot: \(file):7: warning: this is not NAME=VALUE; the line is left out",
            ])
        let explained = try zone.run("boot", ["-t"])
        #expect(explained.errors.contains("zone web: \(file):5: warning: variables of the program loader"))
    }

    @Test("an environment file that cannot be read is left out", arguments: ["link", "fifo", "large"])
    func badEnvironment(_ trap: String) throws {
        let zone = try prepared()
        let file = zone.root + "/etc/qemu.env"
        switch trap {
        case "link":
            let outside = try zone.scratch.write("outside.env", "OUTSIDE=1\n")
            try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: outside)
        case "fifo": try #require(mkfifo(file, 0o600) == 0)
        default: try zone.scratch.write("zones/web/root/etc/qemu.env", String(repeating: "A=1\n", count: 20_000))
        }
        try expect(zone.run("boot"), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(zone.launch?.contains("\nenv ") == false)
        #expect(zone.log.contains("boot: \(file): warning: "))
    }
}

/// A zone root laid out by hand as OmniOS' own hooks leave it: no /hvm, bhyve's configuration in /etc.
@Suite struct SwitchTests {
    private func oldZone(_ brand: String = "bhyve") throws -> ScratchZone {
        let zone = try ScratchZone(brand: brand, body: #"<attr name="shutdown-timeout" value="5"/>"#)
        try zone.install()
        if brand == "bhyve" {
            try zone.scratch.write("zones/web/root/etc/bhyve.cfg", "name=web\nmemory.size=1G\n", mode: 0o600)
            try zone.scratch.write("zones/web/root/etc/bhyve.env", "FIRST=1\nbad line\nLD_PRELOAD=/x\nLAST=2\n")
        }
        return zone
    }

    /// Runs init as the zone does: its root is /, its name the host's.
    private func reset(_ zone: ScratchZone, _ commands: StandIns) throws -> Outcome {
        try Hooks.run(
            program: "/usr/bin/bwrap",
            [
                "--dev-bind", "/", "/", "--unshare-uts", "--hostname", "web", "--setenv", "ILLUMOS_RUN_IN", "web",
                Hooks.directory + "/init", "-R",
                zone.root,
                "-p", "illumos", "-C", commands.directory,
            ])
    }

    @Test("a guest's reset starts bhyve with the configuration that the other hooks left")
    func restarts() throws {
        let zone = try oldZone()
        let commands = try StandIns(
            zone.scratch, ["bhyve": #"echo "$FIRST$LAST$LD_PRELOAD"; tr '\0' ' ' </proc/$$/cmdline"#])
        try expect(reset(zone, commands), equals: Outcome(status: 0, output: "", errors: ""))
        try expect(commands.calls, equals: ["zfs [list] [-H] [-o] [name]", "bhyve [-k] [/etc/bhyve.cfg]"])
        let lines = zone.said?.split(separator: "\n").map { String($0) } ?? []
        let file = zone.root + "/etc/bhyve.env"
        #expect(
            lines.prefix(5).map { $0.hasPrefix("2") ? String($0.dropFirst(21)) : $0 } == [
                "init: \(file):2: warning: this is not NAME=VALUE; the line is left out", "  fix or remove it",
                "init: \(file):3: warning: variables of the program loader (LD_*) are left out",
                "  remove the line", "12",
            ])
        // Nothing is left of the question whether /hvm is mounted.
        #expect(!FileManager.default.fileExists(atPath: zone.root + "/hvm"))
    }

    @Test(
        "without a configuration of root's init ends, and names the way out",
        arguments: [
            ("none", "left no /etc/bhyve.cfg"), ("link", "/etc/bhyve.cfg is not a file of root's"),
            ("another user's", "/etc/bhyve.cfg is not a file of root's"),
        ])
    func withoutConfiguration(_ what: String, _ words: String) throws {
        let zone = try oldZone()
        let configuration = zone.root + "/etc/bhyve.cfg"
        switch what {
        case "link":
            let outside = try zone.scratch.write("outside.cfg", "name=web\n")
            try FileManager.default.removeItem(atPath: configuration)
            try FileManager.default.createSymbolicLink(atPath: configuration, withDestinationPath: outside)
        case "another user's":
            guard geteuid() == 0 else { return }
            try #require(chown(configuration, 1, 1) == 0)
        default: try FileManager.default.removeItem(atPath: configuration)
        }
        let commands = try StandIns(zone.scratch)
        try expect(reset(zone, commands).status, equals: 255)
        try expect(commands.calls, equals: [])
        let lines = zone.read("tmp/init.log")?.split(separator: "\n") ?? []
        #expect(lines.first?.dropFirst(21) == "init: error: other hooks than these booted the zone, and \(words)")
        #expect(lines.dropFirst() == ["  boot it with these: zoneadm -z web reboot"])
    }

    @Test("a /hvm that the zone planted in such a zone is not taken for the mount", arguments: ["directory", "link"])
    func planted(_ what: String) throws {
        let zone = try oldZone()
        try zone.scratch.write("planted/launch", "hypervisor bhyve\nexec /bin/echo\narg planted\n")
        let hvm = zone.root + "/hvm"
        if what == "link" {
            try FileManager.default.createSymbolicLink(atPath: hvm, withDestinationPath: zone.scratch.path + "/planted")
        } else {
            try FileManager.default.copyItem(atPath: zone.scratch.path + "/planted", toPath: hvm)
        }
        let commands = try StandIns(zone.scratch, ["bhyve": "echo theirs"])
        let outcome = try reset(zone, commands)
        #expect(outcome.status == (what == "link" ? 255 : 0))
        try expect(commands.calls.last, equals: (what == "link" ? nil : "bhyve [-k] [/etc/bhyve.cfg]"))
        #expect(zone.read("tmp/init.log")?.contains("planted") == false)
    }

    @Test("shutdown asks bhyve, or QEMU where its monitor is", arguments: ["bhyve", "kvm"])
    func shutdown(_ brand: String) throws {
        let zone = try oldZone(brand)
        let name = brand == "kvm" ? "qemu-system-x86" : "bhyve"
        let machine = try Background(["/bin/sleep", "600"], as: name, in: zone.scratch)
        defer { machine.stop() }
        let monitor = zone.root + "/tmp/vm.monitor"
        let received = zone.scratch.path + "/received"
        let qemu = Background(unstarted: [
            "/usr/bin/python3", "-c",
            """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(1)
            c = s.accept()[0]; c.sendall(b'(qemu) '); open(sys.argv[2], 'w').write(c.recv(99).decode())
            os.kill(int(sys.argv[3]), 9)
            """, monitor, received, String(machine.process.processIdentifier),
        ])
        if brand == "kvm" {
            try qemu.process.start()
            wait(for: "the monitor") { FileManager.default.fileExists(atPath: monitor) }
        }
        let commands = try StandIns(zone.scratch, ["pgrep": "echo \(machine.process.processIdentifier)"])
        let outcome = try Hooks.run(
            "shutdown", ["-p", "illumos", "-C", commands.directory, "-R", zone.root, "web"])
        #expect(outcome == Outcome(status: 0, output: "", errors: ""))
        try expect(commands.calls, equals: ["pgrep [-z] [web] [-x] [\(name)]"])
        let told = try? String(contentsOfFile: received, encoding: .utf8)
        #expect(told == (brand == "kvm" ? "system_powerdown\n" : nil))
    }

    @Test("our boot of such a zone removes what the other hooks left, and no more")
    func boot() throws {
        let zone = try oldZone()
        try zone.scratch.write("zones/web/root/etc/launch", "exec /usr/sbin/bhyve\n")
        // One that cannot be removed as a file stops nothing.
        try zone.scratch.write("zones/web/root/etc/qemu.secret/inner", "")
        try expect(zone.run("statechange", ["pre", "4", "0"]), equals: Outcome(status: 0, output: "", errors: ""))
        try expect(zone.run("boot"), equals: Outcome(status: 0, output: "", errors: ""))
        try expect(
            FileManager.default.contentsOfDirectory(atPath: zone.root + "/etc").sorted(),
            equals: ["bhyve.env", "passwd", "qemu.secret", "uuid"])
        let error = Hooks.areForIllumos ? "Operation not permitted" : "Is a directory"
        #expect(zone.log.contains("boot: warning: remove \(zone.root)/etc/qemu.secret: \(error)\n"))
    }

    @Test("the emu brand's uninstall, which is a link to bhyve's, is called with two operands")
    func emu() throws {
        let zone = try ScratchZone(brand: "emu")
        try zone.install()
        let outcome = try Hooks.run(
            "uninstall", ["web", zone.zonepath, "-p", "linux", "-I", zone.index], environment: zone.environment)
        #expect(outcome == Outcome(status: 0, output: "", errors: ""))
        #expect(!FileManager.default.fileExists(atPath: zone.zonepath))
        try expect(Hooks.run("uninstall", ["web", "relative"]).status, equals: 253)
    }
}
