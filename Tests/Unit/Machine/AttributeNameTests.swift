import TestSupport
import Testing
import Text

@testable import Machine

@Suite struct AttributeNameTests {
    @Test(
        "a name within two edits, and a third of its length, of a known one is asked about",
        arguments: [
            (.bhyve, "rams", "ram"), (.bhyve, "RAM", "ram"), (.bhyve, "Ram ", "ram"), (.bhyve, "vcpu", "vcpus"),
            (.bhyve, "cpus", "vcpus"),
            (.bhyve, "bootrm", "bootrom"), (.bhyve, "boot_rom", "bootrom"), (.bhyve, "dsik", "disk"),
            (.bhyve, "disc3", "disk"),
            (.bhyve, "Disk3", "disk"), (.bhyve, "cloudinit", "cloud-init"), (.bhyve, "net-if", "netif"),
            (.bhyve, "uefivar", "uefivars"),
            (.bhyve, "privdebug", "priv.debug"), (.bhyve, "ram1", "ram"),
            (.bhyve, "vnc0", "vnc"),
            (.bhyve, "bootdisk0", "bootdisk"), (.bhyve, "shutdown_timeout", "shutdown-timeout"),
            (.kvm, "cpu1", "cpu"), (.kvm, "rtcs", "rtc"), (.kvm, "cdrm", "cdrom"), (.kvm, "vnd", "vnc"),
            (.bhyve, "rma", "ram"), (.bhyve, "typ", "type"), (.bhyve, "bootdsik2", "bootdisk"),
            (.bhyve, "hostbrige", "hostbridge"),
            (.bhyve, "boot-ordr", "bootorder"),
        ] as [(Brand, String, String)])
    func nameWithin(
        brand: Brand, name: String, known: String
    ) throws {
        let reading = read(brand, [(name, "1G")])
        let summary = try #require(AttributeTable.rows.first { $0.name == known }).summary
        let expected = says(
            .warning, 2, "attr \"\(name.trimmed)\" is unknown and means nothing",
            "did you mean \"\(known)\", the \(summary)?")
        #expect(reading.diagnostics == [expected])
        #expect(reading.machine != nil)
    }

    @Test(
        "any other name is someone else's and left alone",
        arguments: [
            (.bhyve, "note"), (.bhyve, "zadm.notes"), (.bhyve, "description"), (.bhyve, "sysprep"),
            (.bhyve, "ppt0x"), (.bhyve, "rx"), (.bhyve, "foo"), (.bhyve, "disque"),
            (.kvm, "cup-x"),
            (.bhyve, "bootmenu-x"),
            (.bhyve, "123"), (.bhyve, "日本語"), (.kvm, "hostbridges"), (.kvm, "debug.persist.x"),
            (.bhyve, String(repeating: "x", count: 2000)),
        ] as [(Brand, String)])
    func anyOther(brand: Brand, name: String) {
        let expected = says(
            .info, 2, "attr \(name.quoted) is not the brand's and is left alone",
            "remove it if it was meant for the machine", of: name)
        #expect(read(brand, [(name, nil)]).diagnostics == [expected])
    }

    @Test(
        "a name that other tools use is asked about, with a number or without",
        arguments: [
            (.bhyve, "memory", "ram", "memory"), (.kvm, "Mem", "ram", "memory"),
            (.bhyve, "cores", "vcpus", "number of virtual CPUs"),
            (.bhyve, "passthru", "ppt", "device passed through to the guest"),
            (.bhyve, "hostpci0", "ppt", "device passed through to the guest"),
            (.bhyve, "usb", "xhci", "switch for the USB tablet"), (.bhyve, "boot", "bootorder", "boot order"),
            (.kvm, "boot", "bootorder", "boot order"), (.kvm, "iso", "cdrom", "CD-ROM"),
            (.bhyve, "bios", "bootrom", "boot ROM"),
            (.bhyve, "scsi1", "disk", "data disk"), (.bhyve, "graphics", "vnc", "screen over VNC"),
        ] as [(Brand, String, String, String)])
    func elsewhere(brand: Brand, name: String, known: String, summary: String) {
        let expected = says(
            .warning, 2, "attr \(name.quoted) is unknown and means nothing",
            "did you mean \(known.quoted), the \(summary)?", of: name)
        expect(read(brand, [(name, nil)]).diagnostics, equals: [expected])
    }

