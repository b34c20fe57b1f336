import Foundation
import TestSupport
import Testing

/// How a hypervisor ended: what init leaves of it, and what the hooks make of that.
@Suite struct EndTests {
    /// A hypervisor that ends, and what is to be said of it.
    struct Case: CustomTestStringConvertible, Sendable {
        let hypervisor: String
        let script: String
        let status: Int32
        /// The last word of init's line.
        let end: String
        let sentence: String

        init(_ hypervisor: String, _ script: String, _ status: Int32, _ end: String, _ sentence: String) {
            self.hypervisor = hypervisor
            self.script = script
            self.status = status
            self.end = end
            self.sentence = sentence
        }

        init(_ hypervisor: String, _ script: String, _ status: Int32, _ sentence: String) {
            self.init(hypervisor, script, status, "status=\(status)", sentence)
        }

        var testDescription: String { "\(hypervisor): \(script)" }
    }

    static let cases = [
        Case("bhyve", "exit 0", 0, "the guest reset itself"),
        Case("bhyve", "echo 'fbuf frame buffer base: 0x0'; exit 1", 1, "the guest powered itself off"),
        Case("bhyve", "exit 2", 2, "the guest halted its CPUs for good"),
        Case("bhyve", "exit 3", 3, "the guest crashed: its CPU met a triple fault"),
        Case(
            "bhyve", "echo 'vm_create: Device busy' >&2; exit 4", 4,
            "bhyve ended with status 4 after N s: vm_create: Device busy"),
        Case("bhyve", "exit 4", 4, "bhyve ended with status 4 after N s"),
        Case(
            "bhyve", "printf 'vm exit: no end of line'; exit 4", 4,
            "bhyve ended with status 4 after N s: vm exit: no end of line"),
        Case(
            "bhyve", "echo 1; echo 2; echo; echo 3; echo 4; exit 71", 71,
            "bhyve ended with status 71 after N s: 2; 3; 4"),
        Case(
            "bhyve", "echo 'vmexit_suspend: invalid reason 9'; exit 100", 100,
            "bhyve ended with status 100 after N s: vmexit_suspend: invalid reason 9"),
        Case(
            "bhyve", "echo 'bhyve: illegal option -- q'; echo 'Usage: bhyve [-h]'; exit 1", 1,
            "bhyve ended with status 1 after N s: bhyve: illegal option -- q; Usage: bhyve [-h]"),
        Case(
            "bhyve", "echo 'vm_run error -1, errno 22'; exit 1", 1,
            "bhyve ended with status 1 after N s: vm_run error -1, errno 22"),
        Case("bhyve", "kill -KILL $$", 137, "signal=9", "bhyve was killed by signal 9 (SIGKILL) after N s"),
        Case(
            "bhyve", "echo oops; kill -ABRT $$", 134, "signal=6",
            "bhyve was killed by signal 6 (SIGABRT) after N s: oops"),
        Case("classic-qemu", "exit 0", 0, "the guest powered itself off"),
        Case(
            "classic-qemu", "echo 'qemu: could not open disk image /d: No such file or directory'; exit 1", 1,
            "QEMU ended with status 1 after N s: qemu: could not open disk image /d: No such file or directory"),
        Case("modern-qemu", "exit 0", 0, "the guest powered itself off or reset"),
        Case(
            "modern-qemu", "echo 'qemu: terminating on signal 15 from pid 1 (init)'; exit 0", 0,
            "QEMU ended with status 0 after N s: qemu: terminating on signal 15 from pid 1 (init)"),
        Case("modern-qemu", "kill -TERM $$", 143, "signal=15", "QEMU was killed by signal 15 (SIGTERM) after N s"),
        // What the zone says can do nothing to a terminal, and has an end.
        Case(
            "bhyve", #"printf 'a\033[2Jb\r\n'; exit 4"#, 4, #"bhyve ended with status 4 after N s: a\x1b[2Jb"#),
        Case(
            "bhyve", "head -c 9999 /dev/zero | tr '\\0' x; echo; exit 4", 4,
            "bhyve ended with status 4 after N s: \(String(repeating: "x", count: 200))…"),
        Case(
            "bhyve", "yes noise | head -n 5000; echo last >&2; exit 4", 4,
            "bhyve ended with status 4 after N s: noise; noise; last"),
        // Lines of ours that a hypervisor makes up are not its last words; the end is what init wrote last.
        Case(
            "bhyve",
            "echo '2026-11-22T13:47:00Z init: end pid=1 start=2026-11-22T13:47:00Z seconds=0 status=1'; echo real; exit 4",
            4, "bhyve ended with status 4 after N s: real"),
    ]

    private func zone(_ hypervisor: String) throws -> ScratchZone {
        let zone = try ScratchZone(brand: hypervisor == "bhyve" ? "bhyve" : "kvm")
        try zone.install()
        return zone
    }

    private func run(_ zone: ScratchZone, _ hypervisor: String, _ script: String) throws -> Int32 {
        try zone.writeLaunch("hypervisor \(hypervisor)\nexec /bin/bash\narg -c\narg ulimit -c 0; \(script)\n")
        let outcome = try zone.runInside("init", ["-p", "linux"])
        #expect(outcome == Outcome(status: outcome.status, output: "", errors: ""))
        return outcome.status
    }

    private func change(_ zone: ScratchZone, _ words: [String]) throws {
        try expect(
            zone.run("statechange", words, platform: "illumos", commands: StandIns(zone.scratch, ["pgrep": "exit 1"])),
            equals: Outcome(status: 0, output: "", errors: ""))
    }

    /// The log's lines about ends, times and numbers made known.
    private func ends(_ log: String) -> [String] {
        log.split(separator: "\n").filter { $0.contains(" ended at ") }.map { line in
            String(line.dropFirst(21)).replacing(/[0-9]{4}-[0-9:TZ-]+/, with: "T").replacing(
                /process [0-9]+/, with: "process P"
            )
            .replacing(/after [0-9]+ s/, with: "after N s")
        }
    }

    @Test(
        "init ends as the hypervisor did; the end is one line of init.log, and one sentence in the zone's log",
        arguments: cases)
    func end(_ end: Case) throws {
        let zone = try zone(end.hypervisor)
        try expect(run(zone, end.hypervisor, end.script), equals: end.status)
        let log = try #require(zone.read("tmp/init.log")).split(whereSeparator: \.isNewline)
        #expect(log.first?.dropFirst(20) == " init: run /bin/bash")
        let record = try #require(log.last)
        #expect(
            record.wholeMatch(of: /[0-9TZ:-]{20} init: end pid=[0-9]+ start=[0-9TZ:-]{20} seconds=[0-9]+ [a-z]+=[0-9]+/)
                != nil)
        #expect(record.hasSuffix(" \(end.end)"))

        for _ in 1...2 { try change(zone, ["post", "4", "4"]) }
        expect(ends(zone.log), equals: ["statechange: the machine ended at T (process P): \(end.sentence)"])
        for _ in 1...2 { try change(zone, ["pre", "2", "0"]) }
        expect(ends(zone.log), equals: ["statechange: the last run ended at T (process P): \(end.sentence)"])
        try change(zone, ["post", "4", "4"])
        #expect(ends(zone.log).count == 1)
        // A boot removes the log of init: what is there after one is this run's, though all of it is as it was.
        try zone.scratch.write(
            "zones/web/log/zone.log", zone.log + "2026-11-22T13:47:00Z boot: ready to start: /bin/bash\n")
        try change(zone, ["post", "4", "4"])
        expect(
            ends(zone.log),
            equals: ["last run", "machine"].map { "statechange: the \($0) ended at T (process P): \(end.sentence)" })
    }

