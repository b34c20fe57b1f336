import Testing

@testable import Machine
import Text

@Suite struct AttributeTableTests {
    /// Names as zones of a brand write them, each with its row.
    static func names(_ brand: Brand) -> [(name: String, row: AttributeRow)] {
        AttributeTable.rows.flatMap { row -> [(name: String, row: AttributeRow)] in
            switch row.form(for: brand)?.multiplicity {
            case .once: [(row.name, row)]
            case .list(let numbers, _): [(row.name + String(numbers.upperBound), row)]
            case nil: []
            }
        }
    }

    @Test("every name leads to its row, which is the only one", arguments: Brand.allCases)
    func everyName(brand: Brand) throws {
        let names = Self.names(brand)
        #expect(Set(names.map { $0.name }).count == names.count)
        for (name, row) in names {
            guard case .known(let found, _) = AttributeLookup(name, brand: brand) else {
                Issue.record("\(name) is not known")
                continue
            }
            #expect(found == row)
        }
    }

    @Test("the rows are sorted by name")
    func rowsSorted() {
        let names = AttributeTable.rows.map { $0.name }
        #expect(names == names.sorted())
    }

    @Test("every row says what it is to the machine, what values it has and which one for example")
    func everyRow() {
        for row in AttributeTable.rows {
            #expect(!row.forms.isEmpty, "\(row.label)")
            let texts = row.forms.flatMap { [$0.syntax, $0.example] } + [row.summary]
            #expect(texts.filter { $0.isEmpty || $0 != $0.printable.trimmed } == [], "\(row.label)")
            let brands = row.forms.flatMap { $0.brands }
            #expect(Set(brands).count == brands.count, "\(row.label)")
        }
    }

    /// Whatever a zone says, what is in the table is read by one device, and once.
    @Test("every attribute is read by a device, and its example is valid", arguments: Brand.allCases)
    func everyAttribute(brand: Brand) {
        let attributes = Self.names(brand).map { name, row in (name, row.form(for: brand)?.example) }
        let reading = read(makeZone(brand, attributes.map { ($0.0, $0.1) }))
        #expect(reading.diagnostics.filter { $0.severity == .error } == [])
        #expect(reading.machine != nil)
    }

