import Foundation
import TestSupport
import Testing

/// A boot that ends, or waits, while rsrvrctl moves memory.
@Suite struct ReservoirTests {
    private static let reserves = #"<attr name="memreserve" value="on"/><attr name="ram" value="1G"/>"#
    /// MiB of such a machine.
    private static let mebibytes = 1040

    /// Two zones of one host, with a reservoir of KiB in a file. `adding` is what rsrvrctl does before it adds; told to end
    /// meanwhile, it has added 50 MiB.
    private struct Host {
        let web: ScratchZone
        let other: ScratchZone
        let commands: StandIns

        init(adding: String) throws {
            web = try ScratchZone(body: ReservoirTests.reserves)
            other = try ScratchZone("other", body: ReservoirTests.reserves)
            let place = web.scratch.path
            try web.scratch.write("size", "1000")
            commands = try StandIns(
                web.scratch,
                [
                    "bhyve": BootForRealTests.acceptingBhyve,
                    "rsrvrctl": """
                    size=$(cat '\(place)/size')
                    case $1 in
                    -q) printf 'Free KiB:\\t%s\\nAllocated KiB:\\t0\\n' $size ;;
                    -a) trap 'echo 52200 >"\(place)/size"; exit 1' TERM
                        echo $$ >'\(place)/pid.new'; mv '\(place)/pid.new' '\(place)/pid'
                        \(adding)
                        echo $((size + $2 * 1024)) >'\(place)/size' ;;
                    -r) echo $((size - $2 * 1024)) >'\(place)/size' ;;
                    esac
                    """,
                ])
            for zone in [web, other] { try zone.install() }
        }

        /// The arguments of a zone's boot; both zones share one run directory.
        func boot(_ zone: ScratchZone) -> [String] { zone.arguments("boot", "illumos", commands) }

        func run(_ zone: ScratchZone) throws -> Outcome {
            try Hooks.run("boot", boot(zone), environment: web.environment)
        }

        /// A boot of `web` in which rsrvrctl adds now.
        func startAdding() throws -> Background {
            let boot = Background(unstarted: [Hooks.directory + "/boot"] + boot(web))
            boot.process.environment = web.environment
            try boot.process.start()
            while !exists("pid") && boot.process.isRunning { usleep(5000) }
            return boot
        }

        func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: web.scratch.path + "/" + name) }

        func text(_ name: String) -> String? {
            try? String(contentsOfFile: web.scratch.path + "/" + name, encoding: .utf8)
        }

        /// What the reservoir grew by, and what is remembered of it, in MiB.
        func state() -> [String: Int?] {
            [
                "grown": Int(text("size")?.dropLast() ?? "").map { ($0 - 1000) / 1024 },
                "web": held("web"), "other": held("other"), "moving": text("run/bhyve/.moving").map { _ in 1 },
            ]
        }

        private func held(_ name: String) -> Int? {
            Int(text("run/bhyve/\(name).resv")?.dropLast() ?? "").map { $0 >> 20 }
        }
    }

    @Test("memory that rsrvrctl adds behind a boot that was killed is the zone's: nobody moves any until it has ended")
    func killed() throws {
        let host = try Host(adding: #"[ -e "$0.once" ] || sleep 1; : >"$0.once""#)
        let boot = try host.startAdding()
        boot.stop()
        try expect(host.run(host.other), equals: Outcome(status: 0, output: "", errors: ""))
        let one = Self.mebibytes
        #expect(host.state() == ["grown": 2 * one, "web": one, "other": one, "moving": nil])
    }

    @Test(
        "an interrupt ends rsrvrctl before the boot, and what it moved is settled",
        arguments: [SIGTERM, SIGINT, SIGHUP])
    func interrupted(_ signal: Int32) throws {
        let host = try Host(adding: "while :; do sleep 0.05; done")
        let boot = try host.startAdding()
        let pid = try #require(Int32(host.text("pid")?.dropLast() ?? ""))
        kill(boot.process.processIdentifier, signal)
        boot.waitForEnd()
        #expect(boot.process.terminationReason == .exit)
        #expect(boot.process.terminationStatus == 255)
        #expect(kill(pid, 0) == -1)
        #expect(host.web.log.contains("boot: error: run \(host.commands.directory)/rsrvrctl: it was interrupted\n"))
        #expect(host.state() == ["grown": 50, "web": 50, "other": nil, "moving": nil])
        #expect(host.web.read("etc/launch") == nil)
    }

    @Test("an rsrvrctl that hangs does not hold a zone that reserves nothing")
    func hangs() throws {
        let host = try Host(adding: "exec sleep 600")
        let boot = try host.startAdding()
        defer { boot.stop() }
        defer { kill(Int32(host.text("pid")?.dropLast() ?? "") ?? 0, SIGKILL) }
        try host.other.configure(body: "")
        try expect(host.run(host.other), equals: Outcome(status: 0, output: "", errors: ""))
        #expect(boot.process.isRunning)
    }

    @Test("a boot that waits for another zone's hook can be interrupted")
    func waits() throws {
        let host = try Host(adding: "exec sleep 600")
        let boot = try host.startAdding()
        defer { boot.stop() }
        defer { kill(Int32(host.text("pid")?.dropLast() ?? "") ?? 0, SIGKILL) }
        let outcome = try Hooks.run(
            program: "/usr/bin/timeout", ["-s", "TERM", "1", Hooks.directory + "/boot"] + host.boot(host.other),
            environment: host.web.environment)
        // timeout(1) tells that it sent the signal.
        #expect(outcome.status == 124)
        #expect(
            outcome.errors.hasPrefix(
                "zone other: error: wait for \(host.web.scratch.path)/run/hvm-brand/.reservoir.lock: it was interrupted\n"
            ))
    }
}
