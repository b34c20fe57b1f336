import Text
import ZoneConfig

extension Attributes {
    static let netif = Attribute<String>(
        "netif", "NIC model", from: .page, elsewhere: ["nic_driver", "nic_model"],
        .of(
            .bhyve, default: "virtio-net-viona", syntax: "virtio (virtio-net-viona), virtio-net or e1000",
            example: "e1000",
            parse: { text throws(ValueError) in try Interface.resolve(text, [Alias("virtio", "virtio-net-viona")]) }),
        .of(
            .kvm, default: "virtio-net-pci", syntax: "virtio (virtio-net-pci) or e1000", example: "e1000",
            parse: { text throws(ValueError) in try Interface.resolve(text, [Alias("virtio", "virtio-net-pci")]) }))
}

/// A network card.
package struct NIC: Equatable, Sendable {
    /// From 0, in the file's order.
    package let index: Int
    /// Where bhyve has it.
    package let place: PCIPlace
    /// The VNIC.
    package let link: Sourced<String>
    /// What the guest sees, as the hypervisor calls it.
    package let model: Sourced<String>
    /// Its address; `nil` where the hypervisor learns it from the VNIC.
    package let mac: Sourced<MACAddress>?
    /// What its guest is to be reached by.
    package let addresses: NetworkAddresses
    /// Its other properties, in order.
    package let properties: [DeviceOption]
    /// What the link property promisc-filtered is to be; `nil`: left as it is.
    package let filtersPromiscuous: Bool?
}

extension MachineBuilder {
    mutating func nics(hasSeed: Bool) -> [NIC] {
        let common = settings.read(Attributes.netif, otherwise: "virtio")
        var nics: [NIC] = []
        var links: Set<String> = []
        checkIPType()
        for network in zone.networks {
            guard let link = network.physical?.trimmed, !link.isEmpty else {
                report(
                    .error, .network(link: "", line: network.line), "a net resource has no physical",
                    "name its VNIC: set physical=vnic0")
                continue
            }
            let origin = Origin.network(link: link, line: network.line)
            guard isPlainWord(link) else {
                report(
                    .error, origin, "net: \(link.quoted) is not the name of a link", "name a VNIC, such as vnic0")
                continue
            }
            checkGlobalNIC(network, origin)
            if !links.insert(link).inserted {
                report(.warning, origin, "net \(link.quoted) is listed twice", "give each NIC its own VNIC")
            }
            guard let place = PCIPlace(nics.count, in: [.nics, .moreNICs]) else {
                report(.error, origin, "net \(link.quoted): a machine has at most 16 NICs", "remove some")
                break
            }
            guard take(place, for: "net\(nics.count)", origin) else { continue }
            nics.append(nic(network, Sourced(link, origin), nics.count, place, common, hasSeed))
        }
        return nics
    }

    /// A zone that shares the global zone's IP stack gets no link, zonecfg(8).
    private mutating func checkIPType() {
        guard let network = zone.networks.first, zone.property("ip-type") == "shared" else { return }
        let link = network.physical?.trimmed ?? ""
        report(
            .warning, .network(link: link, line: network.line),
            "net \(link.quoted): the zone's ip-type is shared, so the machine does not get this link",
            "set ip-type=exclusive")
    }

    /// The link below a VNIC that is made when the zone starts is found by its address.
    private mutating func checkGlobalNIC(_ network: ZoneConfiguration.Network, _ origin: Origin) {
        guard network.globalNic?.trimmed == "auto", (network.allowedAddress?.trimmed ?? "").isEmpty,
            (network.address?.trimmed ?? "").isEmpty
        else { return }
        let problem = network.unknownLink
        report(.warning, origin, problem.message, problem.remedy)
    }

