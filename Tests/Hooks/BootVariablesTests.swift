import Foundation
import TestSupport
import Testing

@testable import UEFI

/// The boot order that `boot` writes into a zone's UEFI variables.
@Suite struct BootVariablesTests {
    private static let machine = """
        <device match="/dev/zvol/rdsk/p/*"/>
        <attr name="bootrom" type="string" value="BHYVE_RELEASE"/>
        <attr name="bootdisk" type="string" value="p/a"/>
        <attr name="disk0" type="string" value="p/b"/>

        """

    private func attribute(_ name: String, _ value: String) -> String {
        #"<attr name="\#(name)" type="string" value="\#(value)"/>"# + "\n"
    }

    private func prepare(_ attributes: String) throws -> ScratchZone {
        let zone = try ScratchZone(body: Self.machine + attributes)
        try zone.install()
        try zone.useRealVariables()
        return zone
    }

    private func boot(_ zone: ScratchZone, _ answers: [String: String] = [:]) throws -> [String] {
        let answers = answers.merging(["bhyve": BootForRealTests.acceptingBhyve]) { $1 }
        let commands = try StandIns(zone.scratch, answers)
        #expect(
            try zone.run("boot", platform: "illumos", commands: commands) == Outcome(status: 0, output: "", errors: ""))
        return try commands.calls.filter { !$0.hasPrefix("bhyve ") }
    }

    private func store(_ zone: ScratchZone) throws -> VariableStore {
        try VariableStore(
            [UInt8](try #require(FileManager.default.contents(atPath: zone.root + "/etc/uefivars"))))
    }

    /// The titles of the boot order.
    private func order(_ zone: ScratchZone) throws -> [String] {
        let variables = BootVariables(try store(zone))
        return variables.order.compactMap { number in
            variables.options.first { $0.number == number }?.option.title
        }
    }

    @Test("the first boot has its order, the usual one where none is given, and the next one changes it")
    func firstBoot() throws {
        let zone = try prepare("")
        #expect(try boot(zone) == [])
        #expect(try order(zone) == ["zone bootdisk"])
        let bytes = try store(zone).bytes
        #expect(try boot(zone) == [])
        #expect(try store(zone).bytes == bytes)
        try zone.configure(body: Self.machine + attribute("bootorder", "shell,disk0"))
        #expect(try boot(zone) == [])
        #expect(try order(zone) == ["EFI Internal Shell", "zone disk0", "zone bootdisk"])
        #expect(!zone.log.contains("warning"))
    }

    @Test("bootnext is set once, and the attr removed; a boot in which it is not set leaves it")
    func next() throws {
        let zone = try prepare(attribute("bootnext", "disk0"))
        #expect(try boot(zone) == ["zonecfg [-z] [web] [remove attr name=bootnext]"])
        #expect(try store(zone).variable(BootVariables.next)?.data == [1, 0])
        #expect(try order(zone) == ["zone bootdisk"])
        try zone.configure(body: Self.machine + attribute("bootnext", "path3"))
        #expect(try boot(zone) == [])
        #expect(
            zone.log.contains(
                "warning: attr \"bootnext\": the firmware has no entry for path3, which is skipped"))
    }

    @Test("a zonecfg that fails is told in the log, and the zone boots")
    func zonecfgFails() throws {
        let zone = try prepare(attribute("bootnext", "disk0"))
        #expect(try boot(zone, ["zonecfg": "echo 'no such zone' >&2; exit 1"]).count == 1)
        #expect(zone.log.contains("warning: the attr bootnext is not removed: no such zone\n"))
        #expect(zone.log.contains("ready to start"))
    }

    @Test("a dry run tells all of it, and writes nothing")
    func dryRun() throws {
        let zone = try prepare(attribute("bootnext", "disk0") + attribute("bootorder", "net0,path1"))
        let commands = try StandIns(zone.scratch)
        let shown = try zone.run("boot", ["-t"], platform: "illumos", commands: commands)
        #expect(shown.errors == "")
        let stale =
            ["hvm/secret", "root/tmp/init.log"].map { "\(zone.zonepath)/\($0)" }
            + ["etc/bhyve.cfg", "etc/launch", "etc/qemu.secret", "cloud-init"].map { "\(zone.root)/\($0)" }
        #expect(
            shown.output.hasSuffix(
                """
                # runs bhyve -o config.dump=1 with these arguments (tells what bhyve refuses)
                # holds no memory in the reservoir (memory set aside)
                # writes \(zone.root)/etc/uefivars (UEFI variables, with the boot order)
                # writes \(zone.zonepath)/hvm/launch (the command for init)
                # removes, where it is there, \(stale.joined(separator: ", ")) and \(zone.root)/cloud-init.iso \
                (left by an earlier boot)
                # writes \(zone.zonepath)/log/zone.log (log, appended)
                # runs zonecfg -z web 'remove attr name=bootnext' (boots so once)

                """))
        let explained = try zone.run("boot", ["-e"], platform: "illumos", commands: commands)
        #expect(explained.output.contains("runs zonecfg -z web 'remove attr name=bootnext'"))
        #expect(explained.errors.contains("info: attr \"bootorder\": the firmware has no entry for path1"))
        #expect(try commands.calls == [])
        #expect(zone.read("etc/uefivars") == nil)
    }

    @Test(
        "variables that are none are left alone, and the zone boots",
        arguments: [
            ("", "it is not a firmware volume: there is no _FVH, at 0x28"),
            ("the guest's own", "it is not a firmware volume: there is no _FVH, at 0x28"),
        ])
    func corrupt(_ content: String, _ reason: String) throws {
        let zone = try prepare(attribute("bootnext", "disk0"))
        try zone.scratch.write("zones/web/root/etc/uefivars", content)
        #expect(try boot(zone) == [])
        #expect(zone.read("etc/uefivars") == content)
        #expect(zone.log.contains("\(zone.root)/etc/uefivars: warning: the boot order is not set: \(reason)\n"))
    }

    @Test("a file that is too large is left alone too")
    func tooLarge() throws {
        let zone = try prepare("")
        let path = zone.root + "/etc/uefivars"
        #expect(FileManager.default.createFile(atPath: path, contents: Data(count: 2 << 20)))
        #expect(try boot(zone) == [])
        #expect(try #require(FileManager.default.contents(atPath: path)).count == 2 << 20)
        #expect(zone.log.contains("warning: the boot order is not set: "))
    }

    @Test("a zone without UEFI variables gets none")
    func withoutVariables() throws {
        let zone = try prepare(attribute("uefivars", "off") + attribute("bootnext", "disk0"))
        #expect(try boot(zone) == [])
        #expect(zone.read("etc/uefivars") == nil)
        #expect(zone.log.contains("attr \"bootnext\": it is left out: the machine keeps no UEFI variables"))
    }
}
