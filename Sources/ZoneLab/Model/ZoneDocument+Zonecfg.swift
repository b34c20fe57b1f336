import Text

/// A configuration as zonecfg shows it, and as the commands that make it.
extension ZoneDocument {
    /// What `export` prints.
    var commands: String {
        var text = "create -b\n"
        for name in ResourceKind.zoneProperties {
            if let value = properties[name] { text += "set \(name)=\(value.quotedIfNeeded)\n" }
        }
        for kind in ResourceKind.all { text += all(kind.name).map(\.commands).joined() }
        return text
    }

    /// What `info` prints of a property of the zone itself.
    func info(of property: String) -> String {
        let value = property == "zonename" ? name : properties[property] ?? ""
        return "\(property):\(value.isEmpty ? "" : " \(value)")\n"
    }
}

extension ZoneDocument.Resource {
    /// What `info` prints.
    var info: String {
        var text = "\(kind):\n"
        for property in definition.properties {
            text += "\t\(property.name)\(values[property.name].map { ": \($0.quotedIfNeeded)" } ?? " not specified")\n"
        }
        guard let list = definition.list else { return text }
        guard list.hasValue else { return "\(text)\t\(list.name): [\(items.map(\.name).joined(separator: ","))]\n" }
        return text + items.map { "\t\(list.name): \($0.command(list))\n" }.joined()
    }

    /// The commands that make it.
    fileprivate var commands: String {
        var text = "add \(kind)\n"
        for property in definition.properties {
            if let value = values[property.name] { text += "set \(property.name)=\"\(value)\"\n" }
        }
        if let list = definition.list { text += items.map { "add \(list.name) \($0.command(list))\n" }.joined() }
        return "\(text)end\n"
    }
}

extension ZoneDocument.Item {
    fileprivate func command(_ list: ResourceKind.List) -> String {
        list.hasValue ? "(name=\(name),value=\"\(value)\")" : name
    }
}

extension String {
    /// In quotes when zonecfg would not read it as one word otherwise.
    fileprivate var quotedIfNeeded: String {
        utf8.contains { $0.isWhiteSpace || $0 == 0x3b || $0 == 0x23 } ? "\"\(self)\"" : self
    }
}