    private mutating func nic(
        _ network: ZoneConfiguration.Network, _ link: Sourced<String>, _ index: Int, _ place: PCIPlace,
        _ common: Sourced<String>, _ hasSeed: Bool
    ) -> NIC {
        var model = common
        var properties: [DeviceOption] = []
        var filters: Bool?
        for property in network.attributes {
            guard let option = netProperty(property, link.value) else { continue }
            let origin = Origin.netAttribute(name: option.key, line: property.line)
            switch option.key {
            case "netif":
                model = netInterface(option.value ?? "", origin, link.value) ?? model
            case "promiscphys", "promiscrxonly", "promiscsap", "promiscmulti":
                guard let flag = try? Flag.parse(option.value ?? "") else {
                    report(
                        .error, origin,
                        "\(netQuoted(link.value, option.key))\"" + (option.value ?? "") + "\" is not on or off",
                        "use on or off")
                    continue
                }
                if option.key == "promiscphys" { filters = !flag }
                properties.append(option)
            default:
                properties.append(option)
            }
        }
        if !brand.hasNICProperties, let first = properties.first {
            report(
                .warning, link.origin,
                "\(netQuoted(link.value, first.key))it means nothing in a \(brand.rawValue) zone",
                "remove it; of a \(brand.rawValue) zone's NIC only netif can be set")
        }
        return NIC(
            index: index, place: place, link: link, model: model, mac: mac(network, link),
            addresses: addresses(network, link, hasSeed: hasSeed), properties: properties,
            filtersPromiscuous: brand.hasNICProperties ? filters : nil)
    }

    /// Name and value of a NIC's property, when both are there and could be told apart by a hypervisor.
    private mutating func netProperty(_ property: ZoneConfiguration.NetAttribute, _ link: String) -> DeviceOption? {
        let name = property.name?.trimmed ?? ""
        let origin = Origin.netAttribute(name: name, line: property.line)
        guard !name.isEmpty, isPlainWord(name) else {
            report(
                .error, origin, "net \(link.quoted): a property has no name, or none that is one word", "fix it")
            return nil
        }
        guard let value = property.value?.trimmed, !value.isEmpty else {
            report(.error, origin, "\(netQuoted(link, name))it has no value", "give it one, or remove the property")
            return nil
        }
        guard value.firstControlCharacter == nil, !value.holds(",") else {
            report(
                .error, origin, "\(netQuoted(link, name))its value holds a comma or a control character",
                "a hypervisor would take what follows for another option")
            return nil
        }
        return DeviceOption("\(name)=\(value)")
    }

    private mutating func netInterface(_ text: String, _ origin: Origin, _ link: String) -> Sourced<String>? {
        do {
            return try Attributes.netif.form(for: brand).map { form throws(ValueError) in
                Sourced(try form.parse(text), origin)
            }
        } catch {
            report(.error, origin, netQuoted(link, "netif") + error.message, error.remedy)
            return nil
        }
    }

    /// The NIC's own address, before the one its VNIC has.
    private mutating func mac(_ network: ZoneConfiguration.Network, _ link: Sourced<String>) -> Sourced<MACAddress>? {
        guard let configured = network.chosenMAC else {
            return facts.macAddresses[link.value].map { Sourced($0, .host("dladm show-vnic \(link.value)")) }
        }
        guard let mac = MACAddress(configured) else {
            report(
                .error, link.origin,
                "net \(link.value.quoted): mac-addr \(configured.quoted) is not a MAC address",
                "use six hexadecimal numbers, such as 2:8:20:a:b:91")
            return nil
        }
        return Sourced(mac, link.origin)
    }

    private func netQuoted(_ link: String, _ property: String) -> String {
        "net \(link.quoted), property \(property.quoted): "
    }

    private func isPlainWord(_ text: String) -> Bool {
        text.firstControlCharacter == nil && !text.holds(" ") && !text.holds(",") && !text.holds("=")
    }
}

extension ZoneConfiguration.Network {
    /// What is told when the link below its VNIC is to be found by an address (`global-nic=auto`) that it does not have.
    package var unknownLink: ValueError {
        ValueError(
            "net \((physical?.trimmed ?? "").quoted): global-nic is auto, and there is no allowed-address to find the link by",
            remedy: "set global-nic to a link, or give the net an allowed-address")
    }
}
