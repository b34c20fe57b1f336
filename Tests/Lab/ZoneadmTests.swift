import Foundation
import TestSupport
import Testing

/// zoneadm of the lab against what the sources of a host's say.
@Suite(.serialized) struct ZoneadmTests {
    private static func make(_ names: String...) -> String { names.map { Zones.configure($0) }.joined() }

    private static let halting = "zonelab: halting zone b\n"

    private func run(_ hooks: RecordingHooks, _ script: String) throws -> (outcome: Outcome, lab: Lab) {
        let lab = try Lab(hooks: hooks.directory)
        return (try lab.run(script, withGuest: false), lab)
    }

    // MARK: The table

    /// Brings a zone to where the call is made, breaks its configuration if wanted, and makes the call.
    private static func script(_ call: ZoneadmCall, _ zone: String, isBroken: Bool) -> String {
        make(zone) + call.before.map { "zoneadm -z \(zone) \($0) >/dev/null || exit 9\n" }.joined()
            + (isBroken
                ? #"sed -i '$s,/>$,><attr name="ram" type="string" value="1Q"/></zone>,' /etc/zones/\#(zone).xml"# : "")
                + """

                >/root/calls
                zoneadm -z \(zone) \(words(call.words, zone)) >/dev/null 2>/root/\(zone).errors; echo $?
                grep '^verify' /root/calls >/root/\(zone).asked
                zoneadm list -cp | grep :\(zone): | cut -d: -f3

                """
    }

    /// No two zones are moved to one place.
    private static func words(_ words: String, _ zone: String) -> String {
        words.replacingOccurrences(of: "/data/moved", with: "/data/moved/" + zone)
    }

    @Test(
        "verify gets the command line and decides about the zone, with a right configuration and a broken one",
        arguments: ZoneadmCall.all)
    func call(_ call: ZoneadmCall) throws {
        let source = call.words.hasPrefix("clone") ? Self.make("s") + "zoneadm -z s install\n" : ""
        let (outcome, lab) = try run(
            RecordingHooks(realVerify: true),
            source + Self.script(call, "b", isBroken: false) + Self.script(call, "c", isBroken: true))
        #expect(
            outcome.output == "\(call.status)\n\(call.state)\n\(call.brokenStatus)\n\(call.brokenState)\n")
        for zone in ["b", "c"] {
            let asked = call.asked.map { "verify " + Self.words($0, zone) + "\n" } ?? ""
            #expect(lab.file("/root/\(zone).asked") == asked)
        }
        let refusal = """
            zone c: /etc/zones/c.xml:6: error: attr "ram": "1Q" is not a size
              use a number with K, M, G or T, such as 4G
            zoneadm: zone c failed to verify

            """
        #expect(lab.file("/root/c.errors").hasSuffix(refusal) == call.isJudged)
        #expect(!lab.file("/root/b.errors").contains("1Q"))
    }

    /// The arguments of a brand's verify_adm line, and what its program gets for `zoneadm -z b list -p`.
    static let lines: [(line: String, gets: String)] = [
        ("-z %z -R %R ", "-z|b|-R|/data/zone/b|list|-p|"), ("-z %z -R %R", "-z|b|-R|/data/zone/blist|-p|"),
        ("-%q%% %z", "-%|blist|-p|"), ("'a  b' ", "a  b|list|-p|"), ("", "list|-p|"),
    ]

    @Test("what is appended follows a brand's line as it is", arguments: lines)
    func append(_ row: (line: String, gets: String)) throws {
        let hooks = try RecordingHooks(acts: [
            "verify": #"shift 2; for word; do printf '%s|' "$word"; done >>/root/gets"#
        ])
        for file in ["platform.xml", "config.xml"] {
            let text = try String(contentsOfFile: Lab.sources + "/brand/bhyve/" + file, encoding: .utf8)
            try hooks.scratch.write(
                "brands/bhyve/" + file,
                text.replacingOccurrences(of: "verify -z %z -R %R <", with: "verify \(row.line)<"))
        }
        try FileManager.default.copyItem(
            atPath: hooks.directory + "/verify", toPath: hooks.directory + "/brands/bhyve/verify")
        let lab = try Lab(brands: hooks.directory + "/brands")
        let outcome = try lab.run(
            Self.make("b") + ">/root/gets; zoneadm -z b list -p >/dev/null; cat /root/gets", withGuest: false)
        #expect(outcome == Outcome(status: 0, output: row.gets, errors: ""))
    }

