import Foundation
import TestSupport
import Testing

@testable import CloudInit

@Suite struct SeedTests {
    @Test("a zone that says nothing more gives its guest a name")
    func zoneSays() throws {
        let seed = try SeedCase()
        #expect(seed.make().seed.files.map { $0.name } == ["meta-data", "user-data"])
        #expect(seed.make().said == [])
        try expect(seed.json("meta-data"), equals: ["instance-id": SeedCase.uuid, "local-hostname": "web"])
        try expect(seed.json("user-data"), equals: ["hostname": "web", "disable_root": false])
        #expect(try #require(seed.text("user-data")).hasPrefix("#cloud-config\n{"))
    }

    @Test("the same zone gives the same seed")
    func sameZone() throws {
        let attributes = [("password", "x"), ("sshkey", "ssh-rsa AAAA"), ("dns-domain", "example.org")]
        let network = #"<network physical="a" mac-addr="2:8:20:0:0:1" allowed-address="192.0.2.2/24"/>"#
        let one = try SeedCase(attributes, networks: [network]).make().seed.files
        try expect(SeedCase(attributes, networks: [network]).make().seed.files, equals: one)
        #expect(one.count == 3)
    }

    @Test(
        "a password is data, whatever is in it, and is in no text that people see",
        arguments: [
            "secret", "two words", "it's \"quoted\"", "\\", "\\n", "#", "a: b", "- a", "{}", "[x]", "&a *a !!x |",
            "%(x)",
            "null", "yes", "1e3", "0x10", "~", "=", "é€😀", "\u{2028}x\u{2029}", "x,y", "$HOME", "`id`", "$5", "$6$",
            "$9$a$b",
            "$6$a b$c", "$6$a$b:c", "$y$", "r", "random", "</zone>",
        ])
    func passwordData(password: String) throws {
        let seed = try SeedCase([("password", password)])
        try expect(
            seed.json("user-data"),
            equals: [
                "hostname": "web", "disable_root": false, "password": password, "chpasswd": ["expire": false],
                "ssh_pwauth": true,
            ])
        let shown = seed.make().seed.files[1].shown
        #expect(
            shown == [
                "#cloud-config",
                #"{"hostname":"web","disable_root":false,"password":"********","chpasswd":{"expire":false},"#
                    + #""ssh_pwauth":true}"#,
            ])
    }

    @Test(
        "a hash that cloud-init knows is handed over as a password, which it takes for a hash",
        arguments: ["$1$s$h", "$2a$10$h", "$2y$10$h", "$5$s$h", "$6$abc$def", "$6$rounds=5000$salt$h./A"])
    func hashCloud(hash: String) throws {
        let found = try SeedCase([("password", hash)]).json("user-data")
        #expect(found["password"] as? String == hash)
        #expect(found["system_info"] == nil)
    }

    @Test(
        "a hash that cloud-init does not know is the default user's, by name",
        arguments: ["$y$j9T$salt$hash", "$gy$j9T$salt$hash", "$7$CU..../....salt$hash", "$2b$10$hash"])
    func hashCloudInit(hash: String) throws {
        let seed = try SeedCase([("password", hash)])
        try expect(
            seed.json("user-data"),
            equals: [
                "hostname": "web", "disable_root": false, "ssh_pwauth": true,
                "system_info": ["default_user": ["hashed_passwd": hash, "lock_passwd": false]],
            ])
        #expect(!seed.make().seed.files[1].shown.joined().contains(hash))
    }

    @Test("keys are the default user's and root's")
    func keysDefault() throws {
        let key = #"command="a 'b' \\" ssh-rsa AAAA {}: #"#
        try expect(
            SeedCase([("sshkey", key)]).json("user-data"),
            equals: [
                "hostname": "web", "disable_root": false, "ssh_authorized_keys": [key],
                "users": ["default", ["name": "root", "ssh_authorized_keys": [key]]],
            ])
    }

    @Test("a file with user-data is handed over byte for byte, and not shown")
    func fileUser() throws {
        let bytes = Data([0x1f, 0x8b, 0, 0xff, 0x0a])
        let seed = try SeedCase(cloudInit: "@/u", files: ["u": bytes])
        let (made, said) = seed.make()
        #expect(said == [])
        #expect(made.files.map { $0.name } == ["meta-data", "user-data"])
        #expect(made.files[1].bytes == Array(bytes))
        #expect(made.files[1].shown == ["as it is in \(seed.scratch.path)/u"])
    }

    // MARK: Files of the host

    @Test(
        "a password is the line in a file",
        arguments: [
            ("pass", "pass"), ("pass\n", "pass"), (" two words \n", " two words "), ("$6$a$b\n", "$6$a$b"), ("é", "é"),
            (String(repeating: "x", count: 65536), String(repeating: "x", count: 65536)),
        ])
    func passwordLine(content: String, password: String) throws {
        let seed = try SeedCase([("password", "@/p")], files: ["p": Data(content.utf8)])
        #expect(seed.make().said == [])
        try expect(seed.json("user-data")["password"] as? String, equals: password)
    }

    @Test("keys are the lines in a file, comments and blank lines skipped")
    func keysLines() throws {
        let content = "# mine\nssh-rsa AAAA a@b\r\n\n   \n\tssh-ed25519 BBBB c@d  \n#ssh-rsa CCCC\nssh-rsa DDDD"
        let seed = try SeedCase([("sshkey", "@/k")], files: ["k": Data(content.utf8)])
        #expect(seed.make().said == [])
        try expect(
            seed.json("user-data")["ssh_authorized_keys"] as? [String],
            equals: ["ssh-rsa AAAA a@b", "ssh-ed25519 BBBB c@d", "ssh-rsa DDDD"])
    }

    static let nameless =
        "  name a file of at most 64 KiB, or choose a password that begins otherwise\n"
    static let place = "@/zone.xml:3: error: "
    static let notOneLine =
        "@/f: error: attr \"password\": the password's file does not hold one line of UTF-8 text\n"
        + "  write it into the file anew\n"
    static let pub = "  use a line of a .pub file, such as ssh-ed25519 AAAA… name; ssh-keygen(1) makes one\n"

    static let wrong: [(name: String, value: String, content: Data?, said: String)] = [
        (
            "password", "@/nothing", nil,
            place + "attr \"password\": the password begins with / and so names a file, which cannot be read: "
                + "No such file or directory\n" + nameless
        ),
        (
            "password", "/dev/null", nil,
            place + "attr \"password\": the password begins with / and so names a file, which cannot be read: "
                + "it is not a regular file\n" + nameless
        ),
        (
            "password", "@/f", Data(repeating: 0x78, count: 65537),
            place + "attr \"password\": the password begins with / and so names a file, which cannot be read: "
                + "File too large\n" + nameless
        ),
        ("password", "@/f", Data(), notOneLine), ("password", "@/f", Data("\n".utf8), notOneLine),
        ("password", "@/f", Data("a\nb\n".utf8), notOneLine), ("password", "@/f", Data("a\n\n".utf8), notOneLine),
        ("password", "@/f", Data("a\0b".utf8), notOneLine), ("password", "@/f", Data("a\r\n".utf8), notOneLine),
        ("password", "@/f", Data([0xff, 0x61]), notOneLine),
        (
            "password", "@/f", Data("RANDOM\n".utf8),
            place + "attr \"password\": cloud-init takes this password for the wish to make one up\n"
                + "  choose another one\n"
        ),
        (
            "password", "R", nil,
            place + "attr \"password\": cloud-init takes this password for the wish to make one up\n"
                + "  choose another one\n"
        ),
        (
            "sshkey", "@/nothing", nil,
            place + "attr \"sshkey\": cannot open @/nothing: No such file or directory\n"
                + "  name a regular file of at most 64 KiB\n"
        ),
        (
            "sshkey", "/", nil,
            place + "attr \"sshkey\": cannot read /: it is not a regular file\n"
                + "  name a regular file of at most 64 KiB\n"
        ),
        (
            "sshkey", "@/f", Data(repeating: 0x23, count: 65537),
            place + "attr \"sshkey\": cannot read @/f: File too large\n  name a regular file of at most 64 KiB\n"
        ),
        (
            "sshkey", "@/f", Data("# none\n\n".utf8),
            "@/f: error: attr \"sshkey\": there is no SSH key in the file\n  name a .pub file\n"
        ),
        (
            "sshkey", "@/f", Data([0x73, 0xff]),
            "@/f: error: attr \"sshkey\": the file is not UTF-8 text\n  name a .pub file\n"
        ),
        (
            "sshkey", "@/f", Data("ssh-rsa AAAA\n\nssh-rsa A\0A\n".utf8),
            "@/f:3: error: attr \"sshkey\": it is not an SSH public key\n" + pub
        ),
        (
            "sshkey", "@/f", Data("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA\n".utf8),
            "@/f:1: error: attr \"sshkey\": it is a private key, or no SSH key at all\n" + pub
        ),
    ]

    @Test("a file that cannot be what it should be is refused, and not shown", arguments: wrong)
    func fileCannot(
        name: String, value: String, content: Data?, said: String
    ) throws {
        let seed = try SeedCase([(name, value)], files: content.map { ["f": $0] } ?? [:])
        #expect(seed.make().said == [said])
    }

    @Test(
        "user-data that cannot be read is refused",
        arguments: [
            ("@/nothing", "cannot open @/nothing: No such file or directory"),
            ("/dev/zero", "cannot read /dev/zero: it is not a regular file"),
            ("@/u", "cannot read @/u: File too large"),
        ])
    func userData(path: String, message: String) throws {
        let seed = try SeedCase(cloudInit: path, files: ["u": Data(repeating: 0, count: (1 << 20) + 1)])
        #expect(
            seed.make().said == [
                "@/zone.xml:2: error: attr \"cloud-init\": \(message)\n  name a regular file of at most 1024 KiB\n"
            ])
    }
}
