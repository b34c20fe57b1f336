import Foundation
import TestSupport
import Testing

@Suite struct PostcloneTests {
    private static let silence = Outcome(status: 0, output: "", errors: "")

    /// What a source that has run leaves in its zonepath, and what a clone has of it.
    private static let sources = [
        "hvm/launch", "hvm/secret", "hvm/.secret.new", "log/zone.log", "log/zone.log.old", "root/etc/launch",
        "root/etc/bhyve.cfg", "root/etc/qemu.secret", "root/etc/.qemu.secret.old", "root/etc/uefivars",
        "root/cloud-init.iso", "root/tmp/vm.pid", "root/tmp/vm.vnc", "root/tmp/vm.asked", "root/tmp/init.log",
    ]
    private static let kept = [
        "root/etc/bhyve.env", "root/etc/hostname", "root/tmp/vmware", "root/tmp/notes", "disk.img", "root/data/file",
    ]

    /// A zone as zoneadm hands it over: a copy of one that has run.
    private func copy(body: String = "") throws -> ScratchZone {
        let zone = try ScratchZone(body: body)
        try zone.install()
        for name in Self.sources + Self.kept { try zone.scratch.write("zones/web/" + name, "the source's\n") }
        try zone.scratch.write("zones/web/root/etc/uuid", "11111111-1111-4111-8111-111111111111\n")
        return zone
    }

