import Foundation
import Testing
import TestSupport

/// The real hooks, called as zoneadm calls them.
@Suite struct RealHooksTests {
    private static func make(_ name: String) -> String {
        """
        zonecfg -z \(name) <<'END' || exit 9
        create -b; set brand=bhyve; set zonepath=/data/zone/\(name); set ip-type=exclusive
        add attr; set name=bootrom; set type=string; set value=BHYVE_RELEASE; end
        END

        """
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
        #expect(outcome.errors == "")
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

    @Test("what zoneadm does with the real hooks, with a right file and a broken one", arguments: calls, [false, true])
    func call(
        _ row: (command: String, status: Int, state: String, brokenStatus: Int, brokenState: String), _ isBroken: Bool
    ) throws {
        let lab = try Lab()
        let timeout = "add attr; set name=shutdown-timeout; set type=int; set value=0; end"
        let outcome = try lab.run(
            Self.make("b") + """
                zonecfg -z b '\(timeout)'; zoneadm -z b install || exit 9
                \(isBroken ? "sed -i 's/BHYVE_RELEASE/NONE/' /etc/zones/b.xml" : "")
                zoneadm -z b \(row.command) >/dev/null; echo $?
                zoneadm list -cp | grep :b: | cut -d: -f3
                """, withGuest: false)
        let (status, state) = isBroken ? (row.brokenStatus, row.brokenState) : (row.status, row.state)
        #expect(outcome.output == "\(status)\n\(state)\n")
        let refusal =
            "zone b: /etc/zones/b.xml:7: error: attr \"bootrom\": QEMU on Linux has no stand-in for the boot ROM \"NONE\"\n"
        #expect(outcome.errors.hasPrefix(refusal) == (status == 1))
        #expect(outcome.errors.hasSuffix("zonelab: halting zone b\n") == (state == "running"))
    }
}

extension EndToEnd {
    @Suite(.serialized) struct BrokenZoneTests {
        @Test(
            "boot -- -s boots; a zone whose file is broken meanwhile is listed, halted and uninstalled",
            arguments: ["bhyve", "kvm"])
        func broken(_ brand: String) throws {
            let lab = try Lab()
            let outcome = try lab.run(
                Zones.make("z", brand: brand, ["shutdown-timeout": "20"]) + """
                    zoneadm -z z boot -- -s && zonelab await z \(Zones.ready) >/dev/null
                    zlogin z; zlogin z ls; zlogin -S z
                    sed -i 's/384M/384Q/' /etc/zones/z.xml
                    zoneadm list -v; zoneadm -z z list -p | cut -d: -f1-4,6-
                    zoneadm -z z reboot; echo "reboot $?"
                    zoneadm -z z halt; echo "halt $?"
                    zoneadm -z z boot; echo "boot $?"
                    zoneadm -z z uninstall -F; echo "uninstall $?"
                    zoneadm list -cp | cut -d: -f1-3; ls -d /data/zone/z 2>&1
                    """)
            let refusal = """
                zone z: /etc/zones/z.xml:12: error: attr "ram": "384Q" is not a size
                  use a number with K, M, G or T, such as 4G
                zoneadm: zone z failed to verify

                """
            #expect(
                outcome.errors == """
                    zlogin: could not assemble new arguments
                      the brand has no login; the machine's console is there: zlogin -C z
                    zlogin: could not get user_cmd for zone z
                      the brand has no login; the machine's console is there: zlogin -C z
                    zlogin: -S: not in the lab

                    """ + refusal + refusal)
            let lines = outcome.output.split(separator: "\n").map(String.init).filter { !$0.contains("stands in") }
            #expect(
                lines == [
                    "  ID NAME             STATUS     PATH                           BRAND    IP    ",
                    "   0 global           running    /                              ipkg     shared",
                    "   1 z                running    /data/zone/z                   \(brand.padding(toLength: 8, withPad: " ", startingAt: 0)) excl  ",
                    "1:z:running:/data/zone/z:\(brand):excl", "reboot 1", "halt 0", "boot 1", "uninstall 0",
                    "0:global:running", "-:z:configured", "ls: cannot access '/data/zone/z': No such file or directory",
                ])
            #expect(lab.sockets() == [])
        }
    }
}
