import Testing

@testable import ZoneLab

/// What zonecfg's commands do to a configuration, before anything is committed.
@Suite struct ZonecfgSessionTests {
    private static let base = "create -b; set brand=bhyve; set zonepath=/data/zone/b\n"

    /// A session that has run the commands.
    private func session(_ text: String) throws -> ZonecfgSession {
        let session = try ZonecfgSession(zone: "b")
        for command in try ZonecfgInput.commands(text) { try session.perform(command.words) }
        return session
    }

    /// A session, and the commands that make what it leaves, after those of the zone itself.
    static let effects: [(commands: String, result: String)] = [
        ("add net; set physical=v0; end", "add net\nset physical=\"v0\"\nend\n"),
        ("add net; set physical=v0; cancel", ""), ("add net; set physical=v0", ""),
        ("add attr; set name=a; set type=string; set value=b; end; remove attr name=a", ""),
        ("add attr; set name=a; set type=int; set value=-1; end; remove -F attr", ""),
        (
            "add attr; set name=a; set type=string; set value=b; end; select attr name=a; set value=\"c d\"; end",
            "add attr\nset name=\"a\"\nset type=\"string\"\nset value=\"c d\"\nend\n"
        ),
        (
            "add net; set vlan-id=3; set physical=v0; clear vlan-id; end", "add net\nset physical=\"v0\"\nend\n"
        ),
        (
            "add fs; set dir=/a; set special=/b; set type=lofs; add options [ro,nodevices]; remove options ro; end",
            "add fs\nset dir=\"/a\"\nset special=\"/b\"\nset type=\"lofs\"\nadd options nodevices\nend\n"
        ),
        (
            "add net; set physical=v0; add property (name=a,value=\"b,c\"); add property (name=a,value=d); end",
            "add net\nset physical=\"v0\"\nadd property (name=a,value=\"d\")\nend\n"
        ),
        ("add dataset; set name=rpool/d; end; revert; \(base)", ""),
    ]

