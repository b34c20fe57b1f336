import Foundation
import TestSupport
import Testing

/// The seed for cloud-init that a real boot leaves in the zone root.
@Suite struct SeedTests {
    static let on = #"<attr name="cloud-init" type="string" value="on"/>"#
    static let password = #"<attr name="password" type="string" value="hUnter2"/>"#
    private static let image = "/cloud-init.iso"

    private func installed(_ body: String) throws -> ScratchZone {
        let zone = try ScratchZone(body: body)
        try zone.install()
        return zone
    }

    /// Stand-ins with the illumos host's mkisofs, and a bhyve that takes everything.
    private func commands(_ zone: ScratchZone, mkisofs: String = #"exec /usr/bin/xorriso -as mkisofs "$@""#) throws
        -> StandIns
    {
        let bhyve = #"for word; do :; done; echo "name=$word"; exit 1"#
        return try StandIns(zone.scratch, ["mkisofs": mkisofs, "bhyve": bhyve])
    }

    /// Boots the zone for a platform; it must succeed.
    private func boot(_ zone: ScratchZone, _ platform: String = "linux") throws {
        let commands = platform == "illumos" ? try commands(zone) : nil
        try expect(
            zone.run("boot", platform: platform, commands: commands),
            equals: Outcome(status: 0, output: "", errors: ""))
    }

    /// The files on the disc in the zone root.
    private func disc(_ zone: ScratchZone) throws -> [String: String] {
        let directory = zone.scratch.path + "/disc"
        try? FileManager.default.removeItem(atPath: directory)
        let outcome = try Hooks.run(
            program: "/usr/bin/xorriso",
            ["-osirrox", "on", "-indev", zone.root + Self.image, "-extract", "/", directory])
        try #require(outcome.status == 0, "\(outcome.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory)
        return try names.reduce(into: [:]) {
            $0[$1] = try String(contentsOfFile: directory + "/" + $1, encoding: .utf8)
        }
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("boot makes the seed at every boot, and keeps it to root", arguments: ["linux", "illumos"])
    func made(_ platform: String) throws {
        let zone = try installed(Self.on + Self.password)
        try boot(zone, platform)
        try expect(mode(zone.root + Self.image), equals: 0o600)
        let uuid = ScratchZone.uuid
        let first = try disc(zone)
        #expect(first.keys.sorted() == ["meta-data", "user-data"])
        #expect(first["meta-data"] == "{\"instance-id\":\"\(uuid)\",\"local-hostname\":\"web\"}\n")
        expect(first["user-data"] ?? "", contains: "\"password\":\"hUnter2\"")
        try boot(zone, platform)
        try expect(disc(zone), equals: first)
        try zone.configure(body: Self.on)
        try boot(zone, platform)
        try expect(disc(zone)["user-data"], equals: "#cloud-config\n{\"hostname\":\"web\",\"disable_root\":false}\n")
        #expect(!zone.log.contains("hUnter2"))
    }

    @Test("the disc has the volume name and the long names that NoCloud looks for")
    func volume() throws {
        let zone = try installed(Self.on)
        try boot(zone)
        let bytes = try #require(FileManager.default.contents(atPath: zone.root + Self.image))
        // The primary volume descriptor (ECMA-119, 8.4), and Joliet's beside it.
        #expect(String(decoding: bytes[0x8001..<0x8006], as: UTF8.self) == "CD001")
        #expect(
            String(decoding: bytes[0x8028..<0x8048], as: UTF8.self).trimmingCharacters(in: .whitespaces) == "CIDATA")
        #expect(bytes[0x8800] == 2)
        #expect(bytes.range(of: Data("user-data".utf8)) != nil)
    }

    @Test(
        "no dry run and no message shows a secret",
        arguments: ["-t", "-e", "-j"], ["hUnter2", "$6$salt$hUnter2", "$y$j9T$salt$hUnter2"])
    func secrets(_ mode: String, _ password: String) throws {
        let zone = try installed(Self.on + Self.password.replacingOccurrences(of: "hUnter2", with: password))
        let outcome = try zone.run("boot", [mode])
        #expect(outcome.status == 0)
        #expect(!outcome.output.contains("hUnter2"))
        expect(outcome.errors, equals: zone.nothingToBoot)
        if mode != "-j" { expect(outcome.output, contains: "********") }
        #expect(zone.read("cloud-init.iso") == nil)
    }

    @Test("boot -t and -e show what the seed holds")
    func shown() throws {
        let zone = try installed(Self.on)
        let lines = [
            "meta-data: {\"instance-id\":\"\(ScratchZone.uuid)\",\"local-hostname\":\"web\"}",
            "user-data: #cloud-config", "user-data: {\"hostname\":\"web\",\"disable_root\":false}",
        ]
        let comments = (["# writes \(zone.root)/cloud-init.iso (the seed for cloud-init)"] + lines.map { "#   " + $0 })
        try expect(zone.run("boot", ["-t"]).output, contains: comments.joined(separator: "\n") + "\n")
        let explained = try zone.run("boot", ["-e"]).output
        for line in lines {
            let (name, text) = (line.prefix { $0 != ":" }, line.drop { $0 != ":" }.dropFirst(2))
            #expect(explained.split(separator: "\n").contains { $0.hasPrefix(name) && $0.hasSuffix("  " + text) })
        }
    }

    // MARK: What is at its place

    @Test(
        "whatever the zone puts at the seed's place is replaced and not followed, and goes with the attribute",
        arguments: ["link", "dangling link", "file", "fifo", "socket"], [true, false])
    func planted(_ trap: String, isOn: Bool) throws {
        let zone = try installed(isOn ? Self.on : "")
        let place = zone.root + Self.image
        try zone.scratch.write("outside", "precious")
        switch trap {
        case "link": try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: "../../../outside")
        case "dangling link": try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: "/new")
        case "file": try zone.scratch.write("zones/web/root/cloud-init.iso", "planted")
        case "fifo": try #require(mkfifo(place, 0o644) == 0)
        default: try #require(mknod(place, S_IFSOCK | 0o644, 0) == 0)
        }
        try boot(zone)
        try expect(String(contentsOfFile: zone.scratch.path + "/outside", encoding: .utf8), equals: "precious")
        if isOn {
            try expect(disc(zone).count, equals: 2)
            let kind = try FileManager.default.attributesOfItem(atPath: place)[.type] as? FileAttributeType
            #expect(kind == .typeRegular)
        } else {
            #expect((try? FileManager.default.attributesOfItem(atPath: place)) == nil)
        }
    }

    @Test(
        "a seed goes with its attribute, and what other hooks leave of one goes at any boot", arguments: [true, false])
    func outlived(isOn: Bool) throws {
        let zone = try installed(Self.on)
        try boot(zone)
        try zone.scratch.write("zones/web/root/cloud-init/user-data", "password: hUnter2")
        try zone.scratch.write("zones/web/root/.cloud-init.iso.new", "half")
        try zone.configure(body: isOn ? Self.on : "")
        try boot(zone)
        let names = try FileManager.default.contentsOfDirectory(atPath: zone.root)
        #expect(names.filter { $0.contains("cloud-init") } == (isOn ? ["cloud-init.iso"] : []))
    }

    @Test("a directory at the seed's place is told before anything is written, and goes with the attribute")
    func directory() throws {
        let zone = try installed(Self.on)
        try zone.scratch.write("zones/web/root/cloud-init.iso/planted", "x")
        try expect(
            zone.run("boot"),
            equals: Outcome(
                status: 255, output: "",
                errors: "zone web: error: write \(zone.root)/cloud-init.iso: Is a directory\n"
                    + "  look at what is there: the zone may have put it there\n"
                    + "zone web: see \(zone.zonepath)/log/zone.log\n"))
        #expect(zone.launch == nil)
        try zone.configure(body: "")
        try boot(zone)
        #expect(!FileManager.default.fileExists(atPath: zone.root + Self.image))
    }

    // MARK: What goes wrong

    @Test(
        "mkisofs' failure is told in its words, and nothing is written",
        arguments: [
            ("echo 'mkisofs: no space' >&2; exit 3", "mkisofs: mkisofs: no space"),
            ("exit 3", "mkisofs: exit status 3"),
            (":", "open /tmp/hvm-seed/seed.iso: No such file or directory"),
        ])
    func fails(_ mkisofs: String, _ words: String) throws {
        let zone = try installed(Self.on + Self.password)
        try zone.scratch.write("zones/web/root/cloud-init.iso", "old")
        let commands = try commands(zone, mkisofs: mkisofs)
        let outcome = try zone.run("boot", platform: "illumos", commands: commands)
        #expect(outcome.status == 255)
        let errors = outcome.errors.replacing(#/hvm-seed\.\w+/#, with: "hvm-seed")
        expect(
            errors,
            hasPrefix: "zone web: error: the seed for cloud-init cannot be made: \(words)\n"
                + "  install mkisofs, or look whether /tmp is full\n")
        #expect(zone.launch == nil)
        #expect(zone.read("cloud-init.iso") == "old")
        let call = try #require(try commands.calls.first { $0.hasPrefix("mkisofs ") })
        let directory = try #require(call.firstMatch(of: #/\/tmp\/hvm-seed\.\w+/#)).output
        #expect(!FileManager.default.fileExists(atPath: String(directory)))
    }

    @Test("a host without mkisofs is told")
    func lacks() throws {
        let zone = try installed(Self.on)
        let commands = try StandIns(zone.scratch, ["bhyve": #"for word; do :; done; echo "name=$word"; exit 1"#])
        let outcome = try zone.run("boot", platform: "illumos", commands: commands)
        expect(
            outcome.errors,
            hasPrefix: "zone web: error: the seed for cloud-init cannot be made: run \(commands.directory)/mkisofs: "
                + "No such file or directory\n  install mkisofs, or look whether /tmp is full\n")
        #expect(zone.launch == nil)
    }

    @Test("a zone whose seed cannot be built is refused, and what is wrong is named")
    func refused() throws {
        let zone = try installed(
            Self.on + "\n<attr name=\"password\" type=\"string\" value=\"/nonexistent/hUnter2\"/>\n"
                + "<network physical=\"web0\" allowed-address=\"192.0.2.2/33\"/>")
        let outcome = try zone.run("boot")
        #expect(outcome.status == 255)
        expect(
            outcome.errors,
            equals: """
                zone web: \(zone.xml):3: error: attr "password": the password begins with / and so names a file, which \
                cannot be read: No such file or directory
                  name a file of at most 64 KiB, or choose a password that begins otherwise
                zone web: \(zone.xml):4: error: net "web0": allowed-address "192.0.2.2/33" has no prefix length from 1 to 32
                  write it with its prefix, such as 192.0.2.10/24 or 2001:db8::10/64, and commas between several
                zone web: see \(zone.zonepath)/log/zone.log

                """)
        #expect(!outcome.errors.contains("hUnter2"))
        #expect(zone.launch == nil)
    }

    @Test("dladm is asked for a MAC address that the configuration does not have, and for no other")
    func asksForMAC() throws {
        let zone = try installed(
            Self.on + #"<network physical="a" mac-addr="2:8:20:0:0:1" allowed-address="192.0.2.2/24"/>"#
                + #"<network physical="b" allowed-address="192.0.2.3/24"/>"#)
        let commands = try StandIns(
            zone.scratch,
            ["dladm": "echo 2:8:20:0:0:b", "bhyve": #"for word; do :; done; echo "name=$word"; exit 1"#])
        let outcome = try zone.run("boot", ["-t"], platform: "illumos", commands: commands)
        #expect(outcome.errors == "")
        expect(outcome.output, contains: #""b":{"match":{"macaddress":"02:08:20:00:00:0b"}"#)
        try expect(commands.calls, equals: ["dladm [show-vnic] [-p] [-o] [macaddress] [b]"])
    }
}

/// Debian's own cloud-init, which tools/cloud-init unpacks.
private enum Debian {
    static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    static let modules = sources + "/../../.build/cloud-init/usr/lib/python3/dist-packages"
    static let hasCloudInit = FileManager.default.fileExists(atPath: modules)
}

/// Debian's own cloud-init, given the disc.
@Suite(.enabled(if: Debian.hasCloudInit, "tools/cloud-init puts it there"))
struct NoCloudTests {
    static let key = "command=\"a 'b'\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI #ops: {x}"
    static let passwords = [
        "secret", "it's \"quoted\" \\n", "a: b #c", "{[&*!|>'", "null", "yes", "1e3", "é€😀", "%(x)%%", "$6$salt$hash",
        "$y$j9T$salt$hash",
    ]

    /// The attributes' values as XML has them.
    private func body(_ attributes: [(String, String)]) -> String {
        attributes.map { name, value in
            let text = value.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
                .replacingOccurrences(of: "\"", with: "&quot;")
            return "<attr name=\"\(name)\" type=\"string\" value=\"\(text)\"/>"
        }.joined(separator: "\n")
    }

    @Test(
        "its schema takes the user-data, and its reader finds names, keys, password and addresses", arguments: passwords
    )
    func reads(_ password: String) throws {
        let zone = try ScratchZone(
            body: body([
                ("cloud-init", "on"), ("password", password), ("sshkey", Self.key), ("dns-domain", "example.org"),
                ("resolvers", "192.0.2.53,2001:db8::53"),
            ])
                + #"<network physical="web0" mac-addr="2:8:20:a:b:1" allowed-address="192.0.2.2/24,2001:db8::2/64" "#
                + #"defrouter="192.0.2.1,2001:db8::1"/>"#)
        try zone.install()
        try expect(zone.run("boot"), equals: Outcome(status: 0, output: "", errors: ""))
        let disc = zone.scratch.path + "/disc"
        _ = try Hooks.run(
            program: "/usr/bin/xorriso",
            ["-osirrox", "on", "-indev", zone.root + "/cloud-init.iso", "-extract", "/", disc])
        let schema = try Hooks.run(
            program: "/usr/bin/python3",
            ["-m", "cloudinit.cmd.main", "schema", "--config-file", disc + "/user-data"],
            environment: ["PYTHONPATH": Debian.modules])
        #expect(schema == Outcome(status: 0, output: "Valid cloud-config: \(disc)/user-data\n", errors: ""))

        let serial = "ds=nocloud;i=" + ScratchZone.uuid
        let outcome = try Hooks.run(
            program: "/usr/bin/python3", [Debian.sources + "/nocloud.py", Debian.modules, disc, serial])
        let found = try outcome.json() as NSDictionary
        #expect(found["seed"] as? String == "dmi,/dev/sr0", "\(outcome.errors)")
        #expect(found["instance"] as? String == ScratchZone.uuid)
        #expect(found["hostname"] as? String == "web")
        #expect(found["default"] as? [String] == ["debian"])
        let userData = try #require(found["user-data"] as? NSDictionary)
        #expect(userData["ssh_authorized_keys"] as? [String] == [Self.key])
        #expect((found["keys"] as? NSDictionary)?["root"] as? [String] == [Self.key])
        let user = (userData["system_info"] as? NSDictionary)?["default_user"] as? NSDictionary
        #expect((userData["password"] ?? user?["hashed_passwd"]) as? String == password)
        #expect((user != nil) == password.hasPrefix("$y$"))
        expectNetwork(found)
    }

    private func expectNetwork(_ found: NSDictionary) {
        let nameservers: NSDictionary = ["addresses": ["192.0.2.53", "2001:db8::53"], "search": ["example.org"]]
        #expect(
            found["interfaces"] as? NSDictionary == [
                "web0": [
                    "mac": "02:08:20:0a:0b:01", "addresses": ["192.0.2.2/24", "2001:db8::2/64"],
                    "dns": ["nameservers": ["192.0.2.53", "2001:db8::53"], "search": ["example.org"]],
                ]
            ])
        #expect(
            found["netplan"] as? NSDictionary == [
                "network": [
                    "version": 2,
                    "ethernets": [
                        "web0": [
                            "match": ["macaddress": "02:08:20:0a:0b:01"], "set-name": "web0",
                            "addresses": ["192.0.2.2/24", "2001:db8::2/64"],
                            "routes": [
                                ["to": "0.0.0.0/0", "via": "192.0.2.1"], ["to": "::/0", "via": "2001:db8::1"],
                            ],
                            "nameservers": nameservers,
                        ]
                    ],
                ]
            ])
    }
}
