import Platform

/// `dladm`: the lab's links are names with addresses; guests have a network of QEMU's own.
enum Dladm {
    static let usage = """
        usage: dladm create-vnic -l LINK [-m MAC] [-v VLAN] NAME
               dladm show-vnic [-p -o FIELD,…] [NAME]
               dladm delete-vnic NAME
               dladm set-linkprop -p NAME=VALUE[,…] LINK
               dladm show-link

        """

    private static let file = GlobalZone.stateDirectory + "/links"
    /// The links that need no creating.
    private static let physical = ["net0", "net1"]

    private struct VNIC {
        var name: String
        var over: String
        var mac: String
        var vlan: String

        /// Its line in the lab's list.
        var line: String { [name, over, mac, vlan].joined(separator: "\t") + "\n" }
    }

    static func run(_ arguments: [String]) throws -> Int32 {
        let rest = Array(arguments.dropFirst())
        switch arguments.first {
        case "create-vnic": try create(rest)
        case "show-vnic": try show(rest)
        case "delete-vnic": try delete(rest)
        case "set-linkprop": try setProperty(rest)
        case "show-link":
            Stream.write(
                1,
                Table.text(
                    header: ["LINK", "CLASS", "OVER"],
                    rows: physical.map { [$0, "phys", "--"] }
                        + vnics.map { [$0.name, "vnic", $0.over] }))
        case "help": Stream.write(1, usage)
        case nil: throw LabError.usage("no subcommand given\n" + usage)
        case let command?: throw LabError.notInTheLab(command)
        }
        return 0
    }

    /// True when there is a link of this name.
    static func has(_ link: String) -> Bool { physical.contains(link) || vnics.contains { $0.name == link } }

    private static var vnics: [VNIC] {
        Files.lines(file).compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return fields.count == 4 ? VNIC(name: fields[0], over: fields[1], mac: fields[2], vlan: fields[3]) : nil
        }
    }

    private static func options(_ arguments: [String], _ letters: String) throws -> Options {
        do {
            return try Options(arguments, letters: letters)
        } catch {
            throw LabError.usage(error.message + "\n" + usage)
        }
    }

    private static func create(_ arguments: [String]) throws {
        let options = try options(arguments, "tl:m:v:")
        guard let link = options.value("l"), let name = options.operands.first, options.operands.count == 1 else {
            throw LabError.usage("create-vnic takes -l LINK and one name\n" + usage)
        }
        let present = vnics
        guard physical.contains(link) || present.contains(where: { $0.name == link }) else {
            throw LabError("invalid link name '" + link + "'", remedy: "the lab has " + list(physical, "and"))
        }
        guard name.utf8.last?.isDigit == true, name.utf8.count <= 31,
            name.utf8.allSatisfy({ $0.isDigit || $0 == 0x5f || (0x61...0x7a).contains($0 | 0x20) })
        else { throw LabError("invalid link name '" + name + "'", remedy: "letters and digits, a digit last") }
        guard !present.contains(where: { $0.name == name }), !physical.contains(name) else {
            throw LabError(
                "vnic creation over " + link + " failed: object already exists", remedy: "dladm delete-vnic " + name)
        }
        let mac = options.value("m").flatMap { $0 == "auto" ? nil : $0 } ?? randomMAC()
        let vnic = VNIC(name: name, over: link, mac: mac, vlan: options.value("v") ?? "0")
        try save(present + [vnic])
    }

    /// In the range illumos takes for VNICs, printed as it prints them: without leading zeros.
    private static func randomMAC() -> String {
        ([0x02, 0x08, 0x20] + randomBytes(3)).map { String($0, radix: 16) }.joined(separator: ":")
    }

    private static func save(_ list: [VNIC]) throws { try Files.write(file, list.map(\.line).joined()) }

    private static func vnic(_ name: String) throws -> VNIC {
        guard let vnic = vnics.first(where: { $0.name == name }) else {
            throw LabError("invalid vnic name '" + name + "': object not found", remedy: "dladm show-vnic lists them")
        }
        return vnic
    }

    private static func show(_ arguments: [String]) throws {
        let options = try options(arguments, "po:")
        let shown = try options.operands.isEmpty ? vnics : options.operands.map { try vnic($0) }
        let all = ["link", "over", "macaddress", "vid"]
        let fields = options.value("o").map { $0.lowercased().split(separator: ",").map(String.init) } ?? all
        if let unknown = fields.first(where: { !all.contains($0) }) {
            throw LabError.notInTheLab("the field " + unknown)
        }
        let rows = shown.map { vnic in
            fields.map { ["link": vnic.name, "over": vnic.over, "macaddress": vnic.mac, "vid": vnic.vlan][$0]! }
        }
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
            Stream.write(1, Table.text(header: fields.map { $0.uppercased() }, rows: rows))
        }
    }

    private static func delete(_ arguments: [String]) throws {
        guard arguments.count == 1 else { throw LabError.usage("delete-vnic takes one name\n" + usage) }
        let gone = try vnic(arguments[0])
        if let zone = ZoneIndex.holders.first(where: { zone in
            zone.all("net").contains { $0.values["physical"] == gone.name }
        }) {
            throw LabError("vnic deletion failed: link busy", remedy: "zoneadm -z " + zone.name + " halt")
        }
        try save(vnics.filter { $0.name != gone.name })
    }

    /// Accepted and forgotten: nothing here has link properties.
    private static func setProperty(_ arguments: [String]) throws {
        let options = try options(arguments, "tp:")
        guard let property = options.value("p"), property.contains("="), let name = options.operands.first else {
            throw LabError.usage("set-linkprop takes -p NAME=VALUE and a link\n" + usage)
        }
        if !physical.contains(name) { _ = try vnic(name) }
    }
}
