import Foundation
import TestSupport
import Testing

/// The real hooks, called as zoneadm calls them.
@Suite struct RealHooksTests {
    private static func make(_ name: String, _ more: String = "") -> String {
        Zones.configure(name, "\(Zones.attribute("bootrom", "BHYVE_RELEASE")); \(more)")
    }

    @Test("a clone has a UUID of its own, and nothing of the source's")
    func clone() throws {
        let lab = try Lab()
        let outcome = try lab.run(
            Self.make("s") + Self.make("b") + """
                zoneadm -z s install && cd /data/zone/s && mkdir hvm && cd root
                touch ../hvm/launch ../hvm/secret etc/launch etc/bhyve.cfg etc/uefivars cloud-init.iso tmp/init.log
                touch tmp/vm.pid; echo mine >tmp/mine; cd /
                zoneadm -z b clone -m copy s; echo $?
                for zone in s b; do
                    [ "$(cat /data/zone/$zone/root/etc/uuid)" = "$(zoneadm -z $zone list -p | cut -d: -f5)" ] && echo same
                done
                (cd /data/zone/b; ls hvm log root root/etc root/tmp; cat root/tmp/mine; cut -d' ' -f2- log/zone.log)
                zoneadm -z b uninstall -F; zoneadm -z b list -p | cut -d: -f3; ls /data/zone
                """, withGuest: false)
        expect(outcome.errors, equals: Zones.nothingToBoot("s") + Zones.nothingToBoot("b"))
        #expect(
            outcome.output == """
                Copying /data/zone/s...
                0
                same
                same
                hvm:

                log:
                zone.log

                root:
                bin
                dev
                etc
                lib
                sbin
                tmp
                usr
                var

                root/etc:
                passwd
                uuid

                root/tmp:
                mine
                mine
                postclone: made a machine of its own of a copy of zone s
                configured
                s

                """)
    }

    /// A command with the real hooks, its status, and the zone's state then; from installed, and with a broken file.
    static let calls: [(command: String, status: Int, state: String, brokenStatus: Int, brokenState: String)] = [
        ("list", 0, "installed", 0, "installed"), ("list -p", 0, "installed", 0, "installed"),
        ("list -v", 0, "installed", 0, "installed"), ("verify", 0, "installed", 1, "installed"),
        ("halt", 0, "installed", 0, "installed"), ("uninstall -F", 0, "configured", 0, "configured"),
        ("detach", 0, "configured", 0, "configured"), ("mark incomplete", 0, "incomplete", 0, "incomplete"),
        ("move /data/b", 0, "installed", 0, "installed"), ("boot", 0, "running", 1, "installed"),
    ]

    @Test("zoneadm does as the real hooks say, with a right file and a broken one", arguments: calls, [false, true])
    func call(
        _ row: (command: String, status: Int, state: String, brokenStatus: Int, brokenState: String), _ isBroken: Bool
    ) throws {
        let lab = try Lab()
        let timeout = "add attr; set name=shutdown-timeout; set type=int; set value=0; end"
        let outcome = try lab.run(
            Self.make("b", timeout) + """
                zoneadm -z b install || exit 9
                \(isBroken ? "sed -i 's/BHYVE_RELEASE/NONE/' /etc/zones/b.xml" : "")
                zoneadm -z b \(row.command) >/dev/null; echo $?
                zoneadm list -cp | grep :b: | cut -d: -f3
                """, withGuest: false)
        let (status, state) = isBroken ? (row.brokenStatus, row.brokenState) : (row.status, row.state)
        #expect(outcome.output == "\(status)\n\(state)\n")
        let refusal =
            "zone b: /etc/zones/b.xml:7: error: attr \"bootrom\": QEMU on Linux has no stand-in for the boot ROM \"NONE\"\n"
        #expect(outcome.errors.contains(refusal) == (status == 1))
        #expect(outcome.errors.contains("zonelab: halting zone b\n") == (state == "running"))
    }
}

extension EndToEnd {
    @Suite(.serialized) struct BrokenZoneTests {
        @Test(
            "boot -- -s boots; a zone whose file is broken meanwhile is listed, halted and uninstalled",
            arguments: ["bhyve", "kvm"])
        func outlive(_ brand: String) throws {
            let lab = try OpenLab()
            let zone = try Guest("z", of: brand, ["shutdown-timeout": "20"], in: lab)
            try zone.boots("-- -s")
            try zone.awaits(Guest.ready)
            for (login, message) in Self.logins { #expect(try lab.run(login).errors == "zlogin: \(message)\n") }
            try lab.does("sed -i 's/384M/384Q/' /etc/zones/z.xml")
            #expect(
                try lab.does("zoneadm list -v") == """
                      ID NAME             STATUS     PATH                           BRAND    IP    \n\
                       0 global           running    /                              ipkg     shared
                       1 z                running    /data/zone/z                   \(Self.padded(brand)) excl  \n
                    """)
            #expect(try zone.line == "1:z:running:/data/zone/z")
            #expect(try lab.run("zoneadm -z z reboot") == Self.refusal)
            try zone.halts()
            #expect(try lab.run("zoneadm -z z boot") == Self.refusal)
            try zone.isUninstalled()
            #expect(try zone.line == "-:z:configured:/data/zone/z")
            #expect(!FileManager.default.fileExists(atPath: "\(lab.lab.directory)/data/zone/z"))
            lab.closes()
        }

        private static func padded(_ brand: String) -> String {
            brand.padding(toLength: 8, withPad: " ", startingAt: 0)
        }

        /// Ways to log in that are no console, and what zlogin says to them.
        private static let logins = [
            (
                "zlogin z",
                "could not assemble new arguments\n  the brand has no login; the machine's console is there: zlogin -C z"
            ),
            (
                "zlogin z ls",
                "could not get user_cmd for zone z\n  the brand has no login; the machine's console is there: zlogin -C z"
            ), ("zlogin -S z", "-S: not in the lab"),
        ]

        private static let refusal = Outcome(
            status: 1, output: "",
            errors: """
                zone z: /etc/zones/z.xml:12: error: attr "ram": "384Q" is not a size
                  use a number with K, M, G or T, such as 4G
                zoneadm: zone z failed to verify

                """)
    }
}
