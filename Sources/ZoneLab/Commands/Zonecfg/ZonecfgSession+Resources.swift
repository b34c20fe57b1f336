import Machine
import Platform
import Text

/// Properties and resources.
extension ZonecfgSession {
    func set(_ arguments: [String]) throws {
        guard arguments.count == 1 else {
            throw LabError.usage("set takes one NAME=VALUE; quote a value that holds blanks")
        }
        let (name, value) = try ZonecfgInput.assignment(arguments[0], of: "set")
        try put(name, value)
    }

    func clear(_ arguments: [String]) throws {
        guard arguments.count == 1 else { throw LabError.usage("clear takes the name of one property") }
        let defaults = ["autoboot": "false", "ip-type": "shared"]
        try put(arguments[0], edited == nil ? defaults[arguments[0]] ?? "" : "")
    }

    /// Sets a property of the open resource, else of the zone; an empty value takes it away.
    private func put(_ name: String, _ value: String) throws {
        if var edited {
            let names = edited.resource.definition.properties.map(\.name)
            guard names.contains(name) else {
                throw LabError(
                    "\(edited.resource.kind) has no property \"\(name)\"", remedy: "it has " + list(names, "and"))
            }
            if edited.resource.kind == "net", !value.isEmpty { try NetAddressSyntax.check(value, of: name) }
            edited.resource.values[name] = value.isEmpty ? nil : value
            self.edited = edited
            return
        }
        try checkZoneProperty(name, value)
        document?.properties[name] = value.isEmpty ? nil : value
    }

    private func checkZoneProperty(_ name: String, _ value: String) throws {
        guard ResourceKind.zoneProperties.contains(name) else {
            if name == "zonename" || ResourceKind.leftOut.contains(name) { throw LabError.notInTheLab("set \(name)") }
            throw LabError("a zone has no property \"\(name)\"", remedy: meant(by: name))
        }
        let choices = ["autoboot": ["true", "false"], "ip-type": ["shared", "exclusive"]]
        if let allowed = choices[name], !allowed.contains(value) {
            throw LabError("\(name): \"\(value)\" is neither " + allowed.joined(separator: " nor "))
        }
        if name == "zonepath", !value.isEmpty { try ZoneCheck.checkZonepathSyntax(value) }
        if name == "brand", !BrandFiles.brands.contains(value) { _ = try ZoneBrand(value) }
        guard name == "zonepath" || name == "brand", let entry = ZoneIndex.read()[zone], entry.state != .configured
        else { return }
        let state = DaemonClient(zone: zone).status?.state ?? entry.state.rawValue
        throw LabError("zone \(zone) is \(state); set \(name) not allowed", remedy: way(toSet: name, to: value, state))
    }

    /// What someone most likely meant who sets a property that a zone does not have.
    private func meant(by name: String) -> String {
        // The value may be a password.
        guard AttributeTable.rows(of: name).isEmpty else {
            return "it is an attribute: add attr; set name=\(name); set type=string; set value=…; end"
        }
        if let near = name.nearest(among: ResourceKind.zoneProperties) { return "did you mean \(near)?" }
        return "it has " + list(ResourceKind.zoneProperties, "and")
    }

    /// What gets an administrator there who keeps what is in the zone.
    private func way(toSet name: String, to value: String, _ state: String) -> String {
        guard name == "zonepath" else { return "make another zone of that brand: zonecfg -z NAME create -t \(value)" }
        let halt = ["installed", "incomplete"].contains(state) ? "" : "zoneadm -z \(zone) halt, then "
        return "\(halt)zoneadm -z \(zone) move \(value)"
    }

    // MARK: Resources

    func add(_ arguments: [String]) throws {
        guard arguments.count == 1 else {
            guard let first = arguments.first else { throw LabError.usage("add takes the kind of one resource") }
            throw LabError(
                "add takes the kind of one resource, and what is set follows it",
                remedy: try addition(of: first, arguments),
                status: LabError.wrongUsage)
        }
        edited = Edited(resource: ZoneDocument.Resource(kind: try kind(arguments[0]).name), place: nil)
    }

    /// The right form of `add KIND NAME=VALUE …`, with every property that is required.
    private func addition(of name: String, _ words: [String]) throws -> String {
        let kind = try kind(name)
        let given = words.dropFirst().map { $0.splitOnce(at: "=") }.filter { $0.1 != nil }
        let missing = kind.properties.filter { property in
            property.isRequired && !given.contains { $0.0 == property.name }
        }
        let defaults = ["type": kind.name == "attr" ? "string" : "lofs"]
        let set =
            given.map { "set \($0.0)=\($0.1 ?? ""); " } + missing.map { "set \($0.name)=\(defaults[$0.name] ?? "…"); " }
        return "add \(name); \(set.joined())end"
    }

