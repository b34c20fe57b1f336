import Platform
import ZoneConfig

extension MachineBuilder {
    // MARK: Disks and CD-ROMs

    mutating func cdroms(in slot: PCISlot) -> [Drive] {
        let interface = Sourced(brand == .bhyve ? "ahci-cd" : "ide", .brand)
        return drives(.cdrom, in: [slot]) { _ in interface }
    }

    mutating func bootDisk() -> Drive? {
        guard let setting = settings.singles[.bootdisk] else { return nil }
        let interface = settings.singles[.bootdiskif].map { $0.sourced($0.text) } ?? text(.diskif)
        return drive("bootdisk", setting, at: PCIPlace(.bootDisk), interface)
    }

    mutating func disks() -> [Drive] {
        let common = text(.diskif)
        let settings = settings
        return drives(.disk, in: [.disks, .moreDisks]) { index in
            settings.member(index, of: .diskif).map { $0.sourced($0.text) } ?? common
        }
    }

    private mutating func drives(
        _ name: AttributeName, in slots: [PCISlot], interface: (Int) -> Sourced<String>
    ) -> [Drive] {
        var drives: [Drive] = []
        for (position, member) in settings.list(name, brand: brand).enumerated() {
            // The number in a kvm zone's name only tells the attributes apart.
            guard let place = PCIPlace(brand == .bhyve ? member.index : position, in: slots),
                let drive = drive(
                    name.rawValue + String(member.index), member.setting, at: place, interface(member.index))
            else { continue }
            drives.append(drive)
        }
        return drives
    }

    private mutating func drive(
        _ name: String, _ setting: Setting, at place: PCIPlace, _ interface: Sourced<String>
    ) -> Drive? {
        guard case .drive(let source) = setting.value, take(place, for: name, setting.origin) else { return nil }
        return Drive(name: name, place: place, interface: interface, source: setting.sourced(source))
    }

    /// A hypervisor cannot give one backend to two ports.
    mutating func checkSerialPortsDiffer(_ machine: Machine) {
        guard case .serial(let console) = machine.console.value else { return }
        var first = [console.endpoint: "console"]
        for port in machine.serialPorts {
            let name = "com" + String(port.number)
            let endpoint = port.backend.value.endpoint
            if let other = first[endpoint] {
                report(
                    .error, port.backend.origin, "attr \"" + name + "\": " + endpoint + " is the backend of " + other,
                    "give each port its own")
            } else {
                first[endpoint] = name
            }
        }
    }

    /// Two devices that write to one disk destroy what is on it.
    mutating func checkDrivesDiffer(_ drives: [Drive]) {
        var first: [String: Drive] = [:]
        for drive in drives {
            let source = drive.source.value.volume ?? drive.source.value.path
            guard let other = first[source] else {
                first[source] = drive
                continue
            }
            guard ![drive, other].allSatisfy({ $0.isReadOnly }) else { continue }
            report(
                .warning, drive.source.origin,
                drive.name + " is the same disk as " + other.name + ": " + drive.source.value.path,
                "a guest that writes to both destroys what is on it; remove one of them")
        }
    }

    /// An interface for a disk that is not there is most likely a slip.
    mutating func checkDiskInterfaces() {
        var lonely: [(Setting, disk: String)] = []
        for member in settings.list(.diskif, brand: brand) where settings.member(member.index, of: .disk) == nil {
            lonely.append((member.setting, "disk" + String(member.index)))
        }
        if let setting = settings.singles[.bootdiskif], settings.singles[.bootdisk] == nil {
            lonely.append((setting, "bootdisk"))
        }
        for (setting, disk) in lonely {
            report(
                .warning, setting.origin, "attr \"" + setting.name + "\": there is no " + disk,
                "add the disk, or remove it")
        }
    }

    // MARK: NICs

