/// `info`, `export` and `help`.
extension ZonecfgSession {
    func help(_ arguments: [String]) throws {
        guard let command = arguments.first else {
            Stream.write(1, Zonecfg.usage)
            return
        }
        if command == "attr", arguments.count == 2 { return try helpAttribute(arguments[1]) }
        guard let usage = Zonecfg.commandUsage[command] else { throw unknown(command) }
        Stream.write(1, "\(usage)\n")
    }

    /// All about an attribute, as the brand's own boot tells it.
    private func helpAttribute(_ name: String) throws {
        let brand = document?.brand ?? ""
        let boot = "\(ZoneBrand.directory)/\(brand.isEmpty ? BrandFiles.brands[0] : brand)/boot"
        _ = try Child.run([boot, "-A", name])
    }

    func info(_ arguments: [String]) throws { Stream.write(1, try shown(arguments)) }

    /// What `info` prints.
    private func shown(_ arguments: [String]) throws -> String {
        if let edited { return edited.resource.info }
        guard let document else { return "" }
        let properties = ["zonename"] + ResourceKind.zoneProperties
        guard let first = arguments.first else {
            // Grouped by kind, as zonecfg does.
            let resources = ResourceKind.all.flatMap { document.all($0.name) }
            return (properties.map { document.info(of: $0) } + resources.map(\.info)).joined()
        }
        if properties.contains(first) { return document.info(of: first) }
        if arguments.count == 1, document.all(first).isEmpty, ResourceKind.all.contains(where: { $0.name == first }) {
            return ""
        }
        return try found(arguments, for: "info").map { document.resources[$0].info }.joined()
    }

    func export(_ arguments: [String]) throws {
        guard let text = document?.commands else { return }
        switch (arguments.first, arguments.count) {
        case (nil, _): Stream.write(1, text)
        case ("-f", 2): try Files.write(arguments[1], text)
        default: throw LabError.usage("export takes nothing, or -f FILE")
        }
    }
}
