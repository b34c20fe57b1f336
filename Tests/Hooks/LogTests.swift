import Foundation
import TestSupport
import Testing

/// `hvm log`: what was done and said, in time order.
@Suite struct LogTests {
    private func prepare() throws -> ScratchZone {
        let zone = try ScratchZone()
        try zone.scratch.write(
            "zones/web/log/zone.log",
            """
            2026-11-22T10:00:00Z statechange: created VNIC web0
            2026-11-22T10:00:02Z boot: ready to start: /usr/sbin/bhyve web
            2026-11-22T10:05:00Z statechange: the guest powered off after 3 s

            """)
        try zone.scratch.write(
            "zones/web/root/tmp/init.log",
            "lost\n2026-11-22T10:00:03Z init: warning: no\nbhyve: \u{1b}[2J\u{9b}\n2026-11-22T10:04:59Z shutdown: asked"
        )
        return zone
    }

    private func log(_ zone: ScratchZone, _ arguments: [String]) throws -> Outcome {
        try Hooks.run("hvm", ["log", "-x", zone.xml] + arguments + ["web"])
    }

    private static let merged = """
                              init.log  lost
        2026-11-22T10:00:00Z  zone.log  statechange: created VNIC web0
        2026-11-22T10:00:02Z  zone.log  boot: ready to start: /usr/sbin/bhyve web
        2026-11-22T10:00:03Z  init.log  init: warning: no
                              init.log  bhyve: \\x1b[2J\\xc2\\x9b
        2026-11-22T10:04:59Z  init.log  shutdown: asked
        2026-11-22T10:05:00Z  zone.log  statechange: the guest powered off after 3 s

        """

    @Test("both logs are one, in time order, and do nothing to a terminal")
    func merged() throws {
        let zone = try prepare()
        try expect(log(zone, []), equals: Outcome(status: 0, output: Self.merged, errors: ""))
        try expect(
            log(zone, ["-n", "1"]),
            equals: Outcome(
                status: 0, output: "2026-11-22T10:05:00Z  zone.log  statechange: the guest powered off after 3 s\n",
                errors: ""))
        try expect(
            log(zone, ["-j", "-n2"]),
            equals: Outcome(
                status: 0,
                output: """
                    {"lines":[{"time":"2026-11-22T10:04:59Z","log":"init.log","text":"shutdown: asked"},\
                    {"time":"2026-11-22T10:05:00Z","log":"zone.log","text":"statechange: the guest powered off after 3 s"}]}

                    """, errors: ""))
    }

    @Test("a zone that puts a link, a fifo or a directory where its log was shows nothing of it")
    func hostile() throws {
        for kind in ["ln -s /etc/passwd", "mkfifo", "mkdir"] {
            let zone = try prepare()
            let made = try Hooks.run(
                program: "/bin/sh", ["-c", "rm \"$0\"; \(kind) \"$0\"", zone.root + "/tmp/init.log"])
            #expect(made.status == 0)
            let outcome = try log(zone, [])
            #expect(outcome.status == 0)
            #expect(!outcome.output.contains("init.log"), "\(kind)")
            expect(outcome.output, contains: "created VNIC web0\n")
        }
    }

    @Test("a log that the zone makes longer faster than it is read, on a line that never ends, has an end all the same")
    func endless() throws {
        let zone = try prepare()
        let grown = zone.scratch.path + "/grown"
        // Holes take no space.
        let writer = try Background([
            "/usr/bin/python3", "-c",
            """
            import sys
            with open(sys.argv[1], "ab") as log:
                for size in range(1 << 23, 1 << 40, 1 << 22):
                    log.truncate(size)
                    if size == 1 << 30: open(sys.argv[2], "w")
            """, zone.root + "/tmp/init.log", grown,
        ])
        defer { writer.stop() }
        wait(for: "the log to have grown") { FileManager.default.fileExists(atPath: grown) }
        let outcome = try Hooks.run(
            program: "/usr/bin/timeout", ["-s", "KILL", "120", Hooks.directory + "/hvm", "log", "-x", zone.xml, "web"])
        expect(outcome.status, equals: 0)
        let lines = outcome.output.split(separator: "\n").filter { $0.contains("  init.log  ") }
        #expect(lines.map { $0.hasSuffix("\\x00…") } == [true])
        #expect(lines.allSatisfy { $0.utf8.count < 10_000 })
    }

