import Platform

/// `zoneadm list`: the global zone first.
enum ZoneList {
    private struct Row {
        let id: String
        let name: String
        let state: String
        let path: String
        let uuid: String
        let brand: String
        let ipType: String
    }

    static func run(_ arguments: [String], zone: String?) throws -> Int32 {
        let options: Options
        do {
            options = try Options(arguments, letters: "civp")
        } catch {
            throw LabError.usage(error.message + "\n" + Zoneadm.usage)
        }
        guard options.operands.isEmpty, !(options.has("v") && options.has("p")) else {
            throw LabError.usage("list takes -c, -i, and one of -v and -p\n" + Zoneadm.usage)
        }
        let entries = try zone.map { [try ZoneIndex.entry(of: $0)] } ?? ZoneIndex.read().entries
        var rows = entries.map(row)
        if zone == nil {
            if !options.has("c") {
                rows = rows.filter { $0.id != "-" || options.has("i") && $0.state == "installed" }
            }
            let global = Row(
                id: "0", name: "global", state: "running", path: "/", uuid: "", brand: "ipkg", ipType: "shared")
            rows.insert(global, at: 0)
        }
        let isTable = options.has("v")
        if isTable { Stream.write(1, tableLine("ID", "NAME", "STATUS", "PATH", "BRAND", "IP")) }
        for row in rows {
            if isTable {
                Stream.write(1, tableLine(row.id, row.name, row.state, row.path, row.brand, row.ipType))
            } else if options.has("p") {
                let path = row.path.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "\\:")
                let fields = [row.id, row.name, row.state, path, row.uuid, row.brand, row.ipType]
                Stream.write(1, fields.joined(separator: ":") + "\n")
            } else {
                Stream.write(1, row.name + "\n")
            }
        }
        return 0
    }

    private static func row(_ entry: ZoneIndex.Entry) -> Row {
        let document = try? ZoneDocument.read(zone: entry.name)
        let running = DaemonClient(zone: entry.name).status.flatMap { $0.state == "installed" ? nil : $0 }
        return Row(
            id: running.map { String($0.id) } ?? "-", name: entry.name, state: running?.state ?? entry.state.rawValue,
            path: entry.zonepath, uuid: entry.uuid, brand: document?.brand ?? "",
            ipType: document?.properties["ip-type"] == "exclusive" ? "excl" : "shared")
    }

    private static func tableLine(
        _ id: String, _ name: String, _ state: String, _ path: String, _ brand: String, _ ip: String
    ) -> String {
        String(repeating: " ", count: max(0, 4 - id.count)) + id + " " + name.padded(to: 16) + " "
            + state.padded(to: 10) + " "
            + path.padded(to: 30) + " " + brand.padded(to: 8) + " " + ip.padded(to: 6) + "\n"
    }
}
