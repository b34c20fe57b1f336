import TestSupport
import Testing

@testable import Machine
import Text
import ZoneConfig

@Suite struct NICTests {
    @Test("NICs are in the file's order, with their models, addresses and properties")
    func nicsFiles() throws {
        var facts = someFacts
        facts.macAddresses = ["b": MACAddress("2:8:20:0:0:1")!, "c": MACAddress("2:8:20:0:0:2")!]
        let zone = makeZone(
            .bhyve, [("netif", "e1000")],
            networks: [
                makeNetwork("b", line: 100),
                makeNetwork(" a ", line: 110, mac: " 2:8:20:A:B:91 ", [("netif", "virtio"), ("mtu", " 9000 ")]),
                makeNetwork("c", line: 120, mac: "auto", [("promiscphys", "on"), ("feature", "x=y")]),
                makeNetwork("d", line: 130, mac: ""),
            ])
        let reading = read(zone, facts: facts)
        let nics = try #require(reading.machine).nics
        #expect(reading.diagnostics == [])
        #expect(
            nics.map { $0.link } == [
                Sourced("b", .network(link: "b", line: 100)), Sourced("a", .network(link: "a", line: 110)),
                Sourced("c", .network(link: "c", line: 120)), Sourced("d", .network(link: "d", line: 130)),
            ])
        #expect(nics.map { $0.model.value } == ["e1000", "virtio-net-viona", "e1000", "e1000"])
        #expect(nics[0].model.origin == .attribute(name: "netif", line: 2))
        #expect(nics[1].model.origin == .netAttribute(name: "netif", line: 111))
        #expect(
            nics.map { $0.mac?.value.text } == ["02:08:20:00:00:01", "02:08:20:0a:0b:91", "02:08:20:00:00:02", nil])
        #expect(nics[0].mac?.origin == .host("dladm show-vnic b"))
        #expect(nics[1].mac?.origin == .network(link: "a", line: 110))
        #expect(
            nics.map { $0.properties.map { $0.text } } == [[], ["mtu=9000"], ["promiscphys=on", "feature=x=y"], []])
        #expect(nics.map { $0.index } == [0, 1, 2, 3])
    }

    @Test(
        "promiscphys decides whether the link filters",
        arguments: [("on", false), ("off", true), ("TRUE", false), ("0", true)])
    func promiscphysDecides(value: String, filters: Bool) throws {
        let zone = makeZone(
            .bhyve, networks: [makeNetwork("a", [("promiscphys", value)]), makeNetwork("b", line: 110)])
        try expect(#require(read(zone).machine).nics.map { $0.filtersPromiscuous }, equals: [filters, nil])
    }

    @Test(
        "the promisc properties are booleans",
        arguments: ["promiscphys", "promiscrxonly", "promiscsap", "promiscmulti"])
    func promiscProperties(name: String) {
        let expected = says(.error, 101, "net \"a\", property \"\(name)\": \"maybe\" is not on or off", "use on or off")
        #expect(read(makeZone(.bhyve, networks: [makeNetwork("a", [(name, "maybe")])])).diagnostics == [expected])
    }

    static let wrong: [(ZoneConfiguration.Network, Diagnostic)] = [
        (makeNetwork(nil), says(.error, 100, "a net resource has no physical", "name its VNIC: set physical=vnic0")),
        (makeNetwork(" "), says(.error, 100, "a net resource has no physical", "name its VNIC: set physical=vnic0")),
        (makeNetwork("a b"), says(.error, 100, "net: \"a b\" is not the name of a link", "name a VNIC, such as vnic0")),
        (makeNetwork("a,b"), says(.error, 100, "net: \"a,b\" is not the name of a link", "name a VNIC, such as vnic0")),
        (makeNetwork("a=b"), says(.error, 100, "net: \"a=b\" is not the name of a link", "name a VNIC, such as vnic0")),
        (
            makeNetwork("a\u{7}b"),
            says(.error, 100, "net: \"a\u{7}b\" is not the name of a link", "name a VNIC, such as vnic0")
        ),
        (
            makeNetwork("a\nb"),
            says(.error, 100, "net: \"a\nb\" is not the name of a link", "name a VNIC, such as vnic0")
        ),
        (
            makeNetwork("a", mac: "2:8:20"),
            says(
                .error, 100, "net \"a\": mac-addr \"2:8:20\" is not a MAC address",
                "use six hexadecimal numbers, such as 2:8:20:a:b:91")
        ),
        (
            makeNetwork("a", [("mtu", nil)]),
            says(.error, 101, "net \"a\", property \"mtu\": it has no value", "give it one, or remove the property")
        ),
        (
            makeNetwork("a", [("mtu", " ")]),
            says(.error, 101, "net \"a\", property \"mtu\": it has no value", "give it one, or remove the property")
        ),
        (
            makeNetwork("a", [(nil, "1")]),
            says(.error, 101, "net \"a\": a property has no name, or none that is one word", "fix it")
        ),
        (
            makeNetwork("a", [("", "1")]),
            says(.error, 101, "net \"a\": a property has no name, or none that is one word", "fix it")
        ),
        (
            makeNetwork("a", [("a,b", "1")]),
            says(.error, 101, "net \"a\": a property has no name, or none that is one word", "fix it")
        ),
        (
            makeNetwork("a", [("mtu", "1,backend=x")]),
            says(
                .error, 101, "net \"a\", property \"mtu\": its value holds a comma or a control character",
                "a hypervisor would take what follows for another option")
        ),
        (
            makeNetwork("a", [("mtu", "1\u{1b}2")]),
            says(
                .error, 101, "net \"a\", property \"mtu\": its value holds a comma or a control character",
                "a hypervisor would take what follows for another option")
        ),
        (
            makeNetwork("a", [("mtu", "1,\u{301}2")]),
            says(
                .error, 101, "net \"a\", property \"mtu\": its value holds a comma or a control character",
                "a hypervisor would take what follows for another option")
        ),
        (
            makeNetwork("a", [("netif", "e1000 x")]),
            says(
                .error, 101, "net \"a\", property \"netif\": \"e1000 x\" is not the name of a device model",
                "use one word, such as virtio")
        ),
    ]

    @Test("a NIC that cannot be built is named with what is wrong", arguments: wrong)
    func nicCannot(
        network: ZoneConfiguration.Network, diagnostic: Diagnostic
    ) {
        let reading = read(makeZone(.bhyve, networks: [network]))
        #expect(reading.diagnostics == [diagnostic])
        #expect(reading.machine == nil)
    }

    @Test("a zone that shares the global zone's IP stack is told that it gets no link", arguments: Brand.allCases)
    func sharedStack(_ brand: Brand) {
        let networks = [makeNetwork("vnic0"), makeNetwork("vnic1", line: 110)]
        expect(
            read(makeZone(brand, networks: networks, ipType: "shared")).diagnostics,
            equals: [
                says(
                    .warning, 100, "net \"vnic0\": the zone's ip-type is shared, so the machine does not get this link",
                    "set ip-type=exclusive")
            ])
        expect(read(makeZone(brand, ipType: "shared")).diagnostics, equals: [])
    }

    @Test("a link used twice is warned about")
    func linkUsed() {
        let zone = makeZone(.bhyve, networks: [makeNetwork("a"), makeNetwork("a", line: 101)])
        #expect(
            read(zone).diagnostics == [says(.warning, 101, "net \"a\" is listed twice", "give each NIC its own VNIC")])
        #expect(read(zone).machine?.nics.count == 2)
    }

    @Test("a seventeenth NIC is refused")
    func seventeenthNIC() {
        let networks = (0...17).map { makeNetwork("a\($0)", line: 100 + $0) }
        #expect(
            read(makeZone(.bhyve, networks: networks)).diagnostics
                == [says(.error, 116, "net \"a16\": a machine has at most 16 NICs", "remove some")])
    }

    @Test("of a kvm zone's NIC only the model can be set")
    func kvmZones() throws {
        let reading = read(
            makeZone(.kvm, networks: [makeNetwork("a", [("netif", "e1000"), ("mtu", "9000"), ("promiscphys", "on")])]))
        #expect(
            reading.diagnostics == [
                says(
                    .warning, 100, "net \"a\", property \"mtu\": it means nothing in a kvm zone",
                    "remove it; of a kvm zone's NIC only netif can be set")
            ])
        let nic = try #require(reading.machine?.nics.first)
        #expect(nic.model.value == "e1000")
        #expect(nic.filtersPromiscuous == nil)
    }

    /// The same aliases as the attribute's.
    @Test("virtio is the brand's own model", arguments: [(Brand.bhyve, "virtio-net-viona"), (.kvm, "virtio-net-pci")])
    func virtioBrands(brand: Brand, model: String) throws {
        let networks = [makeNetwork("a", [("netif", "virtio")]), makeNetwork("b", line: 110)]
        let machine = try #require(read(makeZone(brand, [("netif", "virtio")], networks: networks)).machine)
        #expect(machine.nics.map { $0.model.value } == [model, model])
    }
}