    @Test("what zonecfg makes a resource of is no attribute", arguments: ["net0", "net", "nic1", "mac"])
    func resources(name: String) {
        let expected = says(
            .warning, 2, "attr \(name.quoted) is unknown and means nothing",
            "a NIC is a net resource: add net; set physical=vnic0; end", of: name)
        expect(read(.bhyve, [(name, nil)]).diagnostics, equals: [expected])
    }

    @Test("no name that other tools use is one of the brand's attributes, or stands for two", arguments: Brand.allCases)
    func otherNamesDiffer(_ brand: Brand) {
        let rows = AttributeTable.rows.filter { $0.form(for: brand) != nil }
        let others = rows.flatMap { $0.otherNames }
        expect(Set(others).intersection(rows.map { $0.name }), equals: [])
        expect(Set(others).count, equals: others.count)
    }

    /// The names to compare with are found by their shapes; that must lose none.
    @Test("no name that is near enough is skipped", arguments: Brand.allCases)
    func nameNear(brand: Brand) {
        let names = AttributeTable.rows.map { $0.name }
        for name in Set(names.flatMap(Self.misspelt)).subtracting(names) {
            let shape = NameShape(name.utf8)
            let nearest =
                AttributeTable.rows.filter { $0.form(for: brand) != nil }
                .compactMap { $0.name.editDistance(to: name, atMost: 100) }.min() ?? .max
            let found = AttributeTable.nearest(to: name, shape: shape, brand: brand)
            #expect(found?.distance == (nearest <= min(2, name.utf8.count / 3) ? nearest : nil), "\(name)")
        }
    }

    /// A name with one letter left out, doubled, replaced or swapped, and with two such slips.
    private static func misspelt(_ name: String) -> [String] {
        let letters = Array(name)
        let once = letters.indices.flatMap { place -> [String] in
            var (without, twice, other, swapped) = (letters, letters, letters, letters)
            without.remove(at: place)
            twice.insert(letters[place], at: place)
            other[place] = "x"
            if place > 0 { swapped.swapAt(place, place - 1) }
            return [without, twice, other, swapped].map { String($0) }
        }
        return once + once.map { $0 + "y" } + once.map { String($0.dropFirst()) }
    }

    @Test("names have no digits, which the numbers of a list are told by")
    func namesDigits() {
        #expect(AttributeTable.rows.filter { $0.name.utf8.contains { $0.isDigit } } == [])
    }

    static let bhyveAlone = [
        "acpi", "bootdiskif", "bootnext", "bootrom", "cloud-init", "debug.persist", "dns-domain", "hostbridge",
        "memreserve", "password",
        "priv.debug", "resolvers", "rng", "sshkey", "uefivars", "uuid", "vga", "xhci", "com", "ppt", "virtfs",
        "com2", "ppt0", "virtfs0", "diskif3", "ppt99",
    ]

    @Test(
        "an attribute of the other brand is left out, and named as it is written",
        arguments: bhyveAlone.map { (Brand.kvm, $0) } + [(Brand.bhyve, "cpu")])
    func attributeOther(brand: Brand, name: String) {
        let expected = says(
            .warning, 2, "attr \"\(name)\" means nothing in a \(brand) zone",
            "it is left out; remove it, or use the other brand")
        #expect(read(brand, [(name, "banana")]).diagnostics == [expected])
    }

