import TestSupport
import Testing

@testable import Machine
import Text

@Suite struct CloudInitTests {
    @Test(
        "cloud-init's source decides the serial number and the seed",
        arguments: [
            ("off", CloudInitSource.off, someUUID), ("on", .seed(userData: nil), "ds=nocloud;i=" + someUUID),
            ("/x/user-data", .seed(userData: "/x/user-data"), "ds=nocloud;i=" + someUUID),
            ("http://x/y", .url("http://x/y"), "ds=nocloud-net;s=http://x/y;i=" + someUUID),
            ("https://x/?a=b%2Cc", .url("https://x/?a=b%2Cc"), "ds=nocloud-net;s=https://x/?a=b%2Cc;i=" + someUUID),
        ])
    func cloudInits(
        text: String, choice: CloudInitSource, serial: String
    )
        throws
    {
        let machine = try #require(read(.bhyve, [("cloud-init", text)]).machine)
        #expect(machine.cloudInit.value == choice)
        #expect(machine.systemSerial == serial)
        #expect(machine.hasSeed == serial.hasPrefix("ds=nocloud;"))
    }

    @Test(
        "resolvers are addresses of both families",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), (" 192.0.2.1 , 2001:db8::1 ", "192.0.2.1,2001:db8::1"),
        ])
    func resolversAddresses(text: String, list: String) throws {
        try expect(AddressList(text).text, equals: list)
    }

    @Test(
        "what would break out of the SMBIOS serial number is refused",
        arguments: [
            (
                "http://x/a,b",
                "\"http://x/a,b\" holds a comma, which bhyve takes for the end of the SMBIOS serial number",
                "write the comma as %2C"
            ),
            (
                "http://x/a;h=evil",
                "\"http://x/a;h=evil\" holds a blank or semicolon, which cloud-init takes for the end of the URL",
                "write a blank as %20 and a semicolon as %3B"
            ),
            (
                "https://x/a b",
                "\"https://x/a b\" holds a blank or semicolon, which cloud-init takes for the end of the URL",
                "write a blank as %20 and a semicolon as %3B"
            ),
            ("ftp://x", "\"ftp://x\" is not a cloud-init source", "use on, off, an absolute path or an http URL"),
            ("user-data", "\"user-data\" is not a cloud-init source", "use on, off, an absolute path or an http URL"),
            ("http://x/\u{7}", "its value holds the control character 0x07", "write it on one line, without tabs"),
            ("http://x/\ni=1", "its value holds the control character 0x0a", "write it on one line, without tabs"),
        ])
    func wouldBreak(text: String, message: String, remedy: String) {
        let expected = says(.error, 2, "attr \"cloud-init\": " + message, remedy)
        #expect(read(.bhyve, [("cloud-init", text)]).diagnostics == [expected])
    }

    @Test(
        "a domain is labels with dots between",
        arguments: ["a.example_1.org", "localdomain", "EXAMPLE.org", String(repeating: "a", count: 63)])
    func domainLabels(text: String) throws {
        let machine = try #require(read(.bhyve, [("dns-domain", text)]).machine)
        #expect(machine.seedInputs.domain?.value == text)
    }

    @Test(
        "what is no domain is refused",
        arguments: [
            "a..b", ".a", "a.", "a b", "a,b", "a\"b", "a: b", "{}", "a/b", "é.org", "%(x)",
            String(repeating: "a", count: 64),
        ])
    func domainRefused(text: String) {
        let expected = says(
            .error, 2, "attr \"dns-domain\": \(text.quoted) is not a domain", "use one domain, such as example.com")
        #expect(read(.bhyve, [("dns-domain", text)]).diagnostics == [expected])
    }

    @Test("a password and keys beside a file with user-data have no effect, and that is told")
    func passwordKeys() {
        let reading = read(
            .bhyve, [("cloud-init", "/u"), ("password", "x"), ("sshkey", "ssh-rsa AAAA"), ("ram", "1G")])
        let remedy = "say it in that file, or set cloud-init=on"
        #expect(
            reading.diagnostics == [
                says(.warning, 3, "attr \"password\": it has no effect: the user-data is \"/u\"", remedy),
                says(.warning, 4, "attr \"sshkey\": it has no effect: the user-data is \"/u\"", remedy),
            ])
    }

    @Test(
        "an SSH key has a type and the key, options before and a comment after",
        arguments: [
            "ssh-rsa AAAA", "ssh-ed25519 AAAA+/== a b c", "ecdsa-sha2-nistp256 AAAA",
            "sk-ssh-ed25519@openssh.com AAAA x",
            "from=\"192.0.2.1\",no-pty ssh-rsa AAAA x", "command=\"a b ssh-x\" ssh-rsa AAAA \"quoted\" #'{}: %",
        ])
    func sshKey(line: String) throws {
        try expect(SSHKey(line).line, equals: line)
        let machine = try #require(read(.bhyve, [("sshkey", line)]).machine)
        try expect(machine.seedInputs.sshKeys?.value, equals: .key(SSHKey(line)))
    }

    @Test(
        "what is no SSH key is refused, and not shown",
        arguments: [
            ("AAAA", "it is not an SSH public key"), ("ssh-rsa", "it is not an SSH public key"),
            ("ssh-rsa A\"A", "it is not an SSH public key"), ("ssh-rsa é", "it is not an SSH public key"),
            ("a b ssh-rsa AAAA", "it is not an SSH public key"),
            ("command=\"a b ssh-rsa AAAA", "it is not an SSH public key"),
            ("id_rsa.pub", "it is not an SSH public key"),
            ("-----BEGIN OPENSSH PRIVATE KEY-----", "it is a private key, or no SSH key at all"),
        ])
    func sshKeyRefused(line: String, message: String) {
        let expected = says(
            .error, 2, "attr \"sshkey\": " + message,
            "use a line of a .pub file, such as ssh-ed25519 AAAA… name; ssh-keygen(1) makes one")
        #expect(read(.bhyve, [("sshkey", line)]).diagnostics == [expected])
    }
}