    mutating func nics() -> [NIC] {
        var nics: [NIC] = []
        var links: Set<String> = []
        for network in zone.networks {
            guard let link = network.physical?.trimmed, !link.isEmpty else {
                report(
                    .error, .network(link: "", line: network.line), "a net resource has no physical",
                    "name its VNIC: set physical=vnic0")
                continue
            }
            let origin = Origin.network(link: link, line: network.line)
            guard isPlainWord(link) else {
                report(.error, origin, "net: \"" + link + "\" is not the name of a link", "name a VNIC, such as vnic0")
                continue
            }
            if !links.insert(link).inserted {
                report(.warning, origin, "net \"" + link + "\" stands twice", "give each NIC its own VNIC")
            }
            guard let place = PCIPlace(nics.count, in: [.nics, .moreNICs]) else {
                report(.error, origin, "net \"" + link + "\": a machine has at most 16 NICs", "remove some")
                break
            }
            guard take(place, for: "net" + String(nics.count), origin) else { continue }
            nics.append(nic(network, link: Sourced(link, origin), index: nics.count, place: place))
        }
        return nics
    }

    private mutating func nic(
        _ network: ZoneConfiguration.Network, link: Sourced<String>, index: Int, place: PCIPlace
    ) -> NIC {
        var model = text(.netif)
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
                        netQuoted(link.value, option.key) + "\"" + (option.value ?? "") + "\" is not on or off",
                        "use on or off")
                    continue
                }
                if option.key == "promiscphys" { filters = !flag }
                properties.append(option)
            default:
                properties.append(option)
            }
        }
        if brand == .kvm, let first = properties.first {
            report(
                .warning, link.origin, netQuoted(link.value, first.key) + "it means nothing in a kvm zone",
                "remove it; of a kvm zone's NIC only netif can be set")
        }
        return NIC(
            index: index, place: place, link: link, model: model, mac: mac(network, link), properties: properties,
            filtersPromiscuous: brand == .bhyve ? filters : nil)
    }

    /// Name and value of a NIC's property, when both are there and could be told apart by a hypervisor.
    private mutating func netProperty(_ property: ZoneConfiguration.NetAttribute, _ link: String) -> DeviceOption? {
        let name = property.name?.trimmed ?? ""
        let origin = Origin.netAttribute(name: name, line: property.line)
        guard !name.isEmpty, isPlainWord(name) else {
            report(.error, origin, "net \"" + link + "\": a property has no name, or none that is one word", "mend it")
            return nil
        }
        guard let value = property.value?.trimmed, !value.isEmpty else {
            report(.error, origin, netQuoted(link, name) + "it has no value", "give it one, or remove the property")
            return nil
        }
        guard value.firstControlCharacter == nil, !value.holds(",") else {
            report(
                .error, origin, netQuoted(link, name) + "its value holds a comma or a control character",
                "a hypervisor would take what follows for another option")
            return nil
        }
        return DeviceOption(name + "=" + value)
    }

    private mutating func netInterface(_ text: String, _ origin: Origin, _ link: String) -> Sourced<String>? {
        guard let kind = AttributeTable.row(.netif)?.form(for: brand)?.kind else { return nil }
        do {
            guard case .text(let model) = try kind.parse(text, brand: brand) else { return nil }
            return Sourced(model, origin)
        } catch {
            report(.error, origin, netQuoted(link, "netif") + error.message, error.remedy)
            return nil
        }
    }

    /// The NIC's own address, before the one its VNIC has.
    private mutating func mac(_ network: ZoneConfiguration.Network, _ link: Sourced<String>) -> Sourced<MACAddress>? {
        guard let configured = network.chosenMAC else {
            return facts.macAddresses[link.value].map { Sourced($0, .host("dladm show-vnic " + link.value)) }
        }
        guard let mac = MACAddress(configured) else {
            report(
                .error, link.origin, "net \"" + link.value + "\": mac-addr \"" + configured + "\" is not a MAC address",
                "use six hexadecimal numbers, such as 2:8:20:a:b:91")
            return nil
        }
        return Sourced(mac, link.origin)
    }

    private func netQuoted(_ link: String, _ property: String) -> String {
        "net \"" + link + "\", property \"" + property + "\": "
    }

    private func isPlainWord(_ text: String) -> Bool {
        text.firstControlCharacter == nil && !text.holds(" ") && !text.holds(",") && !text.holds("=")
    }

    // MARK: Screen, passthrough, shares, random numbers

    mutating func screen() -> Screen? {
        guard let setting = settings.singles[.vnc], case .vnc(let server?) = setting.value else { return nil }
        for option in server.words where brand == .bhyve {
            report(
                .warning, setting.origin,
                "attr \"vnc\": \"" + option.key + "\" is not an option that is known, and is passed on",
                "the options are unix=, tcp=, w=, h=, wait and password=")
        }
        if case .text(let password) = server.password, let problem = ScreenPassword.problem(password) {
            report(.warning, setting.origin, "attr \"vnc\": " + problem.message, problem.remedy)
        }
        for option in server.options where brand == .kvm && ["w", "h"].contains(option.key) {
            report(
                .warning, setting.origin, "attr \"vnc\": \"" + option.key + "\" means nothing in a kvm zone",
                "the guest sets the size of its screen")
        }
        if brand == .kvm && server.waits {
            report(
                .warning, setting.origin, "attr \"vnc\": QEMU cannot wait for a client; wait means on here",
                "set it to on")
        }
        if brand == .bhyve {
            for (place, owner) in [(Screen.place, "the screen"), (Screen.tabletPlace, "the USB tablet")] {
                _ = take(place, for: owner, setting.origin)
            }
        }
        return Screen(server: setting.sourced(server), vga: text(.vga), tablet: flag(.xhci))
    }

    /// Those with a function of their own first, whatever their order: the others take what is left.
    mutating func passthrough() -> [PassedThrough] {
        var devices: [PassedThrough] = []
        var floating: [ListMember] = []
        for member in settings.list(.ppt, brand: .bhyve) {
            guard case .passthrough(let choice) = member.setting.value else { continue }
            switch choice {
            case .off: break
            case .anywhere: floating.append(member)
            case .function(let function):
                let place = PCIPlace(.passthrough, function)
                guard take(place, for: member.setting.name, member.setting.origin) else { continue }
                devices.append(PassedThrough(member, at: place))
            }
        }
        for member in floating {
            guard
                let place = places.takeFirstFree(
                    of: .passthrough, for: member.setting.sourced(member.setting.name))
            else { continue }
            devices.append(PassedThrough(member, at: place))
        }
        return devices.sorted { $0.place.function.number < $1.place.function.number }
    }

    mutating func shares() -> [SharedDirectory] {
        var shares: [SharedDirectory] = []
        for member in settings.list(.virtfs, brand: .bhyve) {
            guard case .share(let share) = member.setting.value, let place = PCIPlace(member.index, in: [.shares]),
                take(place, for: member.setting.name, member.setting.origin)
            else { continue }
            shares.append(SharedDirectory(share: member.setting.sourced(share), place: place))
        }
        return shares
    }

    mutating func rng() -> Sourced<PCIPlace>? {
        let wanted = flag(.rng)
        let place = PCIPlace(.rng)
        return wanted.value && take(place, for: "rng", wanted.origin) ? Sourced(place, wanted.origin) : nil
    }

    // MARK: Places

    private mutating func take(_ place: PCIPlace, for owner: String, _ origin: Origin) -> Bool {
        do {
            try places.take(place, for: Sourced(owner, origin))
            return true
        } catch {
            report(
                .error, origin, owner + ": PCI place " + error.place.description + " is taken by " + error.owner,
                "give one of them another place")
            return false
        }
    }

    /// Guests look at function 0 of a slot first, and at the others only when there is one.
    mutating func checkPlaces() {
        for (slot, owner) in places.slotsWithoutFunctionZero {
            report(
                .warning, owner.origin,
                "attr \"" + owner.value + "\": it stands in PCI slot " + String(slot.number)
                    + ", whose function 0 is empty: most guests will not find it",
                slot == .passthrough
                    ? "use on, or give one of them slot0"
                    : slot == .moreDisks ? "number the disks from 0 on, then from 8 on" : "number the list from 0")
        }
    }
}

extension PassedThrough {
    fileprivate init(_ member: ListMember, at place: PCIPlace) {
        device = "/dev/ppt" + String(member.index)
        self.place = place
        origin = member.setting.origin
    }
}