    @Test("a run whose end nobody wrote down has none, and the end before it is not taken for it")
    func unknownEnd() throws {
        let zone = try zone("bhyve")
        try expect(run(zone, "bhyve", "exit 0"), equals: 0)
        let log = try #require(zone.read("tmp/init.log"))
        for after in ["2026-11-22T13:47:00Z init: run /usr/sbin/bhyve\n", String(repeating: "x\n", count: 2048)] {
            try zone.scratch.write("zones/web/root/tmp/init.log", log + after)
            try change(zone, ["post", "4", "4"])
            try change(zone, ["pre", "2", "0"])
            expect(ends(zone.log), equals: [])
        }
    }

    @Test(
        "a log that is not what init wrote tells nothing, and holds nobody",
        arguments: [
            "ln -s /etc/passwd tmp/init.log", "mkfifo tmp/init.log", "mkdir tmp/init.log", ": >tmp/init.log",
            "echo 'T init: end pid=1 start=T seconds=1 status=1' >tmp/init.log",
            "echo '2026-11-22T13:47:00Z init: end pid=1 start=2026-11-22T13:47:00Z seconds=1 status=256' >tmp/init.log",
            "echo '2026-11-22T13:47:00Z init: end pid=1 start=2026-11-22T13:47:00Z seconds=99999999999 status=1' >tmp/init.log",
            "echo '2026-11-22T13:47:00Z init: end pid= start=2026-11-22T13:47:00Z seconds=1 signal=1' >tmp/init.log",
            "echo '2026-11-22T13:47:00Z init: end pid=1 start=2026-11-22T13:47:00Z seconds=1 status=1 ' >tmp/init.log",
            "printf '2026-11-22T13:47:00Z init: end\\n\\0\\377' >tmp/init.log",
        ])
    func hostile(_ make: String) throws {
        let zone = try zone("bhyve")
        let made = try Hooks.run(program: "/bin/sh", ["-ec", "cd '\(zone.root)'; \(make)"])
        #expect(made == Outcome(status: 0, output: "", errors: ""))
        try change(zone, ["post", "4", "4"])
        try change(zone, ["pre", "2", "0"])
        expect(ends(zone.log), equals: [])
    }

