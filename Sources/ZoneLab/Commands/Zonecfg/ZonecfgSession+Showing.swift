import Platform

/// `info`, `export` and `help`.
extension ZonecfgSession {
    func help(_ arguments: [String]) throws {
        guard let command = arguments.first else {
            Stream.write(1, Zonecfg.usage)
            return
        }
        guard let usage = Zonecfg.commandUsage[command] else { throw unknown(command) }
        Stream.write(1, usage + "\n")
    }

    func info(_ arguments: [String]) throws {
        if let edited { return show(edited.resource) }
        guard let document else { return }
        guard let first = arguments.first else {
            showProperty("zonename")
            for name in ResourceKind.zoneProperties { showProperty(name) }
            // Grouped by kind, as zonecfg does.
            for kind in ResourceKind.all { for resource in document.all(kind.name) { show(resource) } }
            return
        }
        if first == "zonename" || ResourceKind.zoneProperties.contains(first) { return showProperty(first) }
        if arguments.count == 1, document.all(first).isEmpty, ResourceKind.all.contains(where: { $0.name == first }) {
            return
        }
        for place in try found(arguments, for: "info") { show(document.resources[place]) }
    }

    private func showProperty(_ name: String) {
        let value = name == "zonename" ? zone : document?.properties[name] ?? ""
        Stream.write(1, name + ":" + (value.isEmpty ? "" : " " + value) + "\n")
    }

    private func show(_ resource: ZoneDocument.Resource) {
        var text = resource.kind + ":\n"
        for property in resource.definition.properties {
            if let value = resource.values[property.name] {
                text += "\t" + property.name + ": " + (needsQuotes(value) ? "\"" + value + "\"" : value) + "\n"
            } else {
                text += "\t" + property.name + " not specified\n"
            }
        }
        if let itemList = resource.definition.list {
            if itemList.hasValue {
                for item in resource.items { text += "\t" + itemList.name + ": " + written(item, itemList) + "\n" }
            } else {
                text += "\t" + itemList.name + ": [" + resource.items.map(\.name).joined(separator: ",") + "]\n"
            }
        }
        Stream.write(1, text)
    }

    func export(_ arguments: [String]) throws {
        guard let document else { return }
        var text = "create -b\n"
        for name in ResourceKind.zoneProperties {
            if let value = document.properties[name] { text += "set " + name + "=" + quotedIfNeeded(value) + "\n" }
        }
        for kind in ResourceKind.all {
            for resource in document.all(kind.name) {
                text += "add " + kind.name + "\n"
                for property in kind.properties {
                    if let value = resource.values[property.name] {
                        text += "set " + property.name + "=\"" + value + "\"\n"
                    }
                }
                if let itemList = kind.list {
                    for item in resource.items { text += "add " + itemList.name + " " + written(item, itemList) + "\n" }
                }
                text += "end\n"
            }
        }
        switch (arguments.first, arguments.count) {
        case (nil, _): Stream.write(1, text)
        case ("-f", 2): try Files.write(arguments[1], text)
        default: throw LabError.usage("export takes nothing, or -f FILE")
        }
    }

    private func written(_ item: ZoneDocument.Item, _ itemList: ResourceKind.List) -> String {
        itemList.hasValue ? "(name=" + item.name + ",value=\"" + item.value + "\")" : item.name
    }

    private func needsQuotes(_ value: String) -> Bool {
        value.utf8.contains { $0.isWhiteSpace || $0 == 0x3b || $0 == 0x23 }
    }

    private func quotedIfNeeded(_ value: String) -> String { needsQuotes(value) ? "\"" + value + "\"" : value }
}
