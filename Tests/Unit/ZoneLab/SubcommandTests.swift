import Testing

@testable import ZoneLab

/// The table of zoneadm's subcommands.
@Suite struct SubcommandTests {
    private static let incomplete = ("zone is incomplete; uninstall required.", "zoneadm -z b uninstall")

    /// What each says to a zone that is configured, incomplete, installed; nothing where it goes on.
    static let refusals: [(names: [String], said: [ZoneIndex.State: (text: String, remedy: String?)])] = [
        (["list", "halt", "reboot", "shutdown", "mark"], [:]),
        (["uninstall"], [.configured: ("is already in state 'configured'.", nil)]),
        (["verify"], [.incomplete: incomplete]),
        (["install", "attach", "clone"], [.incomplete: incomplete, .installed: ("is already installed.", nil)]),
        (
            ["ready", "boot", "move", "detach"],
            [
                .configured: ("must be installed before %.", "zoneadm -z b install"),
                .incomplete: ("must be installed before %.", "zoneadm -z b uninstall"),
            ]
        ),
    ]

    @Test("a subcommand is for some states of a zone", arguments: refusals)
    func refuse(_ row: (names: [String], said: [ZoneIndex.State: (text: String, remedy: String?)])) throws {
        for name in row.names {
            let subcommand = try Subcommand.named(name)
            for state in [ZoneIndex.State.configured, .incomplete, .installed] {
                let expected = row.said[state].map { said in
                    LabError(
                        "zone 'b': \(said.text.replacing("%", with: name))", remedies: said.remedy.map { [$0] } ?? [])
                }
                #expect(subcommand.refusal(of: "b", in: state) == expected, "\(name) of a zone that is \(state)")
            }
        }
    }

    @Test("the states of every subcommand are known here")
    func all() {
        #expect(Set(Self.refusals.flatMap(\.names)) == Set(Subcommand.all.map(\.name)))
        #expect(Subcommand.all.count == 14)
    }

    @Test("a forced boot is for a zone that is incomplete")
    func forced() throws {
        let boot = try Subcommand.named("boot")
        #expect(
            boot.refusal(of: "b", in: .configured, isForced: true)
                == LabError("zone 'b': must be incomplete before boot."))
        #expect(boot.refusal(of: "b", in: .incomplete, isForced: true) == nil)
        #expect(boot.refusal(of: "b", in: .installed, isForced: true) == nil)
    }

    @Test("what there is none of is refused, what a host has beside these too")
    func unknown() {
        #expect(throws: LabError("mount: not in the lab")) { try Subcommand.named("mount") }
        for (name, meant) in [("instal", "install"), ("start", "boot"), ("stop", "shutdown")] {
            let error = LabError(
                "\"\(name)\" is not a subcommand", remedy: "did you mean zoneadm -z ZONE \(meant)?", status: 2)
            #expect(throws: error) { try Subcommand.named(name) }
        }
        #expect(throws: LabError("\"dance\" is not a subcommand\n\(Zoneadm.usage)", status: 2)) {
            try Subcommand.named("dance")
        }
    }

    @Test("the usage has a line for each")
    func usage() {
        let lines = Zoneadm.usage.lines
        #expect(lines.first == "usage: zoneadm list [-ci] [-v | -p]")
        #expect(lines.dropFirst().first == "       zoneadm -z ZONE list [-v | -p]")
        #expect(lines.contains("       zoneadm -z ZONE halt"))
        #expect(lines.count == Subcommand.all.count + 1)
    }
}