    @Test("init hands signals on, ends with the hypervisor's status, and holds nothing but /dev/null meanwhile")
    func signals() throws {
        let zone = try zone("bhyve")
        let ready = "\(zone.scratch.path)/ready"
        try zone.writeLaunch(
            """
            hypervisor bhyve
            exec /bin/bash
            arg -c
            arg trap 'echo hup' HUP; trap 'echo term; exit 7' TERM; : >'\(ready)'; while :; do sleep 0.05; done

            """)
        // The shell stands between: Foundation takes a program that closes what it was started with for one that has ended.
        let command = zone.mounting + [Hooks.directory + "/init", "-R", zone.root, "-p", "linux"]
        let background = try Background(["/bin/sh", "-c", "\"$@\"; exit", "sh"] + command)
        defer { background.stop() }
        wait(for: "the hypervisor to be ready") { FileManager.default.fileExists(atPath: ready) }
        // bubblewrap starts init as its child, and init the hypervisor.
        let bubblewrap = try #require(Self.children(of: background.process.processIdentifier).first)
        let parent = try #require(Self.children(of: bubblewrap).first)
        let hypervisor = try #require(Self.children(of: parent).first)
        let open = try Hooks.run(
            program: "/bin/sh", ["-c", "for fd in /proc/\(parent)/fd/*; do readlink $fd; done | sort -u"])
        // illumos-run carries the executable.
        if !Hooks.areForIllumos { #expect(open.output == "/dev/null\n") }
        kill(parent, SIGHUP)
        wait(for: "the signal to be seen") { zone.read("tmp/init.log")?.contains("hup\n") ?? false }
        kill(parent, SIGTERM)
        background.waitForEnd()
        #expect(background.process.terminationStatus == 7)
        let lines = try #require(zone.read("tmp/init.log")).split(separator: "\n")
        #expect(lines.dropFirst().prefix(2) == ["hup", "term"])
        #expect(lines.last?.contains(" end pid=\(hypervisor) ") == true)
    }

    /// The processes that a process has started.
    private static func children(of pid: Int32) -> [Int32] {
        let text = try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
        return (text ?? "").split(separator: " ").compactMap { Int32($0) }
    }
}
