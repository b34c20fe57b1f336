import Foundation
import TestSupport
import Testing

@Suite struct UninstallTests {
    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    @Test("a plain zonepath is removed with all in it, silently; -F is accepted", arguments: [[], ["-F"]])
    func plain(_ flags: [String]) throws {
        let zone = try ScratchZone()
        try zone.install()
        let outside = try zone.scratch.write("outside/precious", "precious")
        try FileManager.default.createSymbolicLink(
            atPath: zone.root + "/tmp/link", withDestinationPath: zone.scratch.path + "/outside")
        try expect(zone.run("uninstall", flags), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(!exists(zone.zonepath))
        #expect(exists(zone.scratch.path + "/zones"))
        try expect(String(contentsOfFile: outside, encoding: .utf8), equals: "precious")
        // Nothing to remove is no failure.
        try expect(zone.run("uninstall", flags).status, equals: 0)
    }

    @Test("on illumos the dataset mounted exactly there is destroyed, and the reservation given back")
    func dataset() throws {
        let zone = try ScratchZone()
        try zone.install()
        try zone.scratch.write("run/bhyve/web.resv", "2164260864\n")
        let commands = try StandIns(
            zone.scratch,
            [
                "zoneadm": "echo '-:web:installed:/x:u:bhyve:excl'",
                "zfs": "[ \"$1\" != list ] || printf 'rpool/zones\\t/zones\\nrpool/zones/web\\t%s\\n' \"$5\"",
            ])
        try expect(
            zone.run("uninstall", platform: "illumos", commands: commands),
            equals: Outcome(status: 0, output: "", errors: ""))
        try expect(
            commands.calls,
            equals: [
                "zoneadm [-z] [web] [list] [-p]", "rsrvrctl [-q]", "rsrvrctl [-r] [2064]",
                "zfs [list] [-H] [-o] [name,mountpoint] [\(zone.zonepath)]", "zfs [destroy] [-r] [rpool/zones/web]",
            ])
        #expect(!exists(zone.scratch.path + "/run/bhyve/web.resv"))
    }

    @Test(
        "a reservation that cannot be given back is told of in rsrvrctl's own words when the rest is gone",
        arguments: [("echo nope >&2; exit 1", "nope"), ("exit 3", "exit status 3")])
    func reservation(_ rsrvrctl: String, _ words: String) throws {
        let zone = try ScratchZone()
        try zone.install()
        try zone.scratch.write("run/bhyve/web.resv", "2164260864\n")
        let commands = try StandIns(
            zone.scratch, ["zoneadm": "echo '-:web:installed:/x:u:bhyve:excl'", "rsrvrctl": rsrvrctl])
        try expect(
            zone.run("uninstall", platform: "illumos", commands: commands),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: error: move 2064 MiB by rsrvrctl -r: \(words)
                      rsrvrctl -q shows the reservoir; memreserve=off does without it

                    """))
        #expect(!exists(zone.zonepath))
        #expect(exists(zone.scratch.path + "/run/bhyve/web.resv"))
    }

    @Test("a running zone is refused", arguments: ["running", "ready", "shutting_down", "down", "mounted"])
    func running(_ state: String) throws {
        let zone = try ScratchZone()
        try zone.install()
        let commands = try StandIns(zone.scratch, ["zoneadm": "echo '3:web:\(state):/x:u:bhyve:excl'"])
        try expect(
            zone.run("uninstall", platform: "illumos", commands: commands),
            equals: Outcome(
                status: 255, output: "",
                errors: "zone web: error: the zone is \(state)\n  halt it first: zoneadm -z web halt\n"))
        #expect(exists(zone.root))
    }

    @Test("what is not a zonepath of the zone is refused and left", arguments: ["/", "/tmp", "other", "parent"])
    func wrongPath(_ which: String) throws {
        let zone = try ScratchZone()
        try zone.install()
        try zone.scratch.write("zones/other/root/precious", "precious")
        let path =
            ["other": zone.scratch.path + "/zones/other", "parent": zone.scratch.path + "/zones"][which] ?? which
        let before = try ScratchZone.tree(zone.scratch.path + "/zones")
        let outcome = try Hooks.run(
            "uninstall", ["-z", "web", "-R", path, "-I", zone.index] + Hooks.withoutStandIns,
            environment: zone.environment)
        #expect(outcome.status == 255)
        #expect(
            outcome.errors.contains(
                which == "/" ? "/ is not a zonepath" : "\(path) is not the zone's zonepath: that is \(zone.zonepath)"))
        try expect(ScratchZone.tree(zone.scratch.path + "/zones"), equals: before)
    }

    @Test(
        "a zonepath that holds another zone's files, or the index, is refused",
        arguments: ["same", "above", "below", "index"])
    func shared(_ which: String) throws {
        let zone = try ScratchZone()
        try zone.install()
        let zones = zone.scratch.path + "/zones"
        try zone.scratch.write("zones/web/other/root/precious", "precious")
        let paths = [
            "same": (zone.zonepath, zone.zonepath), "above": (zones, zone.zonepath),
            "below": (zone.zonepath + "/other", zone.zonepath), "index": (zone.scratch.path, "/elsewhere"),
        ]
        let (own, theirs) = try #require(paths[which])
        try zone.scratch.write("index", "global:installed:/\nweb:installed:\(own)\nother:installed:\(theirs):\n")
        let before = try ScratchZone.tree(zones)
        let message =
            which == "index"
            ? "error: the zonepath \(own) holds the index of zones, \(zone.index)"
            : "\(zone.index): error: the zonepath \(own) is not the zone's alone: zone other has \(theirs)"
        try expect(
            Hooks.run(
                "uninstall", ["-F", "-z", "web", "-R", own, "-I", zone.index] + Hooks.withoutStandIns,
                environment: zone.environment),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: \(message)
                      nothing was touched; every zone needs a zonepath of its own

                    """))
        try expect(ScratchZone.tree(zones), equals: before)
    }

    @Test("a zone that is in no index is refused, and so is a relative path")
    func unknown() throws {
        let zone = try ScratchZone()
        try zone.install()
        let unknown = try Hooks.run(
            "uninstall", ["-z", "nobody", "-R", zone.zonepath, "-I", zone.index] + Hooks.withoutStandIns,
            environment: zone.environment)
        #expect(unknown.status == 255)
        #expect(unknown.errors.contains("\(zone.index): error: the zone is not in the index\n"))
        try expect(Hooks.run("uninstall", ["-z", "web", "-R", "zones/web"]).status, equals: 253)
        #expect(exists(zone.root))
    }

    @Test("what cannot be removed is named", arguments: ["unlinkat:error=EBUSY:when=3+"])
    func left(_ inject: String) throws {
        let zone = try ScratchZone()
        try zone.install()
        let outcome = try Strace.run(
            "uninstall", zone.arguments("uninstall", "linux"), inject: inject, environment: zone.environment)
        #expect(outcome.status == 255)
        #expect(outcome.errors.hasPrefix("zone web: error: remove \(zone.zonepath)/"))
        #expect(outcome.errors.contains(" more): Device or resource busy\n"))
        #expect(outcome.errors.contains("what is left is below \(zone.zonepath); remove it, then run it again\n"))
        try expect(zone.run("uninstall").status, equals: 0)
        #expect(try !exists(zone.zonepath))
    }
}