    @Test("commands change the configuration", arguments: effects)
    func change(_ row: (commands: String, result: String)) throws {
        let document = try session(Self.base + row.commands).document
        #expect(
            document?.commands
                == "create -b\nset zonepath=/data/zone/b\nset brand=bhyve\nset autoboot=false\n\(row.result)")
    }

    static let refusals: [(commands: String, error: LabError)] = [
        ("dance", LabError("\"dance\" is not a command here", remedy: Self.commands)),
        ("remote x", LabError("\"remote\" is not a command here", remedy: "did you mean remove?")),
        ("end", LabError("end: no resource is open", remedy: "open one with 'add' or 'select'")),
        ("add net; commit", LabError("commit: not while a resource is open", remedy: "end it with 'end' or 'cancel'")),
        ("set a", LabError("set: \"a\" is not NAME=VALUE", remedy: "such as set name=vnc")),
        ("set", .usage("set takes one NAME=VALUE; quote a value that holds blanks")),
        ("set autoboot=on", LabError("autoboot: \"on\" is neither true nor false")),
        ("set hostid", LabError("set: \"hostid\" is not NAME=VALUE", remedy: "such as set name=vnc")),
        ("set cpu-shares=1", LabError("set cpu-shares: not in the lab")),
        ("clear", .usage("clear takes the name of one property")),
        ("add", .usage("add takes the kind of one resource")),
        (
            "add disk",
            LabError("there is no kind of resource \"disk\"", remedy: "there are fs, net, device, attr and dataset")
        ),
        ("add rctl", LabError("resource rctl: not in the lab")),
        ("add net; set speed=1", LabError("net has no property \"speed\"", remedy: Self.netProperties)),
        ("add net; end", LabError("net: required property physical not specified", remedy: "set physical=…")),
        (
            "add attr; set name=a; set type=uint; set value=-1; end",
            LabError("attr \"a\": \"-1\" is not a value of type uint", remedy: "set type=string")
        ),
        (
            "add fs; set dir=a; set special=/b; set type=lofs; end",
            LabError("fs: dir \"a\" is not an absolute path")
        ),
        (
            "add dataset; set name=a//b; end",
            LabError("dataset: \"a//b\" is not a name of a dataset", remedy: "set name=POOL/NAME")
        ),
        ("select", .usage("select takes the kind of a resource")),
        ("select net", LabError("no such net resource", remedy: "info net shows them")),
        (
            "set ram=2G",
            LabError(
                "a zone has no property \"ram\"",
                remedy: "it is an attribute: add attr; set name=ram; set type=string; set value=…; end")
        ), ("set zonepth=/a", LabError("a zone has no property \"zonepth\"", remedy: "did you mean zonepath?")),
        (
            "add attr; set name=ram; set value=2G; end",
            LabError("attr: required property type not specified", remedy: "set type=string")
        ),
        ("select net speed=1", LabError("net has no property \"speed\"")),
        (
            "add net; set physical=v0; end; add net; set physical=v1; end; remove net",
            LabError("2 resources match", remedy: "name one, or remove them all with remove -F")
        ),
        (
            "add net; set physical=v0; end; add net; set physical=v0; end",
            LabError("there is a net with physical v0 already", remedy: "cancel, then select it")
        ),
        ("add attr; add options ro", LabError("add: an attr holds no lists")),
        (
            "add net; add property (value=a)",
            LabError("add property: no name given", remedy: "(name=netif,value=e1000)")
        ),
        ("add fs; remove options ro", LabError("there is no \"ro\" to remove")),
        ("create", LabError("zone b already exists", remedy: "delete it first, or create -F")),
        ("create -x", LabError("create -x: not in the lab")), ("export a", .usage("export takes nothing, or -f FILE")),
        ("exit now", .usage("exit takes -F or nothing")), ("delete", LabError("b: No such zone configured")),
    ]
    private static let commands =
        "there are add, clear, commit, export, info, remove, revert, select, set, verify, create, delete, exit and help"
    private static let netProperties =
        "it has address, allowed-address, defrouter, global-nic, mac-addr, physical and vlan-id"

    @Test("what is wrong is refused", arguments: refusals)
    func refuse(_ row: (commands: String, error: LabError)) {
        #expect(throws: row.error) { try session(Self.base + row.commands) }
    }

    @Test("nothing but create begins a zone", arguments: ["set brand=bhyve", "info", "add net"])
    func begin(_ command: String) {
        #expect(
            throws: LabError(
                "b: No such zone configured", remedy: "use 'create' to begin configuring a new zone")
        ) { try session(command) }
    }

    static let names: [(name: String, error: LabError?)] = [
        ("b", nil), ("0-a.b_c", nil), (String(repeating: "z", count: 63), nil),
        ("", invalid("")), ("-a", invalid("-a")), ("a/b", invalid("a/b")), ("ä", invalid("ä")),
        ("global", invalid("global")), (String(repeating: "z", count: 64), invalid(String(repeating: "z", count: 64))),
        ("SYSb", reserved), ("SUNWb", reserved),
    ]
    private static let reserved = LabError(
        "zone names that begin with SYS or SUNW are reserved",
        remedy: "templates are used so: zonecfg -z ZONE create -t OMNIbhyve")

    private static func invalid(_ name: String) -> LabError {
        LabError("\"\(name)\" is not a zone name", remedy: "letters, digits, - _ . and at most 63 of them")
    }

    @Test("a zone's name is one that zonecfg takes", arguments: names)
    func name(_ row: (name: String, error: LabError?)) {
        var told: LabError?
        do { _ = try ZonecfgSession(zone: row.name) } catch { told = error as? LabError }
        #expect(told == row.error)
    }

    @Test("export makes the same configuration again")
    func exportRoundTrip() throws {
        let document = try session(
            Self.base + """
                set limitpriv="default, sys_x"; set ip-type=exclusive
                add fs; set dir=/a; set special="/b c"; set type=lofs; add options [ro,nodevices]; end
                add net; set physical=v0; set allowed-address=10.0.0.2/24; add property (name=netif,value="e,1"); end
                add device; set match=/dev/zvol/rdsk/rpool/*; end
                add attr; set name=extra; set type=string; set value="-l com2; # none"; end
                add dataset; set name=rpool/d; end
                """
        ).document
        let again = try session(try #require(document).commands).document
        #expect(again == document)
        #expect(again?.resources.count == 5)
    }
}
