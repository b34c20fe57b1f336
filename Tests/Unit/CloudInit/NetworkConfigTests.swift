import Foundation
import TestSupport
import Testing

@testable import CloudInit

@Suite struct NetworkConfigTests {
    @Test("every NIC with an address and a known MAC is told of, with all its addresses and routes")
    func everyNIC()
        throws
    {
        let seed = try SeedCase(
            [("resolvers", "192.0.2.53, 2001:db8::53"), ("dns-domain", "example.org")],
            networks: [
                #"<network physical="a" mac-addr="2:8:20:a:b:1" allowed-address="192.0.2.2/24,2001:db8::2/64" "#
                    + #"defrouter="192.0.2.1,fe80::1"/>"#,
                #"<network physical="b" allowed-address="198.51.100.2/30"/>"#,
                #"<network physical="c" mac-addr="2:8:20:a:b:3"/>"#,
            ], macs: ["a": "2:8:20:0:0:9", "b": "2:8:20:0:0:2"])
        let nameservers: [String: [String]] = ["addresses": ["192.0.2.53", "2001:db8::53"], "search": ["example.org"]]
        #expect(seed.make().said == [])
        try expect(
            seed.json("network-config"),
            equals: [
                "version": 2,
                "ethernets": [
                    "a": [
                        "match": ["macaddress": "02:08:20:0a:0b:01"], "set-name": "a",
                        "addresses": ["192.0.2.2/24", "2001:db8::2/64"],
                        "routes": [["to": "0.0.0.0/0", "via": "192.0.2.1"], ["to": "::/0", "via": "fe80::1"]],
                        "nameservers": nameservers,
                    ],
                    "b": [
                        "match": ["macaddress": "02:08:20:00:00:02"], "set-name": "b", "addresses": ["198.51.100.2/30"],
                        "nameservers": nameservers,
                    ],
                ],
            ])
    }

    @Test(
        "what there is of a resolver's settings is told",
        arguments: [
            ([("resolvers", "192.0.2.53")], ["addresses": ["192.0.2.53"]]),
            ([("dns-domain", "example.org")], ["search": ["example.org"]]), ([], nil),
        ] as [([(String, String)], [String: [String]]?)])
    func resolversSettings(
        attributes: [(String, String)], nameservers: [String: [String]]?
    ) throws {
        let network = #"<network physical="a" mac-addr="2:8:20:a:b:1" allowed-address="192.0.2.2/24"/>"#
        let found = try SeedCase(attributes, networks: [network]).json("network-config")
        let interface = try #require((found["ethernets"] as? NSDictionary)?["a"] as? NSDictionary)
        #expect(interface["nameservers"] as? [String: [String]] == nameservers)
    }

    @Test("without a NIC that has an address and a known MAC there is no network-config")
    func withoutNIC() throws {
        let seed = try SeedCase(
            networks: [
                #"<network physical="a" mac-addr="2:8:20:a:b:1"/>"#,
                #"<network physical="b" allowed-address="192.0.2.2/24"/>"#,
            ])
        #expect(seed.text("network-config") == nil)
        #expect(
            seed.make().said == [
                "@/zone.xml:4: warning: net \"b\": its MAC address is not known, so cloud-init is not told its addresses\n"
                    + "  create the VNIC (dladm create-vnic -l LINK b), or give the net resource a mac-addr\n"
            ])
    }

    @Test(
        "an interface is named as its VNIC where Linux has such names",
        arguments: [
            ("web_0", true), ("a-b.c", true), ("abcdefghijklmno", true), ("abcdefghijklmnop", false), ("a/b", false),
            (".", false), ("..", false), ("é", false), ("a:1", false), ("a'b", false),
        ])
    func interfaceNamed(link: String, isNamed: Bool) throws {
        let network = "<network physical=\"\(link)\" mac-addr=\"2:8:20:a:b:1\" allowed-address=\"192.0.2.2/24\"/>"
        let seed = try SeedCase(networks: [network])
        let found = try seed.json("network-config")
        let interface = try #require((found["ethernets"] as? NSDictionary)?[link] as? NSDictionary)
        #expect(interface["set-name"] as? String == (isNamed ? link : nil))
        let warning =
            "@/zone.xml:3: warning: net \"\(link)\": no interface of a Linux guest can have this name, so the guest "
            + "chooses another\n  give the VNIC a name of at most 15 letters, digits, _, - and .\n"
        #expect(seed.make().said == (isNamed ? [] : [warning]))
    }
}
