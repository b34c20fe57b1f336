import Foundation
import TestSupport
import Testing

/// The lab's smaller commands, and the lab itself.
@Suite struct CommandTests {
    /// What is typed, and everything it prints.
    static let dialogues: [(script: String, output: String, errors: String)] = [
        (
            "dladm create-vnic -l net0 -m 2:8:20:a:b:91 v0; dladm show-vnic -p -o macaddress v0; dladm show-vnic -p -o link v0",
            "2:8:20:a:b:91\nv0\n", ""
        ),
        (
            "dladm create-vnic -l net0 v0; dladm create-vnic -l net0 v0", "",
            "dladm: vnic creation over net0 failed: object already exists\n  dladm delete-vnic v0\n"
        ),
        (
            "dladm show-vnic v1", "", "dladm: invalid vnic name 'v1': object not found\n  dladm show-vnic lists them\n"
        ),
        ("dladm create-vnic -l eth9 v0", "", "dladm: invalid link name 'eth9'\n  the lab has net0 and net1\n"),
        (
            "dladm create-vnic -l net0 v0; dladm set-linkprop -p promisc-filtered=off v0; dladm delete-vnic v0; dladm show-vnic -p -o link",
            "", ""
        ),
        (
            "dladm create-vnic -l net0 -m 2:8:20:a:b:91 v0; dladm show-link; dladm show-vnic; dladm show-link -p -o class,over v0",
            """
            LINK        CLASS     MTU    STATE    BRIDGE     OVER
            net0        phys      1500   up       --         --
            net1        phys      1500   up       --         --
            v0          vnic      1500   up       --         net0
            LINK         OVER         SPEED  MACADDRESS        MACADDRTYPE         VID
            v0           net0         1000   2:8:20:a:b:91     random              0
            vnic:net0

            """, ""
        ),
        (
            "zfs create -V 30G rpool/v; zfs list -o name,used,refer,volsize,mountpoint rpool/v; zfs list -Hpo volsize rpool/v; zfs list | head -n 1",
            """
            NAME      USED  REFER  VOLSIZE  MOUNTPOINT
            rpool/v  30.9G    24K      30G  -
            32212254720
            NAME      USED  AVAIL  REFER  MOUNTPOINT

            """, ""
        ),
        ("dladm create-aggr x", "", "dladm: create-aggr: not in the lab\n"),
        (
            "zfs create -V 1G rpool/v; zfs create -p rpool/a/b; zfs list -H -o name,mountpoint; stat -c %s /dev/zvol/rdsk/rpool/v",
            "data\t/data\nrpool\t/rpool\nrpool/a\t/rpool/a\nrpool/a/b\t/rpool/a/b\nrpool/v\t-\n1073741824\n", ""
        ),
        (
            "zfs create -o mountpoint=/x data/x; zfs list -H -o name,mountpoint /x; zfs destroy data/x; ls -d /x 2>&1 | wc -l; zfs list -H -o name",
            "data/x\t/x\n1\ndata\nrpool\n", ""
        ),
        (
            "zfs create -V 1Q rpool/v; zfs create tank/x; zfs create rpool/a/b; zfs destroy rpool; zfs snapshot rpool@x",
            "",
            """
            zfs: cannot create 'rpool/v': bad volume size "1Q"
              such as 30G
            zfs: cannot create 'tank/x': no such pool 'tank'
              the lab has data and rpool
            zfs: cannot create 'rpool/a/b': parent does not exist
              zfs create -p …
            zfs: cannot destroy 'rpool': it is a pool
            zfs: snapshot: not in the lab

            """
        ),
        (
            "zoneadm list -cv",
            "  ID NAME             STATUS     PATH                           BRAND    IP    \n"
                + "   0 global           running    /                              ipkg     shared\n", ""
        ),
        (
            "zoneadm -z x boot; zoneadm boot; zoneadm -z global list -p; zoneadm -z global halt; zoneadm list -vp",
            "0:global:running:/::ipkg:shared\n",
            """
            zoneadm: x: No such zone configured
              zoneadm list -cv shows the zones there are
            zoneadm: no zone specified
              zoneadm -z ZONE boot
            zoneadm: zone 'global': halt operation is invalid for the global zone.
            zoneadm: list -p and -v are mutually exclusive.

            """
        ),
        (
            "dladm -h; zfs -h | head -1; dladm show-link -p -o link net0; dladm show-link net7",
            "usage: dladm create-vnic -l LINK [-m MAC] [-v VLAN] NAME\n" + #"""
                       dladm show-vnic [-p -o FIELD,…] [NAME]
                       dladm delete-vnic NAME
                       dladm set-linkprop -p NAME=VALUE[,…] LINK
                       dladm show-link [-p -o FIELD,…] [LINK]
                usage: zfs create [-p] [-o mountpoint=PATH] NAME
                net0

                """#, "dladm: invalid link name 'net7': object not found\n  dladm show-link lists them\n"
        ),
        (
            "for command in shell run doctor await type screenshot; do zonelab $command -h | grep USAGE; done",
            """
            USAGE: zonelab shell [-d <dir>] [-b <file:path> ...]
            USAGE: zonelab run [-d <dir>] [-b <file:path> ...] <script>
            USAGE: zonelab doctor
            USAGE: zonelab await [-n <count>] [-t <seconds>] <zone> <text>
            USAGE: zonelab type <zone> <line>
            USAGE: zonelab screenshot <zone> <file>

            """, ""
        ),
        (
            "zonelab type x -q; zonelab type x", "",
            """
            type: zone 'x': no such zone configured
              zoneadm list -cv shows the zones there are
            zonelab: Missing expected argument '<line> ...'
            Help:  <line>  The line; one word of the shell's, whatever it begins with.
            Usage: zonelab type <zone> <line>
              See 'zonelab type --help' for more information.

            """
        ),
        ("zpool list", "", "zpool: list: not in the lab\n"),
        (
            "\(Zones.configure("b"))zlogin -C b; zonelab await b x", "",
            "zlogin: cannot login to a zone which is 'configured'\n  zoneadm -z b install\n"
                + "await: zone 'b': a zone that is configured has no console\n  zoneadm -z b install\n"
        ),
        (
            """
            zonecfg -z b <<'END'
            create -b; set brand=bhyve; set zonepath=/data/zone/b
            add attr; set name=rum; set type=string; set value=1G; end
            verify
            commit
            set autoboot=true
            END
            """, "",
            Zones.nothingToBoot("b")
                + "zone b: warning: attr \"rum\" is unknown and means nothing\n  did you mean \"ram\", the memory?\n"
        ),
        (
            "zlogin x ls; zlogin -C x; zlogin -e @ x", "",
            "zlogin: zone 'x' unknown\nzlogin: zone 'x' unknown\nzlogin: only the console is in the lab\n" + """
                usage: zlogin -C ZONE

                  At the start of a line:
                  ~.   leaves the console
                  ~?   shows this
                  ~~   types ~


                """
        ),
    ]

    @Test("commands answer as a host's do, as far as zones need them", arguments: dialogues)
    func converse(_ row: (script: String, output: String, errors: String)) throws {
        let lab = try Lab()
        let outcome = try lab.run(row.script, withGuest: false)
        #expect(outcome.output == row.output)
        #expect(outcome.errors == row.errors)
    }

    @Test("the global zone is the lab's directory with the system's programs and the brand, and nothing else")
    func look() throws {
        let lab = try Lab()
        let outcome = try lab.run(
            """
            ls /
            ls /usr/lib/brand
            touch /usr/x /usr/lib/brand/bhyve/config.xml 2>&1 | grep -c 'Read-only'
            touch /data/mine /rpool/iso/mine
            hostname; id -u
            """, withGuest: false)
        #expect(
            outcome.output.split(separator: "\n").map(String.init) == [
                "bin", "data", "dev", "etc", "lib", "lib64", "proc", "root", "rpool", "run", "sbin", "tmp", "usr",
                "var",
                "bhyve", "kvm", "2", "omnios", "0",
            ])
        #expect(FileManager.default.fileExists(atPath: lab.directory + "/rpool/iso/mine"))
    }

    @Test("a transcript shows its commands, feeds their input, and ends at the first that fails")
    func play() throws {
        let lab = try Lab()
        let outcome = try lab.run(
            "```terminal\nomnios# cat\n  typed\nzonecfg:x:net> too\n\nomnios# false\nomnios# echo never\n```\n",
            withGuest: false)
        #expect(
            outcome
                == Outcome(
                    status: 1, output: "omnios# cat\n  typed\ntoo\n\n  typed\ntoo\n\nomnios# false\n", errors: ""))
    }

    @Test("a second shell joins a lab that runs, a second run is refused")
    func join() throws {
        let open = try OpenLab(after: "touch /tmp/here")
        #expect(try open.run("ls /tmp; pwd; exit 3") == Outcome(status: 3, output: "here\n/\n", errors: ""))
        let second = try Hooks.run(program: Lab.program, try open.lab.arguments("true", withGuest: false))
        let directory = open.lab.directory
        #expect(
            second
                == Outcome(
                    status: 1, output: "",
                    errors: "zonelab: the lab in \(directory) is in use\n"
                        + "  end that one first, or give this one its own: -d DIR\n"))
        open.closes()
    }

    /// How zonelab is called, and how the answer starts.
    static let calls: [(arguments: [String], status: Int32, start: String)] = [
        (["-h"], 0, "OVERVIEW: A stand-in for an illumos host"), ([], 2, "OVERVIEW: A stand-in for an illumos host"),
        (
            ["dance"], 2,
            "zonelab: Unexpected argument 'dance'\nUsage: zonelab <subcommand>\n  See 'zonelab --help' for more information.\n"
        ),
        (
            ["await", "-n", "0", "b", "x"], 2,
            "zonelab: -n takes a count from 1 to 1000\nUsage: zonelab await [-n <count>] [-t <seconds>] <zone> <text>\n"
        ),
        (["await", "b", "x"], 1, "await: this is not the lab's global zone\n"),
        (
            ["zoneadm", "list"], 1,
            "zoneadm: this is not the lab's global zone\n  zonelab shell opens one; there it is zoneadm\n"
        ),
        (["run"], 2, "zonelab: Missing expected argument '<script>'\n"),
        (["run", "-d", "/", "x"], 1, "zonelab: cannot read x: No such file"),
        (["shell", "-b", "/nowhere:/x"], 1, "zonelab: -b takes FILE:PATH"),
    ]

    @Test("wrong usage is told", arguments: calls)
    func misuse(_ row: (arguments: [String], status: Int32, start: String)) throws {
        let outcome = try Hooks.run(program: Lab.program, row.arguments)
        #expect(outcome.status == row.status)
        #expect((outcome.output + outcome.errors).hasPrefix(row.start))
    }

    @Test("doctor finds everything on a machine where these tests run, and names what is missing")
    func examine() throws {
        let well = try Hooks.run(program: Lab.program, ["doctor"], environment: ["HVM_ACCEL": ""])
        #expect(well == Outcome(status: 0, output: "Everything that the lab needs is there.\n", errors: ""))
        let ill = try Hooks.run(
            program: Lab.program, ["doctor"], environment: ["HVM_HOOKS": "/nowhere", "HVM_ACCEL": ""])
        #expect(
            ill
                == Outcome(
                    status: 1, output: "the hook install is not in /nowhere\n  build it: make build\n", errors: ""))
    }
}