    @Test("a log that is not there has no lines, and a zone without a configuration is told of")
    func nothing() throws {
        let zone = try ScratchZone()
        try expect(log(zone, []), equals: Outcome(status: 0, output: "", errors: ""))
        let outcome = try Hooks.run("hvm", ["log", "-d", zone.scratch.path + "/none", "web"])
        #expect(outcome.status == 255)
        #expect(outcome.output == "")
        expect(outcome.errors, hasPrefix: "zone web: ")
    }

    @Test("-f goes on with both logs, through a new boot, until it is interrupted")
    func follow() throws {
        let zone = try prepare()
        let file = try zone.scratch.write("followed", "")
        let log = Background(unstarted: [Hooks.directory + "/hvm", "log", "-f", "-x", zone.xml, "web"])
        log.process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try log.process.start()
        defer { log.stop() }
        func said() -> String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }
        func append(_ path: String, _ text: String) throws {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: zone.zonepath + path))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(text.utf8))
        }
        wait(for: "the logs as they are") { said().hasSuffix("after 3 s\n") }
        // The rest of the last line, and another one.
        try append("/root/tmp/init.log", " twice\n2026-11-22T10:05:01Z init: ended\n")
        wait(for: "init.log to go on") { said().hasSuffix("init: ended\n") }
        let files = FileManager.default
        try append("/log/zone.log", "2026-11-22T10:05:02Z halt: last\n")
        try files.moveItem(atPath: zone.zonepath + "/log/zone.log", toPath: zone.zonepath + "/log/zone.log.old")
        try files.removeItem(atPath: zone.root + "/tmp/init.log")
        try zone.scratch.write("zones/web/log/zone.log", "2026-11-22T10:06:00Z boot: anew\n")
        wait(for: "the new log") { said().hasSuffix("boot: anew\n") }
        try zone.scratch.write("zones/web/root/tmp/init.log", "2026-11-22T10:06:01Z init: anew\n")
        wait(for: "the new log of init") { said().hasSuffix("init: anew\n") }
        log.process.interrupt()
        log.process.waitUntilExit()
        #expect(log.process.terminationStatus == 0)
        expect(
            said(),
            equals: Self.merged.replacingOccurrences(
                of: "2026-11-22T10:04:59Z  init.log  shutdown: asked\n", with: "") + """
                    2026-11-22T10:04:59Z  init.log  shutdown: asked twice
                    2026-11-22T10:05:01Z  init.log  init: ended
                    2026-11-22T10:05:02Z  zone.log  halt: last
                    2026-11-22T10:06:00Z  zone.log  boot: anew
                    2026-11-22T10:06:01Z  init.log  init: anew

                    """)
    }

    @Test("a boot tells what each of its steps took")
    func steps() throws {
        let zone = try ScratchZone(body: #"<attr name="bootrom" type="string" value="BHYVE_RELEASE"/>"#)
        try zone.install()
        let commands = try StandIns(zone.scratch, ["bhyve": BootForRealTests.acceptingBhyve])
        try expect(
            zone.run("boot", platform: "illumos", commands: commands),
            equals: Outcome(status: 0, output: "", errors: ""))
        let steps = zone.log.split(separator: "\n").compactMap { line in
            line.wholeMatch(of: /\S+ boot: step: \d+ ms for (.*)/).map { String($0.1) }
        }
        expect(
            steps,
            equals: [
                "the plan of the boot", "tells what bhyve refuses", "memory set aside",
                "UEFI variables, with the boot order", "the command for init", "left by an earlier boot",
            ])
    }
}
