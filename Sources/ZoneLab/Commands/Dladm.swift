import Platform
import Text

/// `dladm`: the lab's links are names with addresses; guests have a network of QEMU's own.
enum Dladm {
    static let usage = """
        usage: dladm create-vnic -l LINK [-m MAC] [-v VLAN] NAME
               dladm show-vnic [-p -o FIELD,…] [NAME]
               dladm delete-vnic NAME
               dladm set-linkprop -p NAME=VALUE[,…] LINK
               dladm show-link [-p -o FIELD,…] [LINK]

        """

    static func run(_ arguments: [String]) throws -> Int32 {
        try Subcommands.run(
            arguments, usage: usage,
            [
                "create-vnic": create, "show-vnic": show, "delete-vnic": delete, "set-linkprop": setProperty,
                "show-link": showLinks,
            ])
    }

    /// A field and its column's width, as dladm(8) has them.
    private typealias Field = (name: String, width: Int)

    private static let linkFields: [Field] = [
        ("link", 12), ("class", 10), ("mtu", 7), ("state", 9), ("bridge", 11), ("over", 20),
    ]
    private static let vnicFields: [Field] = [
        ("link", 13), ("over", 13), ("speed", 7), ("macaddress", 18), ("macaddrtype", 20), ("vid", 7),
    ]

    private static func showLinks(_ arguments: [String]) throws {
        let options = try options(arguments, "po:")
        var rows =
            LinkStore.physical.map { ["link": $0, "class": "phys", "over": "--"] }
            + LinkStore.read().vnics.map { ["link": $0.name, "class": "vnic", "over": $0.over] }
        if let name = options.operands.first {
            rows = rows.filter { $0["link"] == name }
            guard !rows.isEmpty else {
                throw LabError("invalid link name '\(name)': object not found", remedy: "dladm show-link lists them")
            }
        }
        let same = ["mtu": "1500", "state": "up", "bridge": "--"]
        try print(rows.map { $0.merging(same) { $1 } }, linkFields, options)
    }

    private static func options(_ arguments: [String], _ letters: String) throws -> Options {
        try Options.read(arguments, letters, usage: usage)
    }

    private static func create(_ arguments: [String]) throws {
        let options = try options(arguments, "tl:m:v:")
        guard let link = options.value("l"), let name = options.operands.first, options.operands.count == 1 else {
            throw LabError.usage("create-vnic takes -l LINK and one name\n\(usage)")
        }
        var links = LinkStore.read()
        guard links.has(link) else {
            throw LabError("invalid link name '\(link)'", remedy: "the lab has \(list(LinkStore.physical, "and"))")
        }
        guard LinkStore.isName(name) else {
            throw LabError("invalid link name '\(name)'", remedy: "letters and digits, a digit last")
        }
        guard !links.has(name) else {
            throw LabError(
                "vnic creation over \(link) failed: object already exists", remedy: "dladm delete-vnic \(name)")
        }
        let mac = options.value("m").flatMap { $0 == "auto" ? nil : $0 } ?? randomMAC()
        links.add(LinkStore.VNIC(name: name, over: link, mac: mac, vlan: options.value("v") ?? "0"))
        try links.write()
    }

    /// In the range illumos takes for VNICs, printed as it prints them: without leading zeros.
    private static func randomMAC() -> String {
        ([0x02, 0x08, 0x20] + randomBytes(3)).map { String($0, radix: 16) }.joined(separator: ":")
    }

    private static func vnic(_ name: String, in links: LinkStore) throws -> LinkStore.VNIC {
        guard let vnic = links[name] else {
            throw LabError("invalid vnic name '\(name)': object not found", remedy: "dladm show-vnic lists them")
        }
        return vnic
    }

    private static func show(_ arguments: [String]) throws {
        let options = try options(arguments, "po:")
        let links = LinkStore.read()
        let shown = try options.operands.isEmpty ? links.vnics : options.operands.map { try vnic($0, in: links) }
        let rows = shown.map { vnic in
            [
                "link": vnic.name, "over": vnic.over, "macaddress": vnic.mac, "vid": vnic.vlan, "speed": "1000",
                "macaddrtype": vnic.mac.hasPrefix("2:8:20:") ? "random" : "fixed",
            ]
        }
        try print(rows, vnicFields, options)
    }

    /// Prints the fields that are asked for, or all.
    private static func print(_ values: [[String: String]], _ all: [Field], _ options: Options) throws {
        let names = options.value("o").map { $0.lowercased().split(separator: ",").map(String.init) }
        let fields =
            try names.map { names in
                try names.map { name in
                    guard let field = all.first(where: { $0.name == name }) else {
                        throw LabError.notInTheLab("the field \(name)")
                    }
                    return field
                }
            } ?? all
        let rows = values.map { value in fields.map { value[$0.name] ?? "--" } }
        if options.has("p") {
            // Several fields stand between colons, so a colon in one of them is escaped.
            for row in rows {
                let cells =
                    fields.count == 1
                    ? row
                    : row.map { $0.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "\\:") }
                Stream.write(1, cells.joined(separator: ":") + "\n")
            }
        } else {
            let columns = fields.map { Columns.Column(title: $0.name.uppercased(), width: $0.width - 1) }
            Stream.write(1, Columns(columns: columns, gap: " ").text(rows))
        }
    }

    private static func delete(_ arguments: [String]) throws {
        guard arguments.count == 1 else { throw LabError.usage("delete-vnic takes one name\n\(usage)") }
        var links = LinkStore.read()
        let gone = try vnic(arguments[0], in: links)
        if let zone = ZoneIndex.holders.first(where: { zone in
            zone.all("net").contains { $0.values["physical"] == gone.name }
        }) {
            throw LabError("vnic deletion failed: link busy", remedy: "zoneadm -z \(zone.name) halt")
        }
        links.remove(gone.name)
        try links.write()
    }

    /// Accepted and forgotten: nothing here has link properties.
    private static func setProperty(_ arguments: [String]) throws {
        let options = try options(arguments, "tp:")
        guard let property = options.value("p"), property.contains("="), let name = options.operands.first else {
            throw LabError.usage("set-linkprop takes -p NAME=VALUE and a link\n\(usage)")
        }
        if !LinkStore.physical.contains(name) { _ = try vnic(name, in: .read()) }
    }
}
