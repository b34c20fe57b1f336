import TestSupport
import Testing

@testable import Machine
import Text

@Suite struct NetworkAddressTests {
    @Test(
        "a NIC has addresses with prefixes, and a gateway of each family",
        arguments: [
            (nil, nil, [], []), ("", " ", [], []), ("192.0.2.10/24", nil, ["192.0.2.10/24"], []),
            (
                " 192.0.2.10/24 , 2001:db8::a/64 ", "192.0.2.1,2001:db8::1", ["192.0.2.10/24", "2001:db8::a/64"],
                ["192.0.2.1", "2001:db8::1"]
            ),
            ("192.0.2.10/30,198.51.100.9/1", "198.51.100.1", ["192.0.2.10/30", "198.51.100.9/1"], ["198.51.100.1"]),
            ("192.0.2.10/32", nil, ["192.0.2.10/32"], []),
            ("2001:db8::a/128", "fe80::1", ["2001:db8::a/128"], ["fe80::1"]),
            ("192.0.2.1/25", "192.0.2.126", ["192.0.2.1/25"], ["192.0.2.126"]),
        ] as [(String?, String?, [String], [String])])
    func nicAddresses(
        addresses: String?, gateways: String?, own: [String], routers: [String]
    ) throws {
        let network = makeNetwork("vm0", addresses: addresses, gateways: gateways)
        let reading = read(makeZone(.bhyve, [("cloud-init", "on")], networks: [network]))
        #expect(reading.diagnostics == [])
        let found = try #require(reading.machine).nics[0].addresses
        #expect(found.own.map { $0.text } == own)
        #expect(found.gateways.map { $0.text } == routers)
    }

    static let form = "write it with its prefix, such as 192.0.2.10/24 or 2001:db8::10/64, and commas between several"

    static let wrong: [(addresses: String?, gateways: String?, vlan: String?, message: String, remedy: String)] = [
        ("192.0.2.300/24", nil, nil, "allowed-address \"192.0.2.300/24\" is not an IP address", form),
        ("192.0.2.1/24,,192.0.2.2/24", nil, nil, "allowed-address \"\" is not an IP address", form),
        ("vm.example.org/24", nil, nil, "allowed-address \"vm.example.org/24\" is not an IP address", form),
        ("\"/24", nil, nil, "allowed-address \"\"/24\" is not an IP address", form),
        ("fe80::1%net0/64", nil, nil, "allowed-address \"fe80::1%net0/64\" is not an IP address", form),
        ("192.0.2.10", nil, nil, "allowed-address \"192.0.2.10\" has no prefix length", form),
        ("192.0.2.10/", nil, nil, "allowed-address \"192.0.2.10/\" has no prefix length from 1 to 32", form),
        ("192.0.2.10/0", nil, nil, "allowed-address \"192.0.2.10/0\" has no prefix length from 1 to 32", form),
        ("192.0.2.10/33", nil, nil, "allowed-address \"192.0.2.10/33\" has no prefix length from 1 to 32", form),
        ("192.0.2.10/24/2", nil, nil, "allowed-address \"192.0.2.10/24/2\" has no prefix length from 1 to 32", form),
        ("192.0.2.10/-1", nil, nil, "allowed-address \"192.0.2.10/-1\" has no prefix length from 1 to 32", form),
        (
            "192.0.2.10/99999999999999999999", nil, nil,
            "allowed-address \"192.0.2.10/99999999999999999999\" has no prefix length from 1 to 32", form
        ),
        ("2001:db8::/129", nil, nil, "allowed-address \"2001:db8::/129\" has no prefix length from 1 to 128", form),
        (
            "192.0.2.10/24", "192.0.2", nil, "defrouter \"192.0.2\" is not an IP address",
            "give the gateway's address, such as 192.0.2.1"
        ),
        (
            "192.0.2.10/24", "192.0.2.1/24", nil, "defrouter \"192.0.2.1/24\" is not an IP address",
            "give the gateway's address, such as 192.0.2.1"
        ),
        (
            "192.0.2.10/24", "192.0.3.1", nil, "defrouter \"192.0.3.1\" is in no network of the allowed-address",
            "give a gateway that the NIC reaches, or the allowed-address the right prefix"
        ),
        (
            "192.0.2.10/24", "2001:db8::1", nil, "defrouter \"2001:db8::1\" is in no network of the allowed-address",
            "give a gateway that the NIC reaches, or the allowed-address the right prefix"
        ),
        (
            "192.0.2.10/24", "fe80::1", nil, "defrouter \"fe80::1\" is in no network of the allowed-address",
            "give a gateway that the NIC reaches, or the allowed-address the right prefix"
        ),
        (
            nil, "192.0.2.1", nil, "defrouter \"192.0.2.1\" is in no network of the allowed-address",
            "give a gateway that the NIC reaches, or the allowed-address the right prefix"
        ),
        (
            "192.0.2.10/24", "192.0.2.10", nil, "defrouter \"192.0.2.10\" is the NIC's own address",
            "give the gateway's address"
        ),
        (
            "192.0.2.10/24", "192.0.2.1,192.0.2.2", nil, "defrouter \"192.0.2.2\" is a second IPv4 gateway",
            "give one of each family at most"
        ),
        (nil, nil, "4095", "vlan-id \"4095\" is not a number from 0 to 4094", "give the VLAN's number"),
        (nil, nil, "-1", "vlan-id \"-1\" is not a number from 0 to 4094", "give the VLAN's number"),
        (nil, nil, "7x", "vlan-id \"7x\" is not a number from 0 to 4094", "give the VLAN's number"),
    ]

    @Test("a mistake names the network, its line and the way out", arguments: wrong)
    func mistakeNames(
        addresses: String?, gateways: String?, vlan: String?, message: String, remedy: String
    ) {
        let network = makeNetwork("vm0", line: 107, addresses: addresses, gateways: gateways, vlan: vlan)
        func said(_ attributes: [(String?, String?)]) -> [Diagnostic] {
            read(makeZone(.bhyve, attributes, networks: [network])).diagnostics
        }
        #expect(said([("cloud-init", "on")]) == [says(.error, 107, "net \"vm0\": " + message, remedy)])
        // Without a seed nothing here uses it.
        #expect(said([]) == [says(.warning, 107, "net \"vm0\": " + message, remedy)])
        #expect(said([("cloud-init", "http://x/")]) == [says(.warning, 107, "net \"vm0\": " + message, remedy)])
    }

    @Test("a VLAN has a number, or there is none", arguments: [nil, "", "0", "1", "4094", " 12 "])
    func vlanNumber(vlan: String?) {
        let zone = makeZone(.bhyve, [("cloud-init", "on")], networks: [makeNetwork("vm0", vlan: vlan)])
        #expect(read(zone).diagnostics == [])
    }
}
