import Foundation
import TestSupport
import Testing

/// The power button is pressed once, whoever stops the machine and however often.
@Suite struct PowerButtonTests {
    /// A bhyve whose guest powers off a while after the first press, unless a second one tells it to stay on, or never.
    private func start(_ zone: ScratchZone, obeys: Bool) throws -> (Background, StandIns) {
        let (ready, presses) = ("\(zone.scratch.path)/ready", "\(zone.scratch.path)/presses")
        let bhyve = try Background(
            [
                "/bin/bash", "-c",
                """
                presses=0 ticks=0
                trap 'presses=$((presses + 1)); echo press >>"\(presses)"' TERM
                : >'\(ready)'
                while :; do
                    sleep 0.05
                    [ $presses != 1 ] || ticks=$((ticks + 1))
                    [ $ticks -lt 20 ] || ! \(obeys) || exit 1
                done
                """,
            ], as: "bhyve", in: zone.scratch)
        wait(for: "the process to be ready") { FileManager.default.fileExists(atPath: ready) }
        let commands = try StandIns(
            zone.scratch,
            [
                "pgrep": "echo \(bhyve.process.processIdentifier)",
                "zoneadm": "echo '1:web:running:\(zone.zonepath):\(ScratchZone.uuid):bhyve:excl'",
            ])
        return (bhyve, commands)
    }

    private func presses(_ zone: ScratchZone) -> Int {
        let text = try? String(contentsOfFile: "\(zone.scratch.path)/presses", encoding: .utf8)
        return text?.split(separator: "\n").count ?? 0
    }

    private func zone(limit: Int) throws -> ScratchZone {
        let zone = try ScratchZone(body: "<attr name=\"shutdown-timeout\" type=\"string\" value=\"\(limit)\"/>")
        try zone.install()
        try zone.writeLaunch("hypervisor bhyve\nexec /usr/sbin/bhyve\nshutdown-timeout 0\n")
        return zone
    }

    private func shutdown(_ zone: ScratchZone, _ commands: StandIns) throws -> Outcome {
        try zone.runInside("shutdown", ["-p", "illumos", "-C", commands.directory, "web"])
    }

    private func halt(_ zone: ScratchZone, _ commands: StandIns) throws -> Outcome {
        try zone.run("statechange", ["pre", "4", "4"], platform: "illumos", commands: commands)
    }

    @Test("a guest that takes a second press for a change of mind powers off at a shutdown, another one, and a halt")
    func once() throws {
        let zone = try zone(limit: 600)
        let (bhyve, commands) = try start(zone, obeys: true)
        for _ in 1...2 { try expect(shutdown(zone, commands).status, equals: 255) }
        try expect(halt(zone, commands), equals: Outcome(status: 0, output: "", errors: ""))
        bhyve.waitForEnd()
        #expect(bhyve.process.terminationStatus == 1)
        expect(presses(zone), equals: 1)
        let again = /the guest was asked to power off at [0-9TZ:-]{20}, and is not asked again; waiting up to/
        #expect(zone.read("tmp/init.log")?.contains(again) == true)
        #expect(zone.log.contains(again))
        #expect(zone.log.contains("statechange: the guest powered off after"))
        try expect(zone.run("halt", platform: "illumos", commands: commands).status, equals: 0)
        #expect(zone.read("tmp/vm.asked") == nil)
    }