    @Test("what no device reads, or two read, is a fault", arguments: Brand.allCases)
    func deviceReads(brand: Brand) {
        var settings = Settings(makeZone(brand, [("ram", "2G"), ("disk3", "rpool/a"), ("vcpus", "2")]), brand: brand)
        #expect(settings.read(Attributes.ram)?.value.text == "2G")
        settings.reportUnread()
        #expect(settings.read(Attributes.ram)?.value.text == "1G")
        #expect(
            settings.diagnostics == [
                says(.error, nil, "attr \"diskN\" is read by no device: a fault of this program", "report it"),
                says(.error, nil, "attr \"vcpus\" is read by no device: a fault of this program", "report it"),
                says(.error, nil, "attr \"ram\" is read twice: a fault of this program", "report it"),
            ])
    }

    @Test("plain names take numbers that the list has")
    func plainNames() {
        for form in AttributeTable.rows.flatMap({ $0.forms }) {
            guard case .list(let numbers, .fill(let plain)) = form.multiplicity else { continue }
            #expect(numbers.contains(plain.lowerBound))
            #expect(numbers.contains(plain.upperBound))
        }
    }

    /// The table of the attributes page: `-` where a brand has no such attribute, `none` where it has no default.
    @Test(
        "an attribute has the documented default in each brand",
        arguments: [
            ("acpi", "on", "-"), ("bootdisk", "none", "none"), ("bootdiskif", "none", "-"), ("disk", "none", "none"),
            ("diskif", "virtio-blk", "virtio"), ("cdrom", "none", "none"), ("bootorder", "path0,bootdisk,cdrom0", "cd"),
            ("bootnext", "none", "-"), ("bootrom", "BHYVE_RELEASE_CSM", "-"), ("uefivars", "on", "-"),
            ("cloud-init", "off", "-"),
            ("password", "none", "-"), ("sshkey", "none", "-"), ("dns-domain", "none", "-"), ("resolvers", "none", "-"),
            ("console", "/dev/zconsole", "pipe,id=console0,path=/dev/zconsole"), ("com", "none", "-"),
            ("cpu", "-", "qemu64"),
            ("rtc", "none", "base=utc,driftfix=slew"), ("extra", "none", "none"), ("hostbridge", "i440fx", "-"),
            ("netif", "virtio-net-viona", "virtio-net-pci"), ("ram", "1G", "1G"), ("memreserve", "off", "-"),
            ("type", "generic", "generic"), ("uuid", "none", "-"), ("vcpus", "1", "1"), ("vga", "off", "-"),
            ("vnc", "off", "off"),
            ("xhci", "on", "-"), ("rng", "off", "-"), ("ppt", "none", "-"), ("virtfs", "none", "-"),
            ("shutdown-timeout", "none", "none"), ("priv.debug", "off", "-"), ("debug.persist", "off", "-"),
        ])
    func attributeDocumented(name: String, bhyve: String, kvm: String) throws {
        let rows = AttributeTable.rows.filter { $0.name == name && (!$0.isList || name != "diskif") }
        func fallback(_ brand: Brand) -> String {
            rows.compactMap { $0.form(for: brand) }.first.map { $0.fallback ?? "none" } ?? "-"
        }
        #expect(fallback(.bhyve) == bhyve)
        #expect(fallback(.kvm) == kvm)
    }

    @Test("the table documents every attribute there is")
    func tableDocuments() {
        #expect(Set(AttributeTable.rows.map { $0.name }).count == 36)
    }

    @Test("a bhyve zone without attributes has the documented options")
    func bhyveZone() {
        let reading = read(.bhyve, [])
        #expect(reading.diagnostics == [])
        #expect(
            reading.machine?.options.map { $0.name + "=" + ($0.text ?? "null") } == [
                "acpi=on", "bootnext=null", "bootorder=path0,bootdisk,cdrom0", "bootrom=BHYVE_RELEASE_CSM",
                "cloud-init=off",
                "console=/dev/zconsole", "debug.persist=off", "diskif=virtio-blk", "hostbridge=i440fx",
                "memreserve=off",
                "netif=virtio-net-viona", "priv.debug=off", "ram=1G", "rng=off", "rtc=null", "type=generic",
                "uefivars=on",
                "uuid=null",
                "vcpus=1", "vga=off", "vnc=off", "xhci=on",
            ])
    }

    @Test("a kvm zone without attributes has the documented options")
    func kvmZone() {
        let reading = read(.kvm, [])
        #expect(reading.diagnostics == [])
        #expect(
            reading.machine?.options.map { $0.name + "=" + ($0.text ?? "null") } == [
                "bootorder=cd", "console=pipe,id=console0,path=/dev/zconsole", "cpu=qemu64", "diskif=virtio",
                "netif=virtio-net-pci", "ram=1G", "rtc=base=utc,driftfix=slew", "type=generic", "vcpus=1", "vnc=off",
            ])
    }
}

@Suite struct OriginTests {
    @Test(
        "an origin names what it is and its line",
        arguments: [
            (.attribute(name: "ram", line: 14), "attr ram, line 14", 14),
            (.network(link: "vm0", line: 9), "net vm0, line 9", 9),
            (.netAttribute(name: "netif", line: 10), "property netif, line 10", 10),
            (.zone(line: 3), "zone, line 3", 3),
            (.byDefault, "default", nil), (.host("the zone's /etc/uuid"), "the zone's /etc/uuid", nil),
            (.brand, "always", nil),
        ] as [(Origin, String, Int?)])
    func originNames(origin: Origin, description: String, line: Int?) {
        #expect(origin.description == description)
        #expect(origin.line == line)
    }

    @Test("what the zone says points at its attribute, the rest at the default")
    func zoneSays() throws {
        let machine = try #require(read(.bhyve, [("note", "x"), (" ram ", " 2G ")]).machine)
        #expect(machine.memory.origin == .attribute(name: "ram", line: 3))
        #expect(machine.topology.origin == .byDefault)
    }
}
