import Foundation
import TestSupport
import Testing

@Suite struct StateChangeTests {
    private func change(_ zone: ScratchZone, _ words: [String], _ commands: StandIns) throws -> Outcome {
        try zone.run("statechange", words, platform: "illumos", commands: commands)
    }

    /// A dladm that knows the VNICs in a file, as the system does.
    private func dladm(_ zone: ScratchZone, known: [String] = []) throws -> StandIns {
        let file = try zone.scratch.write("vnics", known.map { $0 + "\n" }.joined())
        return try StandIns(
            zone.scratch,
            [
                "dladm": """
                for word; do nic=$word; done
                case $1 in
                show-vnic)
                    grep -qx "$nic" '\(file)' || { echo "dladm: invalid vnic name '$nic'" >&2; exit 1; }
                    if [ "$4" = macaddress ]; then echo 2:8:20:a:b:c; else echo "$nic"; fi ;;
                create-vnic) echo "$nic" >>'\(file)' ;;
                delete-vnic) sed -i "/^$nic$/d" '\(file)' ;;
                esac
                """,
                "route": "printf '   route to: %s\\n  interface: igb1\\n      flags: <UP>\\n' \"$3\"",
            ])
    }

    @Test("before a zone is readied its on-demand VNICs are made; after the halt they are removed")
    func vnics() throws {
        let zone = try ScratchZone(
            body: """
                <network physical="fixed0" mac-addr="2:8:20:1:2:3"/>
                <network physical="there0" global-nic="igb0"/>
                <network physical="full0" global-nic="igb0" mac-addr="2:8:20:1:2:3" vlan-id="12"/>
                <network physical="auto0" global-nic="auto" allowed-address="192.0.2.7/24"/>
                <network physical="shared0" global-nic="igb0" address="192.0.2.8/24"/>
                """)
        try zone.install()
        let commands = try dladm(zone, known: ["there0", "fixed0"])
        try expect(change(zone, ["pre", "2", "0"], commands), equals: Outcome(status: 0, output: "", errors: ""))
        try expect(
            commands.calls,
            equals: [
                "dladm [show-vnic] [-p] [-o] [link] [there0]",
                "dladm [show-vnic] [-p] [-o] [link] [full0]",
                "dladm [create-vnic] [-l] [igb0] [-m] [2:8:20:1:2:3] [-v] [12] [full0]",
                "dladm [show-vnic] [-p] [-o] [link] [auto0]",
                "route [-n] [get] [192.0.2.7]",
                "dladm [create-vnic] [-l] [igb1] [auto0]",
                "dladm [show-vnic] [-p] [-o] [macaddress] [auto0]",
                "zonecfg [-z] [web] [select net physical=auto0; set mac-addr=2:8:20:a:b:c; end]",
            ])
        #expect(zone.log.contains("statechange: created VNIC full0\n"))

        try expect(change(zone, ["post", "4", "4"], commands), equals: Outcome(status: 0, output: "", errors: ""))
        try expect(
            commands.calls.filter { $0.contains("delete") },
            equals: [
                "dladm [delete-vnic] [there0]", "dladm [delete-vnic] [full0]", "dladm [delete-vnic] [auto0]",
            ])
        try expect(change(zone, ["post", "4", "4"], commands).status, equals: 0)
        try expect(commands.calls.filter { $0.contains("delete") }.count, equals: 3)
    }

    @Test("a VNIC that cannot be made stops the zone, with dladm's words")
    func vnicFailure() throws {
        let zone = try ScratchZone(body: #"<network physical="a0" global-nic="igb9"/>"#)
        try zone.install()
        let commands = try StandIns(
            zone.scratch, ["dladm": "echo 'dladm: object not found' >&2; exit 1"])
        try expect(
            change(zone, ["pre", "2", "0"], commands),
            equals: Outcome(
                status: 255, output: "",
                errors: "zone web: error: dladm create-vnic -l igb9 a0: dladm: object not found\n"))
        // On the way down the same is no reason to hold the zone.
        try expect(change(zone, ["post", "4", "4"], commands), equals: Outcome(status: 0, output: "", errors: ""))
    }

    @Test("when one VNIC cannot be made, those made before it are removed, and no others")
    func vnicsUndone() throws {
        let zone = try ScratchZone(
            body: """
                <network physical="there0" global-nic="igb0" mac-addr="2:8:20:1:2:3"/>
                <network physical="a0" global-nic="igb0" mac-addr="2:8:20:1:2:4"/>
                <network physical="b0" global-nic="auto"/>
                """)
        try zone.install()
        let commands = try dladm(zone, known: ["there0"])
        try expect(change(zone, ["pre", "2", "0"], commands).status, equals: 255)
        try expect(commands.calls.filter { $0.contains("delete") }, equals: ["dladm [delete-vnic] [a0]"])
        #expect(zone.log.contains("statechange: deleted VNIC a0\n"))
    }

    @Test("after a zone is readied its packet filter is loaded", arguments: ["etc", "config"])
    func packetFilter(_ directory: String) throws {
        let zone = try ScratchZone()
        try zone.install()
        let none = try StandIns(zone.scratch)
        try expect(change(zone, ["post", "2", "0"], none).status, equals: 0)
        try expect(none.calls, equals: [])

        let place = "\(zone.zonepath)/\(directory)"
        for file in ["ipf.conf", "ipf6.conf", "ipnat.conf"] {
            try zone.scratch.write("zones/web/\(directory)/\(file)", "")
        }
        let commands = try StandIns(zone.scratch)
        try expect(change(zone, ["post", "2", "0"], commands), equals: Outcome(status: 0, output: "", errors: ""))
        try expect(
            commands.calls,
            equals: [
                "ipf [-GE] [web]", "ipf [-GFa] [web]", "ipf [-6GFa] [web]", "ipnat [-CF] [-G] [web]",
                "ipf [-Gf] [\(place)/ipf.conf] [web]", "ipf [-6Gf] [\(place)/ipf6.conf] [web]",
                "ipnat [-G] [web] [-f] [\(place)/ipnat.conf]", "ipf [-Gy] [web]",
            ])

        let failing = try StandIns(
            zone.scratch, ["ipf": "case $1 in -Gf) echo 'syntax error at line 3' >&2; exit 1;; esac"])
        try expect(
            change(zone, ["post", "2", "0"], failing),
            equals: Outcome(
                status: 255, output: "",
                errors: "zone web: error: ipf -Gf \(place)/ipf.conf web: syntax error at line 3\n"))
    }

    @Test(
        "changes that mean nothing here are skipped",
        arguments: [["pre", "2", "1"], ["post", "2", "1"], ["pre", "4", "1"], ["post", "3", "1", "/a"]])
    func others(_ words: [String]) throws {
        let zone = try ScratchZone(body: #"<network physical="a0" global-nic="igb0"/>"#)
        try zone.install()
        let commands = try StandIns(zone.scratch)
        try expect(change(zone, words, commands), equals: Outcome(status: 0, output: "", errors: ""))
        try expect(commands.calls, equals: [])
    }

    @Test(
        "wrong usage is 253",
        arguments: [
            [], ["pre"], ["pre", "2"], ["pre", "x", "0"], ["pre", "2", "0", "/a", "b"], ["during", "2", "0"],
        ])
    func usage(_ words: [String]) throws {
        let zone = try ScratchZone()
        let outcome = try change(zone, words, StandIns(zone.scratch))
        #expect(outcome.status == 253)
        #expect(outcome.output == "")
    }
}