    private func exists(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path)) != nil
    }

    @Test(
        "a clone has its own UUID from the index, nothing of the source's, and the rest as it was",
        arguments: [
            [], ["src"], ["-m", "copy", "src"], ["-s", "rpool/zones/src@one", "src"], ["-mcopy", "--", "src"],
        ])
    func renews(_ words: [String]) throws {
        let zone = try copy()
        let outcome = try zone.run("postclone", words)
        #expect(outcome == Self.silence)
        #expect(zone.read("etc/uuid") == ScratchZone.uuid + "\n")
        let left = Self.sources.filter { exists(zone.zonepath + "/" + $0) }
        #expect(left == ["log/zone.log"])
        let gone = Self.kept.filter { !exists(zone.zonepath + "/" + $0) }
        #expect(gone == [])
        let source = words.last.map { " of zone " + $0 } ?? ""
        #expect(zone.log.dropFirst(21) == "postclone: made a machine of its own of a copy\(source)\n")
    }

    @Test("a clone's next boot begins with UEFI variables of its own, whatever was there", arguments: [false, true])
    func variables(_ isHardLink: Bool) throws {
        let zone = try copy(body: #"<attr name="bootrom" type="string" value="BHYVE_RELEASE"/>"#)
        let theirs = try zone.scratch.write("zones/src/root/etc/uefivars", "the source's\n")
        if isHardLink {
            try FileManager.default.removeItem(atPath: zone.root + "/etc/uefivars")
            try FileManager.default.linkItem(atPath: theirs, toPath: zone.root + "/etc/uefivars")
        }
        let outcome = try zone.run("postclone", ["src"])
        #expect(outcome == Self.silence)
        #expect(zone.read("etc/uefivars") == nil)
        let commands = try StandIns(zone.scratch, ["bhyve": BootForRealTests.acceptingBhyve])
        let boot = try zone.run("boot", platform: "illumos", commands: commands)
        #expect(boot == Self.silence)
        #expect(zone.read("etc/uefivars") == "variables")
        try expect(String(contentsOfFile: theirs, encoding: .utf8), equals: "the source's\n")
    }

    @Test(
        "without a UUID in the index it gets a random one",
        arguments: ["", "other:installed:/x:\n", "web:incomplete:ZONEPATH:\n", "web:incomplete:ZONEPATH:not-one\n"])
    func random(_ index: String) throws {
        let zone = try copy()
        try zone.scratch.write("index", index.replacingOccurrences(of: "ZONEPATH", with: zone.zonepath))
        var seen: Set<String> = []
        for _ in 1...2 {
            let outcome = try zone.run("postclone", ["src"])
            #expect(outcome == Self.silence)
            let uuid = try #require(zone.read("etc/uuid")?.dropLast())
            #expect(UUID(uuidString: String(uuid)) != nil)
            seen.insert(String(uuid))
        }
        #expect(seen.count == 2)
    }

    /// An index in which the zone is no clone that is being made, and why.
    static let refusals: [(index: String, message: String)] = [
        (
            "web:installed:ZONEPATH:\n",
            "the zone is installed, not being made\n  nothing was touched; zoneadm -z web clone runs postclone itself\n"
        ),
        (
            "web:incomplete:/zones/web:\n",
            "ZONEPATH is not the zone's zonepath: that is /zones/web\n"
                + "  nothing was touched; zoneadm -z web clone runs postclone itself\n"
        ),
        (
            "web:incomplete:/zones/web:\nsrc:installed:ZONEPATH:\n",
            "the zonepath ZONEPATH is not the zone's alone: zone src has ZONEPATH\n"
                + "  nothing was touched; every zone needs a zonepath of its own\n"
        ),
    ]

    @Test("what is no clone in the making is left as it is", arguments: refusals)
    func refusal(_ row: (index: String, message: String)) throws {
        let zone = try copy()
        func filled(_ text: String) -> String { text.replacingOccurrences(of: "ZONEPATH", with: zone.zonepath) }
        try zone.scratch.write("index", filled(row.index))
        let before = try ScratchZone.tree(zone.zonepath)
        let outcome = try zone.run("postclone", ["src"])
        #expect(
            outcome
                == Outcome(status: 255, output: "", errors: "zone web: \(zone.index): error: " + filled(row.message)))
        try expect(ScratchZone.tree(zone.zonepath), equals: before)
    }

    @Test("wrong usage is 253", arguments: [["a", "b"], ["-q", "src"], ["-m"], ["src", "-m", "copy"]])
    func usage(_ words: [String]) throws {
        let zone = try copy()
        let outcome = try zone.run("postclone", words)
        #expect(outcome.status == 253)
        #expect(outcome.errors.hasPrefix("postclone: "))
        #expect(exists(zone.root + "/etc/launch"))
    }

    @Test("a copy without a root, and one whose lock cannot be had, are refused")
    func cannot() throws {
        let zone = try copy()
        let lock = zone.scratch.path + "/run/hvm-brand/web.lock"
        try FileManager.default.removeItem(atPath: lock)
        try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: "/nowhere")
        let locked = try zone.run("postclone", ["src"])
        #expect(locked.status == 255)
        #expect(locked.errors.hasPrefix("zone web: error: open \(lock): Too many levels of symbolic links\n"))
        try FileManager.default.removeItem(atPath: lock)
        try FileManager.default.removeItem(atPath: zone.root)
        let rootless = try zone.run("postclone", ["src"])
        #expect(
            rootless
                == Outcome(
                    status: 255, output: "",
                    errors: """
                        zone web: error: open \(zone.root): No such file or directory
                          the source has no root that could be copied

                        """))
    }

    // MARK: A hostile source

    @Test(
        "what a source has planted is removed, and nothing outside of the clone is touched",
        arguments: [
            "etc/uuid", "etc/uefivars", "etc/launch", "etc/bhyve.cfg", "etc/qemu.secret", "cloud-init.iso",
            "tmp/vm.vnc",
            "tmp/init.log",
        ], HostileRootTests.Trap.allCases)
    func planted(_ file: String, _ trap: HostileRootTests.Trap) throws {
        let zone = try copy()
        try zone.scratch.write("outside/precious", "precious")
        let outside = zone.scratch.path + "/outside"
        let before = try ScratchZone.tree(outside)
        try HostileRootTests.set(trap, at: zone.root + "/" + file, outside: outside + "/precious")
        let outcome = try zone.run("postclone", ["src"])
        #expect(outcome == Self.silence)
        try expect(ScratchZone.tree(outside), equals: before)
        #expect(exists(zone.root + "/" + file) == (file == "etc/uuid"))
        #expect(zone.read("etc/uuid") == ScratchZone.uuid + "\n")
    }

    @Test("a directory that is a trap is named, and nothing outside is touched", arguments: ["etc", "tmp"])
    func directory(_ name: String) throws {
        let zone = try copy()
        for file in ["uuid", "launch", "uefivars", "vm.vnc", "init.log"] {
            try zone.scratch.write("outside/" + file, "precious")
        }
        let outside = zone.scratch.path + "/outside"
        let before = try ScratchZone.tree(outside)
        try HostileRootTests.set(.link, at: zone.root + "/" + name, outside: outside)
        let outcome = try zone.run("postclone", ["src"])
        #expect(outcome.status == 255)
        #expect(outcome.errors.hasPrefix("zone web: error: open \(zone.root)/\(name)/"))
        #expect(outcome.errors.hasSuffix("\n  zoneadm -z web uninstall removes the clone\n"))
        try expect(ScratchZone.tree(outside), equals: before)
    }

    /// The calls by which postclone changes something, sorted.
    static let calls = ["fchmod", "fsync", "mkdir", "renameat", "unlinkat", "write"]

    @Test("no call by which postclone changes something is left out below")
    func changes() throws {
        let zone = try copy()
        let arguments = zone.arguments("postclone", "linux")
        try expect(Strace.changes(of: "postclone", arguments, environment: zone.environment), equals: Self.calls)
    }

    @Test("killed anywhere, the next run does the rest", arguments: calls)
    func killed(_ call: String) throws {
        let whole = try copy()
        try #require(try whole.run("postclone") == Self.silence)
        let expected = try ScratchZone.tree(whole.root)
        for when in 1...200 {
            let zone = try copy()
            let outcome = try Strace.run(
                "postclone", zone.arguments("postclone", "linux"), inject: "\(call):signal=SIGKILL:when=\(when)",
                environment: zone.environment)
            let again = try zone.run("postclone")
            #expect(again == Self.silence)
            try expect(ScratchZone.tree(zone.root), equals: expected)
            guard Strace.wasKilled(outcome) else {
                #expect(outcome == Self.silence)
                #expect(when > 1, "postclone does not call \(call)")
                return
            }
        }
        Issue.record("\(call) was killed 200 times")
    }
}