    @Test("an attribute without a name is refused", arguments: [nil, "", " "])
    func attributeWithout(name: String?) {
        #expect(
            read(.bhyve, [(name, "x")]).diagnostics
                == [says(.error, 2, "an attr has no name", "zonecfg writes one; restore the file")])
    }

    @Test("names are trimmed")
    func namesTrimmed() throws {
        let reading = read(.bhyve, [(" ram\t", "2G"), ("\ndisk1 ", "rpool/a")])
        #expect(reading.machine?.memory.value.text == "2G")
        #expect(reading.machine?.disks.map { $0.name } == ["disk1"])
    }

    @Test("of a single name that is twice the first counts", arguments: ["ram", "bootdisk", "vnc", "diskif"])
    func singleName(name: String) {
        let values = ["ram": "2G", "bootdisk": "rpool/a", "vnc": "off", "diskif": "nvme"]
        let second = ["ram": "3G", "bootdisk": "rpool/b", "vnc": "on", "diskif": "ahci"]
        let reading = read(.bhyve, [(name, values[name]), ("note", nil), (name, second[name])])
        let expected = says(.warning, 4, "attr \"\(name)\" is set a second time; line 2 counts", "remove one of them")
        #expect(reading.diagnostics.filter { $0.severity != .info } == [expected])
        #expect((reading.option(name) ?? reading.machine?.bootDisk?.source.value.volume) == values[name])
    }

    @Test("diagnostics are in the file's order, whichever device finds them")
    func diagnosticsFiles() {
        let network = makeNetwork("a b", line: 3)
        let attributes = [("vnc", "on,lossy"), ("xram", "1"), ("note", "x"), ("disk1", "rpool/a"), ("ram", "x")]
        let reading = read(makeZone(.bhyve, attributes.map { ($0.0, $0.1) }, networks: [network]))
        #expect(reading.diagnostics.map { $0.line } == [2, 3, 3, 4, 5, 6])
    }

    @Test("every fault is reported, not only the first")
    func everyFault() {
        let reading = read(.bhyve, [("ram", "x"), ("vcpus", "0"), ("disk99", "rpool/a"), ("uuid", "")])
        #expect(reading.machine == nil)
        #expect(reading.diagnostics.map { $0.line } == [2, 3, 4, 5])
        #expect(reading.diagnostics.allSatisfy { $0.severity == .error })
    }
}

/// Values may hold no character that a line-oriented file, a terminal or a log would take for more than text.
@Suite struct ControlCharacterTests {
    @Test(
        "a control character in a value is refused",
        arguments: [
            ("\u{0}", "00"), ("\u{1}", "01"), ("\t", "09"), ("\n", "0a"), ("\r", "0d"), ("\u{1b}", "1b"),
            ("\u{1f}", "1f"),
            ("\u{7f}", "7f"),
        ])
    func controlCharacter(character: String, hexadecimal: String) {
        for (name, before, after) in [
            ("ram", "1", "G"), ("extra", "a", "b"), ("bootdisk", "rpool/", "x"), ("uuid", "a", "b"),
            ("vnc", "on,", "w=1"),
        ] {
            let expected = says(
                .error, 2, "attr \"\(name)\": its value holds the control character 0x\(hexadecimal)",
                "write it on one line, without tabs")
            #expect(read(.bhyve, [(name, before + character + after)]).diagnostics == [expected], "\(name)")
        }
    }

    @Test("white space around a value is trimmed, line ends too")
    func whiteSpace() {
        #expect(read(.bhyve, [("ram", "\r\n\t 2G \n")]).option("ram") == "2G")
    }

    @Test("a control character in a name or in what is left alone is visible in the message")
    func controlCharacterName() {
        let texts = read(.bhyve, [("no\u{1b}te", "\u{7}")]).diagnostics.map { $0.text(zone: "vm") }
        #expect(
            texts == [
                "zone vm: vm.xml:2: info: attr \"no\\x1bte\" is not the brand's and is left alone\n  remove it if it was meant for the machine\n"
            ])
    }
}
