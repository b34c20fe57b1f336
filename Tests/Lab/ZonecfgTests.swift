import Foundation
import TestSupport
import Testing

/// zonecfg of the lab, with the real verify.
@Suite struct ZonecfgTests {
    /// Runs each session in a lab of its own, after one that makes a zone.
    private func run(_ script: String) throws -> (outcome: Outcome, lab: Lab) {
        let lab = try Lab()
        let outcome = try lab.run(Zones.configure("b") + script, withGuest: false)
        return (outcome, lab)
    }

    @Test("info and export show what was set, and export makes the same zone again")
    func export() throws {
        let (outcome, lab) = try run(
            """
            zonecfg -z b <<'END'
            # Everything that has a list, and values that need quotes.
            add net; set physical=vnic0; set allowed-address = 10.0.0.2/24; add property (name=netif,value=e1000); end
            add fs
                set dir=/data; set special="/data"; set type=lofs
                add options [ro,nodevices]
            end
            add attr; set name=extra; set type=string; set value="-l com2,/dev/null; # no comment"; end
            add dataset; set name=rpool/d; end
            set limitpriv="default,!sys_x"
            END
            zonecfg -z b info
            echo ---
            zonecfg -z b export | tee /root/export
            zonecfg -z c <<'END'
            create -b
            END
            sed 's,zone/b,zone/c,' /root/export | zonecfg -z c -f -
            zonecfg -z c export | sed 's,zone/c,zone/b,' | cmp - /root/export && echo same
            """)
        #expect(outcome.errors.contains("zonecfg: c: required property zonepath not specified\n  set zonepath=…\n"))
        #expect(
            outcome.output == """
                zonename: b
                zonepath: /data/zone/b
                brand: bhyve
                autoboot: false
                bootargs:
                pool:
                limitpriv: default,!sys_x
                scheduling-class:
                ip-type: exclusive
                hostid:
                fs-allowed:
                fs:
                \tdir: /data
                \tspecial: /data
                \traw not specified
                \ttype: lofs
                \toptions: [ro,nodevices]
                net:
                \taddress not specified
                \tallowed-address: 10.0.0.2/24
                \tdefrouter not specified
                \tglobal-nic not specified
                \tmac-addr not specified
                \tphysical: vnic0
                \tvlan-id not specified
                \tproperty: (name=netif,value="e1000")
                attr:
                \tname: extra
                \ttype: string
                \tvalue: "-l com2,/dev/null; # no comment"
                dataset:
                \tname: rpool/d
                ---
                create -b
                set zonepath=/data/zone/b
                set brand=bhyve
                set autoboot=false
                set limitpriv=default,!sys_x
                set ip-type=exclusive
                add fs
                set dir="/data"
                set special="/data"
                set type="lofs"
                add options ro
                add options nodevices
                end
                add net
                set allowed-address="10.0.0.2/24"
                set physical="vnic0"
                add property (name=netif,value="e1000")
                end
                add attr
                set name="extra"
                set type="string"
                set value="-l com2,/dev/null; # no comment"
                end
                add dataset
                set name="rpool/d"
                end
                same

                """)
        try expectValid(lab.directory + "/etc/zones/b.xml")
        try expectValid(lab.directory + "/etc/zones/c.xml")
    }

    /// A session of one line, and what it says before it fails.
    static let refusals: [(session: String, message: String)] = [
        ("remote attr name=cdrom", "\"remote\" is not a command here\n  did you mean remove?\n"),
        ("remove attr name=cdrom", "no such attr resource\n  info attr shows them\n"),
        ("end", "end: no resource is open\n  open one with 'add' or 'select'\n"),
        ("add net; add net", "add takes property, such as add property (name=netif,value=e1000)\n"),
        ("add net; verify", "verify: not while a resource is open\n  end it with 'end' or 'cancel'\n"),
        ("add net; end", "net: required property physical not specified\n  set physical=…\n"),
        ("add attr; set name=a; set type=text; set value=b; end", "attr: \"text\" is no type\n  set type=string\n"),
        ("add attr; set size=4", "attr has no property \"size\"\n  it has name, type and value\n"),
        ("add rctl", "resource rctl: not in the lab\n"), ("set zonename=x", "set zonename: not in the lab\n"),
        ("set autoboot=maybe", "autoboot: \"maybe\" is neither true nor false\n"),
        (
            "set brand=lx",
            "there is no brand \"lx\"\n  the brands are bhyve and kvm: zonecfg -z ZONE set brand=…\n"
        ),
        ("set zonepath=data", "data is not an absolute path.\n  set zonepath=/…\n"),
        ("set zonepath=//", "/ is not allowed as a zonepath.\n  set zonepath=/…\n"),
        (
            "add net; set allowed-address=10.0.0.1/33",
            "10.0.0.1/33: IPv4 address prefix lengths must be 0 - 32.\n  such as 10.0.0.1/24\n"
        ),
        (
            "add net; set allowed-address=10.0.0.2,fd00::1",
            "fd00::1: IPv6 addresses require /prefix-length suffix.\n  such as fd00::1/64\n"
        ),
        (
            "add net; set defrouter=10.0.0._",
            "10.0.0._: bogus host name or network address syntax\n  such as 10.0.0.112/24, or fd00::112/64\n"
        ),
        (
            "add attr name=ram value=2G",
            "add takes the kind of one resource, and what is set follows it\n"
                + "  add attr; set name=ram; set value=2G; set type=string; end\n"
        ),
        (
            "set zonepath=/data/../etc; verify",
            "zonepath /data/../etc holds //, . or ..\n  set zonepath=/data/zone/b\n"
        ),
        ("set zonepath=/data//b; verify", "zonepath /data//b holds //, . or ..\n  set zonepath=/data/zone/b\n"),
        ("set zonepath=/data/./b; verify", "zonepath /data/./b holds //, . or ..\n  set zonepath=/data/zone/b\n"),
        (
            "set zonepath=/etc/zones; commit",
            "zonepath /etc/zones: /etc belongs to the system\n  set zonepath=/data/zone/b\n"
        ),
        ("set zonepath=/var; commit", "zonepath /var: /var/run belongs to the system\n  set zonepath=/data/zone/b\n"),
        (
            "add net; add property name=netif,value=e1000",
            "add takes property, such as add property (name=netif,value=e1000)\n"
        ),
        ("add fs; add options (ro)", "add takes options, such as add options ro\n"),
        (
            "add attr; set name=a; set type=string; set value=b; end; add attr; set name=a; set type=int; set value=-4; end",
            "there is an attr with name a already\n  cancel, then select it\n"
        ),
        ("add attr; add options ro", "add: an attr holds no lists\n"),
        (
            "add attr; set name=a; set type=int; set value=4G; end",
            "attr \"a\": \"4G\" is not a value of type int\n  set type=string\n"
        ),
        (
            "add attr; set name=a; set type=uint; set value=-4; end",
            "attr \"a\": \"-4\" is not a value of type uint\n  set type=string\n"
        ),
        (
            "add attr; set name=a; set type=boolean; set value=on; end",
            "attr \"a\": \"on\" is not a value of type boolean\n  set type=string\n"
        ),
        (
            "add net; set physical=v0; set address=10.0.0.2/24; end; verify",
            "net: address cannot be specified for an exclusive IP type\n"
                + "  select net physical=v0; clear address; set allowed-address=…\n"
        ),
        (
            "add dataset; set name=/rpool/d; end",
            "dataset: \"/rpool/d\" is not a name of a dataset\n  set name=POOL/NAME\n"
        ),
        (
            "add dataset; set name=rpool/d@s; end",
            "dataset: \"rpool/d@s\" is not a name of a dataset\n  set name=POOL/NAME\n"
        ),
        ("exit now", "exit takes -F or nothing\n"),
        ("help ad", "\"ad\" is not a command here\n  did you mean add?\n"),
        ("create", "zone b already exists\n  delete it first, or create -F\n"),
        ("set value=\"open", "a double quote is not closed\n"),
        ("delete", "input not from terminal and -F not specified: delete ignored\n  delete -F\n"),
    ]

    @Test("what is wrong is refused with its line, and nothing is written", arguments: refusals)
    func refuse(_ row: (session: String, message: String)) throws {
        let (outcome, lab) = try run("printf '%s\\n' '\(row.session)' | zonecfg -z b; echo $?; zonecfg -z b export")
        #expect(outcome.errors == "zonecfg: On line 1: " + row.message)
        #expect(
            outcome.output.hasSuffix(
                "create -b\nset zonepath=/data/zone/b\nset brand=bhyve\nset autoboot=false\nset ip-type=exclusive\n"))
        #expect(outcome.output.hasPrefix("1\n") || outcome.output.hasPrefix("2\n"))
        _ = lab
    }

    @Test("names that the system keeps for itself are not for zones", arguments: ["create", "delete -F", "info"])
    func reserve(_ command: String) throws {
        for name in ["SYSbhyve", "SUNWx"] {
            let (outcome, _) = try run("zonecfg -z \(name) \(command)")
            #expect(
                outcome.errors == "zonecfg: zone names that begin with SYS or SUNW are reserved\n"
                    + "  templates are used so: zonecfg -z ZONE create -t OMNIbhyve\n")
        }
    }

    /// A template as `create -t` takes it, and the zone's brand then.
    static let templates = [
        ("OMNIbhyve", "bhyve"), ("bhyve", "bhyve"), ("OMNIkvm", "kvm"), ("kvm", "kvm"), ("b", "bhyve"),
    ]

    @Test("a zone is made from a template, or as another zone is", arguments: templates)
    func copy(_ name: String, _ brand: String) throws {
        let (outcome, lab) = try run(
            "zonecfg -z c 'create -t \(name); set zonepath=/data/zone/c'; zonecfg -z c info brand; zonecfg -z c info ip-type"
        )
        #expect(outcome == Outcome(status: 0, output: "brand: \(brand)\nip-type: exclusive\n", errors: ""))
        #expect(lab.file("/etc/zones/OMNIkvm.xml").contains("<zone name=\"OMNIkvm\""))
        #expect(!FileManager.default.fileExists(atPath: lab.directory + "/etc/zones/SYSkvm.xml"))
    }

    @Test("a template that is not there is refused with those that are")
    func copyNothing() throws {
        let (outcome, _) = try run("zonecfg -z c 'create -t SYSbhyve'")
        #expect(
            outcome.errors == "zonecfg: there is no template SYSbhyve\n  there are OMNIbhyve and OMNIkvm\n")
    }

    /// A session, and what `info` says of the zone afterwards.
    static let effects: [(session: String, shown: String, output: String)] = [
        (
            "set autoboot=true; clear autoboot; clear ip-type", "autoboot; zonecfg -z b info ip-type",
            "autoboot: false\nip-type: shared\n"
        ),
        (
            "add net; add property ( name=a, value=\"b,c (d)\" ); add property (name=e,value=f); info; exit -F",
            "autoboot",
            "net:\n\taddress not specified\n\tallowed-address not specified\n\tdefrouter not specified\n"
                + "\tglobal-nic not specified\n\tmac-addr not specified\n\tphysical not specified\n"
                + "\tvlan-id not specified\n\tproperty: (name=a,value=\"b,c (d)\")\n"
                + "\tproperty: (name=e,value=\"f\")\nautoboot: false\n"
        ),
        (
            "add attr; set name=vcpus; set type=int; set value=2; end", "attr name=vcpus",
            "attr:\n\tname: vcpus\n\ttype: int\n\tvalue: 2\n"
        ),
        ("set autoboot=true; exit -F", "autoboot", "autoboot: false\n"),
        ("set zonepath=; add net; exit -F", "zonepath", "zonepath: /data/zone/b\n"),
        (
            "help remove", "autoboot",
            "remove [-F] KIND [NAME=VALUE …]\nin a net or device: remove property (name=NAME)\n"
                + "in an fs: remove options OPTION\nautoboot: false\n"
        ),
    ]

    @Test("a session does what its commands say", arguments: effects)
    func perform(_ row: (session: String, shown: String, output: String)) throws {
        let (outcome, _) = try run("zonecfg -z b '\(row.session)'; zonecfg -z b info \(row.shown)")
        let told = row.shown.hasPrefix("attr ") ? Zones.nothingToBoot("b") : ""
        expect(outcome, equals: Outcome(status: 0, output: row.output, errors: told))
    }

    @Test("no zone lies in another one's zonepath", arguments: ["/data/zone/b", "/data/zone/b/c", "/data/zone"])
    func collide(_ zonepath: String) throws {
        let (outcome, lab) = try run(
            """
            zonecfg -z c 'create -b; set brand=bhyve; set zonepath=\(zonepath)'
            zonecfg -z c 'create -b; set brand=bhyve; set zonepath=/data/zone/c'
            sed -i 's,/data/zone/c,\(zonepath),' /etc/zones/c.xml /etc/zones/index
            zoneadm -z c install
            """)
        let message = "zonepath \(zonepath) overlaps that of zone b, /data/zone/b\n  set zonepath=/data/zone/c\n"
        #expect(
            outcome.errors == "zonecfg: " + message + message
                + "could not verify zonepath \(zonepath) because of the above errors.\nzoneadm: zone c failed to verify\n"
        )
        #expect(!FileManager.default.fileExists(atPath: lab.directory + "/data/zone/b"))
    }

    @Test("the brand's verify refuses what no machine could be")
    func askBrand() throws {
        let (outcome, lab) = try run(
            "zonecfg -z b 'add attr; set name=ram; set type=string; set value=1Q; end'; echo $?")
        #expect(outcome.output == "1\n")
        #expect(outcome.errors.hasPrefix("zone b: error: attr \"ram\": \"1Q\" is not a size\n"))
        #expect(
            outcome.errors.hasSuffix(
                "zonecfg: b: the bhyve brand refuses the configuration: verify ended with exit status 255\n"))
        #expect(!lab.file("/etc/zones/b.xml").contains("1Q"))
    }

    @Test("an installed zone is neither deleted nor moved")
    func protect() throws {
        let (outcome, _) = try run(
            """
            zoneadm -z b install
            zonecfg -z b delete -F
            zonecfg -z b set zonepath=/data/zone/c
            zonecfg -z b set brand=kvm
            zoneadm -z b uninstall -F
            zonecfg -z b delete -F
            zoneadm list -c
            """)
        #expect(outcome.output == "global\n")
        #expect(
            outcome.errors == """
                zonecfg: zone b is installed; delete not allowed
                  zoneadm -z b uninstall
                zonecfg: zone b is installed; set zonepath not allowed
                  zoneadm -z b move /data/zone/c
                zonecfg: zone b is installed; set brand not allowed
                  make another zone of that brand: zonecfg -z NAME create -t kvm

                """)
    }
}
