import Foundation
import TestSupport
import Testing

/// SIGKILL before every system call that changes something: afterwards every file is the old or the new one, whole, and
/// the next run succeeds.
@Suite struct KillTests {
    /// The calls by which each hook changes something, sorted.
    static let installCalls = [
        "fchmod", "fchown", "fsync", "mkdir", "mkdirat", "renameat", "symlinkat", "unlinkat", "write",
    ]
    static let bootCalls = ["fchmod", "fsync", "mkdir", "renameat", "unlinkat", "write"]
    static let reservationCalls = ["fchmod", "fsync", "mkdir", "rename", "renameat", "unlink", "unlinkat", "write"]

    @Test("no call by which a hook changes something is left out below")
    func calls() throws {
        let zone = try ScratchZone()
        func changes(_ hook: String) throws -> [String] {
            try Strace.changes(of: hook, zone.arguments(hook, "linux"), environment: zone.environment)
        }
        expect(try changes("install"), equals: Self.installCalls)
        _ = try zone.run("boot")
        expect(try changes("boot"), equals: Self.bootCalls)
    }

    @Test("install, killed anywhere", arguments: installCalls)
    func install(_ call: String) throws {
        for when in 1... {
            let zone = try ScratchZone()
            let outcome = try Strace.run(
                "install", zone.arguments("install", "linux"), inject: "\(call):signal=SIGKILL:when=\(when)",
                environment: zone.environment)
            guard Strace.wasKilled(outcome) else {
                #expect(outcome == Outcome(status: 0, output: "", errors: ""))
                #expect(when > 1, "the hook does not call \(call)")
                break
            }
            if FileManager.default.fileExists(atPath: zone.root) {
                try expect(ScratchZone.tree(zone.root), equals: InstallTests.builtRoot)
            } else {
                try expect(zone.run("install"), equals: Outcome(status: 0, output: "", errors: ""))
                try expect(ScratchZone.tree(zone.root), equals: InstallTests.builtRoot)
            }
        }
    }

    @Test("boot, killed anywhere", arguments: bootCalls)
    func boot(_ call: String) throws {
        let zone = try ScratchZone()
        try zone.install()
        func configure(ram: String, password: String) throws {
            try zone.configure(
                body: """
                    <attr name="ram" type="string" value="\(ram)"/>
                    <attr name="uuid" type="string" value="\(ScratchZone.uuid)"/>
                    <attr name="bootrom" type="string" value="BHYVE_RELEASE"/>
                    <attr name="vnc" type="string" value="on,password=\(password)"/>
                    """)
        }
        try configure(ram: "1G", password: "oldoldold")
        try expect(zone.run("boot"), equals: Outcome(status: 0, output: "", errors: ""))
        let old = try Self.files(zone)
        try configure(ram: "2G", password: "newnewnew")
        try expect(zone.run("boot").status, equals: 0)
        let new = try Self.files(zone)
        #expect(old != new)

        for when in 1... {
            try configure(ram: "1G", password: "oldoldold")
            try expect(zone.run("boot").status, equals: 0)
            try configure(ram: "2G", password: "newnewnew")
            let outcome = try Strace.run(
                "boot", zone.arguments("boot", "linux"), inject: "\(call):signal=SIGKILL:when=\(when)",
                environment: zone.environment)
            for (path, content) in try Self.files(zone) {
                #expect([old[path], new[path]].contains(content), "\(path) after \(call) \(when)")
            }
            guard Strace.wasKilled(outcome) else {
                #expect(outcome == Outcome(status: 0, output: "", errors: ""))
                #expect(when > 1, "the hook does not call \(call)")
                break
            }
            try expect(zone.run("boot"), equals: Outcome(status: 0, output: "", errors: ""))
            try expect(Self.files(zone), equals: new)
            try expect(
                ScratchZone.tree(zone.zonepath).filter { $0.contains(".new ") || $0.contains(".old ") }, equals: [])
        }
    }

    /// A reservoir of its own, in MiB in a file.
    @Test(
        "boot with a reservation, killed anywhere: what is remembered is what was moved",
        arguments: reservationCalls)
    func reservation(_ call: String) throws {
        let zone = try ScratchZone()
        try zone.install()
        let size = zone.scratch.path + "/size"
        let commands = try StandIns(
            zone.scratch,
            [
                "bhyve": BootForRealTests.acceptingBhyve,
                "rsrvrctl": """
                size=$(cat '\(size)')
                case $1 in
                -q) printf 'Free MiB:\\t%s\\nAllocated MiB:\\t0\\n' $size ;;
                -a) echo $((size + $2)) >'\(size)' ;;
                -r) echo $((size - $2)) >'\(size)' ;;
                esac
                """,
            ])
        func boot(_ ram: String) throws {
            try zone.configure(
                body: "<attr name=\"memreserve\" value=\"on\"/><attr name=\"ram\" value=\"\(ram)\"/>")
            try expect(
                zone.run("boot", platform: "illumos", commands: commands),
                equals: Outcome(status: 0, output: "", errors: ""))
        }
        try zone.scratch.write("size", "1000")
        for (before, after, mebibytes) in [("1G", "2G", 2064), ("2G", "1G", 1040)] {
            for when in 1... {
                try boot(before)
                try zone.configure(
                    body: "<attr name=\"memreserve\" value=\"on\"/><attr name=\"ram\" value=\"\(after)\"/>")
                let outcome = try Strace.run(
                    "boot", zone.arguments("boot", "illumos", commands), inject: "\(call):signal=SIGKILL:when=\(when)",
                    environment: zone.environment)
                try boot(after)
                try expect(
                    String(contentsOfFile: size, encoding: .utf8), equals: "\(1000 + mebibytes)\n",
                    "\(call) \(when), \(before) to \(after)")
                try expect(
                    String(contentsOfFile: zone.scratch.path + "/run/bhyve/web.resv", encoding: .utf8),
                    equals: "\(mebibytes << 20)\n")
                guard Strace.wasKilled(outcome) else {
                    // illumos-run plays some calls by others.
                    #expect(when > 1 || Hooks.areForIllumos, "the hook does not call \(call)")
                    break
                }
            }
        }
        try expect(
            FileManager.default.contentsOfDirectory(atPath: zone.scratch.path + "/run/bhyve"), equals: ["web.resv"])
    }

    /// The files that boot writes, by path; one that is not there is left out.
    private static func files(_ zone: ScratchZone) throws -> [String: Data] {
        ["hvm/launch", "hvm/secret", "root/etc/uefivars"].reduce(into: [:]) { files, path in
            files[path] = FileManager.default.contents(atPath: zone.zonepath + "/" + path)
        }
    }
}
