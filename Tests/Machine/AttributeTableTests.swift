import Platform
import Testing

@testable import Machine

@Suite struct AttributeTableTests {
    @Test func `every name has one row`() {
        #expect(
            AttributeTable.rows.map { $0.name.rawValue }.sorted() == AttributeName.allCases.map { $0.rawValue }.sorted()
        )
        for name in AttributeName.allCases { #expect(AttributeTable.row(name)?.name == name) }
    }

    @Test func `every row is of some brand and says what it gives`() {
        for row in AttributeTable.rows {
            #expect(row.bhyve != nil || row.kvm != nil, "\(row.name)")
            #expect(!row.summary.isEmpty && row.summary == row.summary.printable.trimmed, "\(row.name)")
        }
    }

    @Test func `every default is a value of its kind`() throws {
        for row in AttributeTable.rows {
            for brand in Brand.allCases {
                guard let form = row.form(for: brand), let fallback = form.fallback else { continue }
                let value = try form.kind.parse(fallback, brand: brand)
                #expect((value.optionText ?? fallback) == fallback, "\(row.name)")
            }
        }
    }

    @Test func `plain names take numbers that the list has`() {
        for row in AttributeTable.rows {
            for form in [row.bhyve, row.kvm] {
                guard case .list(let numbers, .fill(let plain)) = form?.multiplicity else { continue }
                #expect(numbers.contains(plain.lowerBound) && numbers.contains(plain.upperBound), "\(row.name)")
            }
        }
    }

    /// The table of the attributes page: `-` where a brand has no such attribute, `none` where it has no default.
    @Test(arguments: [
        ("acpi", "on", "-"), ("bootdisk", "none", "none"), ("bootdiskif", "none", "-"), ("disk", "none", "none"),
        ("diskif", "virtio-blk", "virtio"), ("cdrom", "none", "none"), ("bootorder", "path0,bootdisk,cdrom0", "cd"),
        ("bootnext", "none", "-"), ("bootrom", "BHYVE_RELEASE_CSM", "-"), ("uefivars", "on", "-"),
        ("cloud-init", "off", "-"),
        ("password", "none", "-"), ("sshkey", "none", "-"), ("dns-domain", "none", "-"), ("resolvers", "none", "-"),
        ("console", "/dev/zconsole", "pipe,id=console0,path=/dev/zconsole"), ("com", "none", "-"),
        ("cpu", "-", "qemu64"),
        ("rtc", "-", "base=utc,driftfix=slew"), ("extra", "none", "none"), ("hostbridge", "i440fx", "-"),
        ("netif", "virtio-net-viona", "virtio-net-pci"), ("ram", "1G", "1G"), ("memreserve", "off", "-"),
        ("type", "generic", "generic"), ("uuid", "none", "-"), ("vcpus", "1", "1"), ("vga", "off", "-"),
        ("vnc", "off", "off"),
        ("xhci", "on", "-"), ("rng", "off", "-"), ("ppt", "none", "-"), ("virtfs", "none", "-"),
        ("shutdown-timeout", "none", "none"), ("priv.debug", "off", "-"), ("debug.persist", "off", "-"),
    ])
    func `an attribute has the documented default in each brand`(name: String, bhyve: String, kvm: String) throws {
        let row = try #require(AttributeName(rawValue: name).flatMap { AttributeTable.row($0) })
        #expect(row.bhyve.map { $0.fallback ?? "none" } ?? "-" == bhyve)
        #expect(row.kvm.map { $0.fallback ?? "none" } ?? "-" == kvm)
    }

    @Test func `the table documents every attribute there is`() {
        #expect(AttributeTable.rows.count == 36)
    }

    @Test func `a bhyve zone without attributes has the documented options`() {
        let reading = read(.bhyve, [])
        #expect(reading.diagnostics == [])
        #expect(
            reading.machine?.options.map { $0.name + "=" + ($0.text ?? "null") } == [
                "acpi=on", "bootnext=null", "bootorder=path0,bootdisk,cdrom0", "bootrom=BHYVE_RELEASE_CSM",
                "cloud-init=off",
                "console=/dev/zconsole", "debug.persist=off", "diskif=virtio-blk", "hostbridge=i440fx",
                "memreserve=off",
                "netif=virtio-net-viona", "priv.debug=off", "ram=1G", "rng=off", "type=generic", "uefivars=on",
                "uuid=null",
                "vcpus=1", "vga=off", "vnc=off", "xhci=on",
            ])
    }

    @Test func `a kvm zone without attributes has the documented options`() {
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
        arguments: [
            (.attribute(name: "ram", line: 14), "attr ram, line 14", 14),
            (.network(link: "vm0", line: 9), "net vm0, line 9", 9),
            (.netAttribute(name: "netif", line: 10), "property netif, line 10", 10),
            (.zone(line: 3), "zone, line 3", 3),
            (.byDefault, "default", nil), (.host("the zone's /etc/uuid"), "the zone's /etc/uuid", nil),
            (.brand, "always", nil),
        ] as [(Origin, String, Int?)])
    func `an origin names what it is and its line`(origin: Origin, description: String, line: Int?) {
        #expect(origin.description == description)
        #expect(origin.line == line)
    }

    @Test func `what the zone says points at its attribute, the rest at the default`() throws {
        let machine = try #require(read(.bhyve, [("note", "x"), (" ram ", " 2G ")]).machine)
        #expect(machine.memory.origin == .attribute(name: "ram", line: 3))
        #expect(machine.topology.origin == .byDefault)
    }
}