    func select(_ arguments: [String]) throws {
        let places = try found(arguments, for: "select")
        guard places.count == 1 else {
            throw LabError("\(places.count) resources match", remedy: "name one, such as select attr name=vnc")
        }
        edited = Edited(resource: document!.resources[places[0]], place: places[0])
    }

    func remove(_ arguments: [String]) throws {
        let words = arguments.filter { $0 != "-F" }
        let places = try found(words, for: "remove")
        guard places.count == 1 || words.count == 1 && (places.count == 1 || arguments.contains("-F")) else {
            throw LabError("\(places.count) resources match", remedy: "name one, or remove them all with remove -F")
        }
        for place in places.reversed() { document?.resources.remove(at: place) }
    }

    func end() throws {
        guard let edited else { return }
        try ZoneCheck.check(edited.resource)
        let key = edited.resource.definition.key
        let twin = document!.resources.indices.first { place in
            place != edited.place && document!.resources[place].kind == edited.resource.kind
                && document!.resources[place].values[key] == edited.resource.values[key]
        }
        guard twin == nil else {
            throw LabError(
                "there is \(edited.resource.definition.withArticle) with \(key) " + (edited.resource.values[key] ?? "")
                    + " already",
                remedy: "cancel, then select it")
        }
        if let place = edited.place {
            document?.resources[place] = edited.resource
        } else {
            document?.resources.append(edited.resource)
        }
        self.edited = nil
    }

    private func kind(_ name: String) throws -> ResourceKind {
        if let kind = ResourceKind.all.first(where: { $0.name == name }) { return kind }
        if ResourceKind.leftOut.contains(name) { throw LabError.notInTheLab("resource \(name)") }
        throw LabError(
            "there is no kind of resource \"\(name)\"",
            remedy: "there are " + list(ResourceKind.all.map(\.name), "and"))
    }

    /// The places of the resources that `KIND [NAME=VALUE …]` names; at least one.
    func found(_ arguments: [String], for command: String) throws -> [Int] {
        guard let first = arguments.first else { throw LabError.usage("\(command) takes the kind of a resource") }
        let kind = try kind(first)
        let filters = try arguments.dropFirst().map { try ZonecfgInput.assignment($0, of: command) }
        if let wrong = filters.first(where: { filter in !kind.properties.contains { $0.name == filter.name } }) {
            throw LabError("\(kind.name) has no property \"\(wrong.name)\"")
        }
        let places = document!.resources.indices.filter { place in
            let resource = document!.resources[place]
            return resource.kind == kind.name && filters.allSatisfy { resource.values[$0.name] == $0.value }
        }
        guard !places.isEmpty else {
            throw LabError("no such \(kind.name) resource", remedy: "info \(kind.name) shows them")
        }
        return places
    }

    // MARK: Lists in a resource

    func addItem(_ arguments: [String]) throws {
        for item in try items(arguments, for: "add") {
            edited?.resource.items.removeAll { $0.name == item.name }
            edited?.resource.items.append(item)
        }
    }

    func removeItem(_ arguments: [String]) throws {
        for item in try items(arguments, for: "remove") {
            guard let place = edited?.resource.items.firstIndex(where: { $0.name == item.name }) else {
                throw LabError("there is no \"\(item.name)\" to remove")
            }
            edited?.resource.items.remove(at: place)
        }
    }

    private func items(_ arguments: [String], for command: String) throws -> [ZoneDocument.Item] {
        guard let edited, let itemList = edited.resource.definition.list else {
            throw LabError("\(command): " + (edited?.resource.definition.withArticle ?? "") + " holds no lists")
        }
        guard arguments.count == 2, arguments[0] == itemList.name,
            let parts = ZonecfgInput.list(arguments[1], isPairs: itemList.hasValue)
        else {
            let example = itemList.hasValue ? "(name=netif,value=e1000)" : "ro"
            throw LabError.usage(
                "\(command) takes \(itemList.name), such as \(command) \(itemList.name) \(example)")
        }
        guard itemList.hasValue else { return parts.map { ZoneDocument.Item(name: $0) } }
        let pairs = try parts.map { try ZonecfgInput.assignment($0, of: "\(command) \(itemList.name)") }
        guard let name = pairs.first(where: { $0.name == "name" })?.value else {
            throw LabError("\(command) \(itemList.name): no name given", remedy: "(name=netif,value=e1000)")
        }
        return [ZoneDocument.Item(name: name, value: pairs.first { $0.name == "value" }?.value ?? "")]
    }
}
