import Foundation
import TestSupport
import Testing

/// `hvm list`, `hvm verify` and `hvm` alone: the machines of a host.
@Suite struct MachineListTests {
    /// Zones of every kind, in a directory like /etc/zones.
    private struct Host {
        let scratch: Scratch
        let commands: StandIns

        init() throws {
            let scratch = try Scratch()
            self.scratch = scratch
            func zone(_ name: String, _ brand: String, _ body: String) throws {
                try scratch.write(
                    "zones/\(name).xml",
                    #"<zone name="\#(name)" zonepath="/z/\#(name)" brand="\#(brand)">\#(body)</zone>"#)
            }
            try zone(
                "web", "bhyve",
                #"<network physical="web0"/><network physical="web1"/><attr name="ram" type="string" value="1536M"/>"#
                    + #"<attr name="vcpus" type="string" value="cpus=4,sockets=2,cores=2"/>"#
                    + #"<attr name="vnc" type="string" value="on"/><attr name="bootdisk" type="string" value="p/a"/>"#
                    + #"<attr name="disk0" type="string" value="p/b"/><device match="/dev/zvol/rdsk/p/*"/>"#)
            try zone("old", "kvm", "")
            try zone("bad", "bhyve", "\n" + #"<attr name="ram" type="string" value="1Q"/>"#)
            let up = Date(timeIntervalSinceNow: -3 * 3600 - 5).formatted(.iso8601)
            try scratch.write("web:1/log/zone.log", "\(up) boot: ready to start: /usr/sbin/bhyve web\n")
            let path = scratch.path.replacingOccurrences(of: ":", with: "\\:")
            commands = try StandIns(
                scratch,
                [
                    "zoneadm": """
                    cat <<'END'
                    0:global:running:/::ipkg:shared
                    -:other:installed:/z/other:11111111-1111-4111-8111-111111111111:lipkg:excl
                    4:web:running:\(path)/web\\:1:11111111-1111-4111-8111-111111111111:bhyve:excl
                    -:old:configured:/z/old::kvm:excl
                    -:bad:installed:/z/bad:11111111-1111-4111-8111-111111111112:bhyve:excl
                    END
                    """
                ])
        }

        func run(_ words: [String]) throws -> Outcome {
            try Hooks.run("hvm", words + ["-C", commands.directory, "-d", scratch.path + "/zones"])
        }
    }

    private static let table = """
        NAME  STATE       UP   BRAND  CPUS  MEMORY   DISKS  NICS        SCREEN
        bad   installed   -    bhyve  ?     ?        ?      ?           hvm verify bad
        old   configured  -    kvm    1     1 GiB    0      -           -
        web   running     3 h  bhyve  4     1.5 GiB  2      web0, web1  vnc

        """

    @Test("machines are listed by name, a line each, whatever is wrong with one, by one command")
    func list() throws {
        let host = try Host()
        try expect(host.run(["list"]), equals: Outcome(status: 0, output: Self.table, errors: ""))
        try expect(host.commands.calls, equals: ["zoneadm [list] [-cp]"])
        try expect(host.run(["list", "-q"]), equals: Outcome(status: 0, output: "bad\nold\nweb\n", errors: ""))
    }

    @Test("hvm alone lists them, and the likeliest words")
    func alone() throws {
        try expect(
            Host().run([]),
            equals: Outcome(
                status: 0,
                output: Self.table + """

                      hvm status ZONE   all about one, and how it ended last time
                      hvm console ZONE  its serial console
                      hvm help          every word

                    """, errors: ""))
    }

    @Test("a list for programs holds the same")
    func json() throws {
        let host = try Host()
        let outcome = try host.run(["list", "-j"])
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        let text = outcome.output.replacing(/"seconds_up":108\d\d/, with: #""seconds_up":N"#)
        let directory = host.scratch.path
        expect(
            text,
            equals: """
                {"zones":[{"zonename":"bad","state":"installed","brand":"bhyve","zonepath":"/z/bad","seconds_up":null,\
                "cpus":null,"memory_bytes":null,"disks":null,"nics":null,"screen":null,"diagnostics":[{"severity":"error",\
                "file":"\(directory)/zones/bad.xml","line":2,"attribute":"ram","message":"attr \\"ram\\": \\"1Q\\" is not a size",\
                "remedy":["use a number with K, M, G or T, such as 4G"]}]},\
                {"zonename":"old","state":"configured","brand":"kvm","zonepath":"/z/old","seconds_up":null,"cpus":1,\
                "memory_bytes":1073741824,"disks":[],"nics":[],"screen":false,"diagnostics":[]},\
                {"zonename":"web","state":"running","brand":"bhyve","zonepath":"\(directory)/web:1","seconds_up":N,"cpus":4,\
                "memory_bytes":1610612736,"disks":["bootdisk","disk0"],"nics":["web0","web1"],"screen":true,"diagnostics":[]}]}

                """)
    }

    @Test("a host without machines, and one whose zoneadm fails, are told of")
    func none() throws {
        let scratch = try Scratch()
        let commands = try StandIns(scratch, ["zoneadm": "echo 0:global:running:/::ipkg:shared"])
        try expect(
            Hooks.run("hvm", ["list", "-C", commands.directory]),
            equals: Outcome(
                status: 0,
                output: "there are no virtual machines: zonecfg -z NAME 'create -t OMNIbhyve' begins one\n", errors: "")
        )
        let failing = try StandIns(scratch, ["zoneadm": "echo 'zoneadm: no' >&2; exit 1"])
        try expect(
            Hooks.run("hvm", ["list", "-C", failing.directory]),
            equals: Outcome(status: 255, output: "", errors: "error: zoneadm list -cp: zoneadm: no\n"))
    }

    @Test("verify tells of one machine, or of all")
    func verify() throws {
        let host = try Host()
        let firmware = ["-F", host.scratch.path]
        for rom in ["BHYVE_RELEASE_CSM"] { try host.scratch.write("\(rom).fd", "") }
        let bad = """
            zone bad: \(host.scratch.path)/zones/bad.xml:2: error: attr "ram": "1Q" is not a size
              use a number with K, M, G or T, such as 4G

            """
        let platform = Hooks.platform("illumos")
        try expect(
            host.run(["verify"] + firmware + platform),
            equals: Outcome(
                status: 255, output: "bad: 1 error\nold: all is well\nweb: all is well\n", errors: bad))
        try expect(
            host.run(["verify", "web"] + firmware + platform),
            equals: Outcome(status: 0, output: "web: all is well\n", errors: ""))
        try expect(
            host.run(["verify", "-j", "bad"] + firmware + platform),
            equals: Outcome(
                status: 255,
                output: """
                    {"zones":[{"zonename":"bad","errors":1,"warnings":0,"diagnostics":[{"severity":"error",\
                    "file":"\(host.scratch.path)/zones/bad.xml","line":2,"attribute":"ram","message":"attr \\"ram\\": \\"1Q\\" is \
                    not a size","remedy":["use a number with K, M, G or T, such as 4G"]}]}]}

                    """, errors: ""))
    }

    @Test("on a terminal a table fits, and has colour unless NO_COLOR is set")
    func terminal() throws {
        let host = try Host()
        func run(columns: Int, _ environment: [String: String]) throws -> String {
            try PseudoTerminal.run(
                columns: columns,
                [Hooks.directory + "/hvm", "list", "-C", host.commands.directory, "-d", host.scratch.path + "/zones"],
                environment: environment)
        }
        try expect(run(columns: 200, ["NO_COLOR": "1", "TERM": "xterm"]), equals: Self.table)
        let plain = try run(columns: 72, ["NO_COLOR": "1", "TERM": "xterm"])
        #expect(plain.split(separator: "\n").filter { $0.count > 72 } == [])
        let coloured = try run(columns: 200, ["TERM": "xterm", "NO_COLOR": ""])
        expect(coloured, contains: "\u{1b}[32mrunning   \u{1b}[0m")
        #expect(coloured.replacing(/\u{1b}\[\d+m/, with: "") == Self.table)
        try expect(run(columns: 200, ["TERM": "dumb", "NO_COLOR": ""]), equals: Self.table)
    }
}
