import Machine
import Text

/// What could stand at the end of a line that is typed at zonecfg's prompt.
struct ZonecfgCompletion {
    /// `nil` while no resource is open.
    let open: ZoneDocument.Resource?
    /// Those of the zone.
    let resources: [ZoneDocument.Resource]

    /// Whole words for the last word of the line, those that begin as it does; sorted as they are listed.
    func candidates(_ line: String) -> (word: String, found: [String]) {
        let command = line.pieces(separator: ";").last ?? ""
        let words = command.pieces(separator: " ").filter { !$0.isEmpty }
        let isNew = command.isEmpty || command.hasSuffix(" ")
        let word = isNew ? "" : words.last ?? ""
        let before = isNew ? words : Array(words.dropLast())
        return (word, all(after: before).filter { $0.hasPrefix(word) && $0 != word + " " })
    }

    /// Every word that may follow these, with the blank after it.
    private func all(after words: [String]) -> [String] {
        guard let command = words.first else { return commands.map { "\($0) " } }
        switch (command, words.count) {
        case ("help", 1): return Zonecfg.commandUsage.keys.sorted().map { "\($0) " } + ["attr "]
        case ("help", 2) where words[1] == "attr": return attributes.map { "\($0) " }
        case ("set", 1), ("clear", 1): return properties(command == "set" ? "=" : " ") + values(command)
        case ("add", 1), ("remove", 1):
            if let open { return open.definition.list.map { ["\($0.name) "] } ?? [] }
            return kinds
        case ("select", 1), ("info", 1): return kinds
        case ("select", 2), ("remove", 2): return keys(of: words[1])
        case ("create", 1): return ["-b ", "-t ", "-F "]
        default: return []
        }
    }

    private var commands: [String] {
        let here =
            open == nil
            ? ["add", "clear", "commit", "export", "info", "remove", "revert", "select", "set", "verify"]
            : ["add", "cancel", "clear", "end", "info", "remove", "set"]
        return here + ["create", "delete", "exit", "help"]
    }

    private var kinds: [String] { ResourceKind.all.map { "\($0.name) " } }

    private func properties(_ end: String) -> [String] {
        (open?.definition.properties.map(\.name) ?? ResourceKind.zoneProperties).map { $0 + end }
    }

    /// Values that are known: an attribute's name, its type, a brand.
    private func values(_ command: String) -> [String] {
        guard command == "set" else { return [] }
        guard let open else { return BrandFiles.brands.map { "brand=\($0) " } }
        guard open.kind == "attr" else { return [] }
        let types = ["string", "boolean", "int", "uint"].map { "type=\($0) " }
        return attributes.map { "name=\($0) " } + types
    }

    private var attributes: [String] { Array(Set(AttributeTable.rows.map(\.name))).sorted() }

    /// What tells the zone's resources of a kind from each other.
    private func keys(of kind: String) -> [String] {
        resources.filter { $0.kind == kind }.compactMap { resource in
            let key = resource.definition.key
            return resource.values[key].map { "\(key)=\($0) " }
        }
    }
}
