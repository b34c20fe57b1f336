import Foundation
import TestSupport
import Testing

@Suite struct InstallTests {
    static let builtRoot = [
        "bin l 777 usr/bin", "dev d 755 ", "etc d 755 ",
        "etc/passwd f 644 \"root:x:0:0:Super-User:/:/sbin/sh\\n\"",
        "etc/uuid f 644 \"\(ScratchZone.uuid)\\n\"", "lib d 755 ", "sbin d 755 ", "tmp d 1777 ", "usr d 755 ",
        "var d 755 ", "var/run d 755 ", "var/tmp d 1777 ",
    ]

    @Test("install builds the root, silently, with the UUID of the zone's own line")
    func builds() throws {
        let zone = try ScratchZone()
        try expect(zone.run("install"), equals: Outcome(status: 0, output: "", errors: ""))
        try expect(ScratchZone.tree(zone.root), equals: Self.builtRoot)
        #expect(zone.log.hasSuffix("Z install: built \(zone.root)\n"))
        let mode = try FileManager.default.attributesOfItem(atPath: zone.zonepath + "/log/zone.log")[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test("whatever the umask, the modes are the same")
    func umask() throws {
        let zone = try ScratchZone()
        let outcome = try Hooks.run(
            program: "/bin/sh",
            ["-c", "umask 077; exec \"$@\"", "sh", Hooks.directory + "/install"] + zone.arguments("install", "linux"),
            environment: zone.environment)
        #expect(outcome.status == 0)
        try expect(ScratchZone.tree(zone.root), equals: Self.builtRoot)
    }

    @Test("a zonepath with a colon is in quotes in the index")
    func quotedIndex() throws {
        let zone = try ScratchZone()
        try zone.scratch.write("index", "# a comment\nnonsense\n\(zone.name):incomplete:\"/a:b\":\(ScratchZone.uuid)\n")
        try zone.install()
        #expect(zone.read("etc/uuid") == ScratchZone.uuid + "\n")
    }

    @Test(
        "a root that is there is refused and left as it is, whatever it is", arguments: ["file", "directory", "link"])
    func existingRoot(_ kind: String) throws {
        let zone = try ScratchZone()
        switch kind {
        case "file": try zone.scratch.write("zones/web/root", "precious")
        case "directory": try zone.scratch.write("zones/web/root/etc/precious", "precious")
        default: try FileManager.default.createSymbolicLink(atPath: zone.root, withDestinationPath: "/nowhere")
        }
        let before = try ScratchZone.tree(zone.zonepath)
        try expect(
            zone.run("install"),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: error: \(zone.root) is there already, and is left as it is
                      move it away; if nothing in it is needed, zoneadm -z web uninstall removes it

                    """))
        try expect(ScratchZone.tree(zone.zonepath), equals: before)
    }

    @Test(
        "a zonepath that is another zone's too is refused, even when it is empty",
        arguments: ["", "/", "/below", "/.."])
    func shared(_ where: String) throws {
        let zone = try ScratchZone()
        let theirs = `where` == "/.." ? zone.scratch.path + "/./zones" : zone.zonepath + `where`
        try zone.scratch.write(
            "index", "global:installed:/\nother:configured:\(theirs):\nweb:incomplete:\(zone.zonepath)\n")
        try expect(
            zone.run("install"),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: \(zone.index): error: the zonepath \(zone.zonepath) is not the zone's alone: zone other has \(theirs == zone.zonepath + "/" ? zone.zonepath : theirs)
                      nothing was touched; every zone needs a zonepath of its own

                    """))
        try expect(ScratchZone.tree(zone.zonepath), equals: [])
    }

    @Test("what a killed run left is cleared; a link there is not followed")
    func stale() throws {
        let zone = try ScratchZone()
        let outside = try zone.scratch.write("outside/precious", "precious")
        try zone.scratch.write("zones/web/.root.new/etc/passwd", "old")
        try FileManager.default.createSymbolicLink(
            atPath: zone.zonepath + "/.root.new/link", withDestinationPath: zone.scratch.path + "/outside")
        try zone.install()
        try expect(ScratchZone.tree(zone.root), equals: Self.builtRoot)
        try expect(String(contentsOfFile: outside, encoding: .utf8), equals: "precious")
    }

    @Test("on illumos the zonepath is a dataset's mountpoint; failing leaves nothing and says 254")
    func dataset() throws {
        let zone = try ScratchZone()
        let elsewhere = try StandIns(zone.scratch, ["zfs": "printf 'rpool/zones\\t/zones\\n'"])
        try expect(
            zone.run("install", platform: "illumos", commands: elsewhere),
            equals: Outcome(
                status: 254, output: "",
                errors: """
                    zone web: error: no ZFS dataset is mounted at \(zone.zonepath)
                      the directory above the zonepath must lie on ZFS

                    """))
        try expect(ScratchZone.tree(zone.zonepath), equals: [])
        try expect(elsewhere.calls, equals: ["zfs [list] [-H] [-o] [name,mountpoint] [\(zone.zonepath)]"])

        let own = try StandIns(zone.scratch, ["zfs": "printf 'rpool/zones\\t/zones\\nrpool/zones/web\\t%s\\n' \"$5\""])
        try expect(zone.run("install", platform: "illumos", commands: own).status, equals: 0)
        try expect(ScratchZone.tree(zone.root), equals: Self.builtRoot)
    }

    @Test("zoneadm install -x nodataset wants a plain directory, and hands the option on without a blank")
    func withoutDataset() throws {
        let zone = try ScratchZone()
        let commands = try StandIns(zone.scratch, ["zfs": "printf 'rpool/zones\\t/zones\\n'"])
        let other = try zone.run("install", ["-xfoo"], platform: "illumos", commands: commands)
        #expect(other.status == 253)
        #expect(other.errors.hasPrefix("install: -x takes nodataset, not \"foo\"\n"))
        let outcome = try zone.run("install", ["-xnodataset"], platform: "illumos", commands: commands)
        #expect(outcome == Outcome(status: 0, output: "", errors: ""))
        expect(try ScratchZone.tree(zone.root), equals: Self.builtRoot)
        expect(try commands.calls, equals: [])
    }

    @Test("with something else in the zonepath a failure is 255: zoneadm would delete it on 254")
    func foreignFiles() throws {
        let zone = try ScratchZone()
        try zone.scratch.write("zones/web/precious", "precious")
        let outcome = try zone.run("install", platform: "illumos", commands: StandIns(zone.scratch))
        #expect(outcome.status == 255)
        try expect(ScratchZone.tree(zone.zonepath), equals: ["precious f 644 \"precious\""])
    }

    @Test("an interrupt removes what was made and says 254", arguments: [1, 4, 9])
    func interrupted(_ when: Int) throws {
        let zone = try ScratchZone()
        let outcome = try Strace.run(
            "install", zone.arguments("install", "linux"), inject: "mkdirat:signal=SIGTERM:when=\(when)",
            environment: zone.environment)
        #expect(outcome.status == 254)
        #expect(outcome.errors.contains("install the zone: it was interrupted\n"))
        try expect(ScratchZone.tree(zone.zonepath), equals: [])
    }

    @Test(
        "a call that fails half-way removes what was made and says 254",
        arguments: [("mkdirat", "1"), ("symlinkat", "1"), ("fsync", "1"), ("renameat", "1"), ("fsync", "5+")])
    func failing(_ call: String, _ when: String) throws {
        let zone = try ScratchZone()
        let outcome = try Strace.run(
            "install", zone.arguments("install", "linux"), inject: "\(call):error=ENOSPC:when=\(when)",
            environment: zone.environment)
        #expect(outcome.status == 254)
        #expect(outcome.errors.contains(zone.zonepath))
        #expect(outcome.errors.contains("No space left on device"))
        try expect(ScratchZone.tree(zone.zonepath), equals: [])
    }

    @Test(
        "wrong usage is 253 and touches nothing", arguments: [[], ["-R", "relative"], ["-R", "/a/../b"], ["extra"]])
    func usage(_ arguments: [String]) throws {
        let outcome = try Hooks.run("install", ["-z", "web"] + arguments)
        #expect(outcome.status == 253)
        #expect(outcome.errors.contains("usage: install -z ZONE -R ZONEPATH"))
    }
}
