import Text

/// `zoneadm list`: the global zone first.
enum ZoneList {
    struct Row {
        let id: String
        let name: String
        let state: String
        let path: String
        let uuid: String
        let brand: String
        let ipType: String
    }

    static let global = Row(
        id: "0", name: "global", state: "running", path: "/", uuid: "", brand: "ipkg", ipType: "shared")

    /// All zones: those that run, and with options more.
    static func run(_ arguments: [String]) throws -> Int32 {
        guard let options = try? Options(arguments, letters: "civp") else {
            throw LabError.usage("list takes -c, -i, and one of -v and -p\n\(Zoneadm.usage)")
        }
        let rows = ZoneIndex.read().entries.map(row).filter {
            options.has("c") || $0.id != "-" || options.has("i") && $0.state == "installed"
        }
        guard !(options.has("v") && options.has("p")) else { throw LabError(bothForms) }
        return show([global] + rows, options)
    }

    private static let bothForms = "list -p and -v are mutually exclusive."

    /// One zone, whatever its state; `nil` when the options are wrong.
    static func run(_ arguments: [String], only row: Row) throws -> Int32? {
        guard let options = try? Options(arguments, letters: "vp"), options.operands.isEmpty else { return nil }
        guard !(options.has("v") && options.has("p")) else {
            throw LabError("zone '\(row.name)': \(bothForms)")
        }
        return show([row], options)
    }

    private static func show(_ rows: [Row], _ options: Options) -> Int32 {
        if options.has("v") { Stream.write(1, tableLine("ID", "NAME", "STATUS", "PATH", "BRAND", "IP")) }
        for row in rows {
            if options.has("v") {
                Stream.write(1, tableLine(row.id, row.name, row.state, row.path, row.brand, row.ipType))
            } else if options.has("p") {
                let path = row.path.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "\\:")
                let fields = [row.id, row.name, row.state, path, row.uuid, row.brand, row.ipType]
                Stream.write(1, fields.joined(separator: ":") + "\n")
            } else {
                Stream.write(1, "\(row.name)\n")
            }
        }
        return 0
    }

    static func row(_ entry: ZoneIndex.Entry) -> Row {
        let document = try? ZoneDocument.read(zone: entry.name)
        let running = DaemonClient(zone: entry.name).status.flatMap { $0.state == "installed" ? nil : $0 }
        return Row(
            id: running.map { String($0.id) } ?? "-", name: entry.name, state: running?.state ?? entry.state.rawValue,
            path: entry.zonepath, uuid: entry.uuid, brand: document?.brand ?? "???",
            ipType: document?.properties["ip-type"] == "exclusive" ? "excl" : "shared")
    }

    private static func tableLine(
        _ id: String, _ name: String, _ state: String, _ path: String, _ brand: String, _ ip: String
    ) -> String {
        String(repeating: " ", count: max(0, 4 - id.count))
            + "\(id) \(name.padded(to: 16)) \(state.padded(to: 10)) \(path.padded(to: 30)) \(brand.padded(to: 8)) "
            + "\(ip.padded(to: 6))\n"
    }
}