    @Test(
        "hvm stop leaves a press alone that is pending, unless it is told to press again",
        arguments: [
            (["hvm", "stop"], 1), (["hvm", "stop", "--again"], 2), (["hvm", "stop", "-a"], 2),
        ])
    func again(_ words: [String], _ count: Int) throws {
        let zone = try zone(limit: 0)
        let (bhyve, commands) = try start(zone, obeys: false)
        try expect(shutdown(zone, commands).status, equals: 255)
        wait(for: "the first press to be taken") { presses(zone) == 1 }
        let outcome = try Hooks.run(
            words[0],
            words.dropFirst() + ["-n", "1", "web", "-x", zone.xml, "-C", commands.directory]
                + Hooks.platform("illumos"), environment: zone.environment)
        bhyve.waitForEnd()
        expect(outcome.errors, equals: "")
        expect(
            outcome.output, hasSuffix: "web: halted; the guest ignored the power button for 1 s and was forced off\n")
        #expect(outcome.output.contains("and is not asked again") == (count == 1))
        #expect(
            zone.log.contains(
                /hvm: the machine ended at .*: the guest ignored the power button for 1 s and was forced off\n/))
        expect(presses(zone), equals: count)
    }

    @Test("a guest that ignores the button is pressed once and forced off, which a halt says")
    func ignored() throws {
        let zone = try zone(limit: 0)
        let (bhyve, commands) = try start(zone, obeys: false)
        try expect(shutdown(zone, commands).status, equals: 255)
        let warning = "the guest ignored the power button for 0 s and was forced off"
        try expect(
            halt(zone, commands),
            equals: Outcome(status: 0, output: "", errors: "zone web: warning: \(warning)\n"))
        bhyve.waitForEnd()
        expect(presses(zone), equals: 1)
    }

    @Test(
        "what another hypervisor was asked, or the zone makes up, keeps nobody from pressing, and leads nowhere",
        arguments: [
            "echo '1 2026-11-22T13:47:00Z' >tmp/vm.asked", ": >tmp/vm.asked", "mkdir tmp/vm.asked",
            "mkfifo tmp/vm.asked",
            "ln -s ../../../../outside tmp/vm.asked", "ln -s /dev/zero tmp/vm.asked",
            "head -c 1000000 /dev/urandom >tmp/vm.asked",
            // Others may fill it faster than it is emptied.
            "mkdir tmp/.vm.asked.new; : >tmp/.vm.asked.new/file",
        ])
    func hostile(_ make: String) throws {
        let zone = try zone(limit: 600)
        let outside = try zone.scratch.write("outside", "precious")
        let made = try Hooks.run(program: "/bin/sh", ["-ec", "cd '\(zone.root)'; \(make)"])
        #expect(made == Outcome(status: 0, output: "", errors: ""))
        let (bhyve, commands) = try start(zone, obeys: true)
        try expect(halt(zone, commands), equals: Outcome(status: 0, output: "", errors: ""))
        bhyve.waitForEnd()
        expect(presses(zone), equals: 1)
        try expect(String(contentsOfFile: outside, encoding: .utf8), equals: "precious")
        let stays = FileManager.default.fileExists(atPath: "\(zone.root)/tmp/.vm.asked.new/file")
        expect(stays, equals: make.contains(".vm.asked.new/file"))
        expect(zone.log.contains("remove \(zone.root)/tmp/.vm.asked.new: "), equals: stays)
    }

    @Test(
        "what the zone says of its end takes nothing back of what the host has seen",
        arguments: ["", "seconds=1 status=2", "seconds=1 signal=9"])
    func lies(_ record: String) throws {
        let zone = try zone(limit: 0)
        let (bhyve, commands) = try start(zone, obeys: false)
        func lie(_ process: Int) throws {
            guard !record.isEmpty else { return }
            try zone.scratch.write(
                "zones/web/root/tmp/init.log",
                "2026-11-22T13:47:00Z init: end pid=\(process) start=2026-11-22T13:47:00Z \(record)\n")
        }
        try lie(1)
        try expect(halt(zone, commands).status, equals: 0)
        bhyve.waitForEnd()
        try lie(2)
        for words in [["post", "4", "4"], ["pre", "2", "0"]] {
            let gone = try StandIns(zone.scratch, ["pgrep": "exit 1"])
            try expect(
                zone.run("statechange", words, platform: "illumos", commands: gone),
                equals: Outcome(status: 0, output: "", errors: ""))
        }
        let ends = zone.log.split(separator: "\n").filter { $0.contains(" ended at ") }
        expect(ends.count, equals: 1)
        expect(
            String(ends.first ?? ""), hasSuffix: ": the guest ignored the power button for 0 s and was forced off")
    }

    @Test("a zone that hides its hypervisor among others of that name is halted without being asked")
    func crowd() throws {
        let zone = try zone(limit: 600)
        let commands = try StandIns(zone.scratch, ["pgrep": "seq 1000001 1000017"])
        try expect(halt(zone, commands), equals: Outcome(status: 0, output: "", errors: ""))
        expect(
            zone.log,
            contains: "cannot find out whether a hypervisor is running: the zone has 17 processes named bhyve\n")
    }
}