    @Test("attach -n has the manifest verified, whatever zone there is")
    func validate() throws {
        let (outcome, lab) = try run(
            RecordingHooks(realVerify: true),
            Self.make("b") + """
                zoneadm -z b install; zoneadm -z b detach -n >/root/manifest; cmp /root/manifest /etc/zones/b.xml
                >/root/calls
                zoneadm -z b attach -n /root/manifest; echo $?
                zoneadm -z b attach -n- </root/manifest; echo $?
                sed -i '$s,/>$,><attr name="ram" type="string" value="1Q"/></zone>,' /root/manifest
                zoneadm -z b attach -n /root/manifest; echo $?
                ls /var/run | grep -c '^zone[.]'
                """)
        #expect(outcome.output == "0\n0\n1\n0\n")
        #expect(outcome.errors.hasPrefix("zone b: /var/run/zone."))
        #expect(
            outcome.errors.hasSuffix(
                ":6: error: attr \"ram\": \"1Q\" is not a size\n  use a number with K, M, G or T, such as 4G\n"))
        #expect(lab.file("/root/calls") == "verify attach -n COPY\nverify attach COPY\nverify attach -n COPY\n")
    }

    @Test("a zone in the way of another, or with two zonepaths, is not installed")
    func collide() throws {
        let (outcome, _) = try run(
            RecordingHooks(),
            Self.make("b", "s") + """
                sed -i 's,/data/zone/b,/data/zone/s/b,' /etc/zones/b.xml; zoneadm -z b install; echo $?
                sed -i 's,/data/zone/b,/data/zone/s/b,' /etc/zones/index; zoneadm -z b install; echo $?
                """)
        #expect(outcome.output == "1\n1\n")
        #expect(
            outcome.errors == """
                The XML repository has zonepath '/data/zone/s/b',
                but the index file has zonepath '/data/zone/b'.
                These must match, so fix the incorrect entry.
                zonepath /data/zone/s/b overlaps that of zone s, /data/zone/s
                  set zonepath=/data/zone/b
                could not verify zonepath /data/zone/s/b because of the above errors.
                zoneadm: zone b failed to verify

                """)
    }

    // MARK: The keeper

    /// The zone's property bootargs, what boot is given, and what init gets.
    static let bootArguments: [(property: String, given: String, initGets: String)] = [
        ("", "", ""), ("", "-- -s", "-s"), ("", "-s", "-s"), ("-m verbose", "", "-m verbose"),
        ("-m verbose", "-- -s", "-s"), ("", "-- -m a,b -s", "-m a,b -s"), ("", "-- -mverbose", "-m verbose"),
        ("", "-f -- -f -s", "-s"), ("", "-- kernel/unix -s", "-s"), ("", "-- -sq", "-s -q"), ("", "-- -s word", "-s"),
        ("", "-- -m", "-m"), ("", "-- -i /usr/lib/brand/bhyve/socat -s", "none"),
    ]

    @Test("boot arguments reach init, at a reboot too, and when it starts again", arguments: bootArguments)
    func boot(_ row: (property: String, given: String, initGets: String)) throws {
        // A zone runs as soon as its init is started, which then has yet to write.
        let wait =
            row.initGets == "none"
            ? "" : "for i in $(seq 600); do [ -s /data/zone/b/root/tmp/init ] && break; sleep 0.05; done"
        let (outcome, _) = try run(
            RecordingHooks(acts: ["socat": "exec sleep 1000"]),
            Self.make("b") + """
                [ -z "\(row.property)" ] || zonecfg -z b 'set bootargs="\(row.property)"'
                zoneadm -z b install; zoneadm -z b boot \(row.given) >/dev/null
                \(wait)
                cat /data/zone/b/root/tmp/init || echo none
                zoneadm -z b reboot \(row.given.hasPrefix("-s") || row.given.hasPrefix("-f") ? "" : row.given)
                """)
        #expect(outcome.output == row.initGets + "\n")
        let dropped = "zone 'b': WARNING: Unused or invalid boot arguments `word'.\n"
        let missing = row.initGets == "none" ? "cat: /data/zone/b/root/tmp/init: No such file or directory\n" : ""
        let isDropped = row.given.hasSuffix("word")
        #expect(outcome.errors == missing + (isDropped ? dropped + dropped : "") + Self.halting)
    }

    @Test("what a hook prints is shown when the operation has ended, also when it fails")
    func tell() throws {
        let hooks = try RecordingHooks(acts: [
            "boot":
                "echo early; touch /root/waiting; for i in $(seq 600); do [ -e /root/go ] && break; sleep 0.05; done; printf late"
        ])
        let (outcome, _) = try run(
            hooks,
            Self.make("b") + """
                zoneadm -z b install
                zoneadm -z b boot >/dev/null 2>/root/told & for i in $(seq 600); do [ -e /root/waiting ] && break; sleep 0.05; done
                wc -c </root/told; touch /root/go; wait; cat /root/told
                """)
        #expect(outcome.output == "0\nzone 'b': early\nzone 'b': late\n")
        #expect(outcome.errors == Self.halting)
    }

    @Test("a hook sees its zone's state, whoever runs it")
    func look() throws {
        let ask = #"echo "${call%% *} $("$2"/zoneadm -z b list -p | cut -d: -f1,3)" >>/root/states"#
        let hooks = try RecordingHooks(acts: [
            "statechange": ask, "boot": ask, "halt": ask, "postclone": ask,
            "uninstall": ask + #"; rm -rf "$6""#,
        ])
        let (outcome, lab) = try run(
            hooks,
            Self.make("b", "s") + """
                zoneadm -z s install; zoneadm -z b clone s >/dev/null; zoneadm -z b boot >/dev/null
                zoneadm -z b halt; zoneadm -z b uninstall -F
                """)
        #expect(outcome == Outcome(status: 0, output: "", errors: ""))
        #expect(
            lab.file("/root/states").split(separator: "\n") == [
                "postclone -:incomplete", "statechange -:installed", "statechange 1:ready", "statechange 1:ready",
                "boot 1:ready", "statechange 1:running", "statechange 1:running", "halt 1:down",
                "statechange -:installed",
                "uninstall -:incomplete",
            ])
    }

    /// What becomes of a running zone's file, and what zoneadm says of it.
    static let losses: [(how: String, message: String)] = [
        ("rm /etc/zones/b.xml", "cannot read /etc/zones/b.xml\n"),
        ("echo '<zone' >/etc/zones/b.xml", "/etc/zones/b.xml: this is not a zone's configuration\n"),
    ]

    @Test(
        "a zone whose file is lost is halted with what it was readied with, and nothing else is done", arguments: losses
    )
    func lose(_ row: (how: String, message: String)) throws {
        let (outcome, lab) = try run(
            RecordingHooks(),
            Self.make("b") + """
                zoneadm -z b install; zoneadm -z b boot >/dev/null; cp /etc/zones/b.xml /root; >/root/calls
                \(row.how)
                for command in reboot 'list -p' 'uninstall -F'; do zoneadm -z b $command 2>>/root/refused; echo $?; done
                zoneadm list -p | cut -d: -f1-4,6-
                zoneadm -z b halt; echo $?
                zoneadm -z b halt 2>>/root/refused; echo $?
                cp /root/b.xml /etc/zones; zoneadm -z b boot >/dev/null; \(row.how)
                """)
        #expect(
            outcome.output
                == "1\n1\n1\n0:global:running:/:ipkg:shared\n1:b:running:/data/zone/b:???:shared\n0\n1\n")
        let told = "zonelab: " + row.message
        let refusals = lab.file("/root/refused").components(separatedBy: "zoneadm: ").dropFirst()
        #expect(refusals.count == 4)
        for refusal in refusals {
            #expect(refusal.hasPrefix("zone 'b': missing or invalid brand\n  " + row.message))
        }
        #expect(outcome.errors.hasPrefix(told))
        #expect(outcome.errors.components(separatedBy: told).count == 3)
        let calls = lab.file("/root/calls").split(separator: "\n")
        #expect(calls.prefix(3) == ["statechange pre 4 4", "halt", "statechange post 4 4"])
        #expect(calls.suffix(3) == calls.prefix(3))
    }

    // MARK: Zones that stand still

    @Test("detach leaves a manifest that attach takes away; a forced one keeps it under another name")
    func detach() throws {
        let (outcome, _) = try run(
            RecordingHooks(),
            Self.make("b") + """
                zoneadm -z b install; zoneadm -z b detach; cmp /data/zone/b/SUNWdetached.xml /etc/zones/b.xml
                zoneadm -z b attach; ls /data/zone/b
                zoneadm -z b detach; zoneadm -z b attach -F; ls /data/zone/b
                zoneadm -z b detach; zoneadm -z b attach; ls /data/zone/b
                """)
        #expect(
            outcome == Outcome(status: 0, output: "hvm\nroot\nSUNWattached.xml\nhvm\nroot\nhvm\nroot\n", errors: ""))
    }

    @Test("move takes the zonepath, the file, the index and the dataset along")
    func move() throws {
        let (outcome, lab) = try run(
            RecordingHooks(),
            Self.make("b") + """
                zfs create -p data/zone/b; zoneadm -z b install; echo mine >/data/zone/b/root/tmp/mine
                zoneadm -z b move /data/elsewhere/b/
                cat /data/elsewhere/b/root/tmp/mine; ls -d /data/zone/b 2>&1 | wc -l; stat -c %a /data/elsewhere/b
                zfs list -H -o name,mountpoint data/zone/b; zonecfg -z b info zonepath
                zoneadm -z b list -p | cut -d: -f3,4; zoneadm -z b boot | wc -l; zoneadm -z b halt
                """)
        #expect(
            outcome
                == Outcome(
                    status: 0,
                    output: "mine\n1\n700\ndata/zone/b\t/data/elsewhere/b\nzonepath: /data/elsewhere/b\n"
                        + "installed:/data/elsewhere/b\n1\n", errors: ""))
        #expect(lab.file("/root/calls").contains("verify move /data/elsewhere/b/\n"))
    }

    /// What two zones are both given, and what clone says of it.
    static let shared: [(resource: String, warning: String)] = [
        (
            "add device; set match=/dev/zvol/rdsk/rpool/v; end",
            "WARNING: device '/dev/zvol/rdsk/rpool/v' is configured in both zones.\n"
        ),
        (
            "add device; set match=/dev/zvol/rdsk/rpool/*; end",
            "WARNING: device '/dev/zvol/rdsk/rpool/*' is configured in both zones.\n"
        ),
        (
            "add dataset; set name=rpool/d; end",
            "zoneadm: zone 's': WARNING: dataset 'rpool/d' is configured in both zones.\n"
        ),
        (
            "add fs; set dir=/d; set special=/data; set type=lofs; end",
            "WARNING: read-write lofs file system on '/data' is configured in both zones.\n"
        ),
        ("add fs; set dir=/d; set special=/data; set type=lofs; add options ro; end", ""),
    ]

    @Test("clone warns of what the two zones share, and copies all but sockets", arguments: shared)
    func clone(_ row: (resource: String, warning: String)) throws {
        let (outcome, _) = try run(
            RecordingHooks(),
            Self.make("b", "s") + """
                for zone in b s; do zonecfg -z $zone '\(row.resource)'; done
                zoneadm -z s install; cd /data/zone/s/root
                ln -s /etc/passwd tmp/link; mkfifo tmp/fifo; ln tmp/link tmp/hard; echo x >'tmp/a b'; chmod 4711 'tmp/a b'
                socat UNIX-LISTEN:tmp/socket,unlink-close=0 /dev/null & for i in $(seq 600); do [ -S tmp/socket ] && break; sleep 0.05; done
                kill $!
                zoneadm -z b clone s; echo $?
                cd /data/zone; (cd s/root; find . ! -type s -printf '%P %y %m %s %l\\n' | sort) >/root/s
                (cd b/root; find . -printf '%P %y %m %s %l\\n' | sort) | diff /root/s - && stat -c %a b
                """)
        #expect(outcome.output == "Copying /data/zone/s...\n0\n700\n")
        #expect(outcome.errors == row.warning)
    }

    @Test(
        "a clone that no copy was asked of stays incomplete; one of another brand, or of a zone that runs, is not begun"
    )
    func cloneNothing() throws {
        let (outcome, _) = try run(
            RecordingHooks(),
            Self.make("b", "s") + """
                zoneadm -z s install; zoneadm -z b clone -m zfs s; echo $?; zoneadm -z b list -p | cut -d: -f3
                zoneadm -z b uninstall -F; zoneadm -z s boot >/dev/null; zoneadm -z b clone s; echo $?; zoneadm -z s halt
                sed -i 's,bhyve,kvm,' /etc/zones/s.xml; zoneadm -z b clone s; echo $?; zoneadm -z b list -p | cut -d: -f3
                """)
        #expect(outcome.output == "1\nincomplete\n1\n1\nconfigured\n")
        #expect(
            outcome.errors == """
                usage:\tclone [-m method] [-s <ZFS snapshot>] [brand-specific args] zonename
                zoneadm: zone 'b': clone operation is invalid for running zones.
                zoneadm: Zones 's' and 'b' have different brand types.

                """)
    }
}
