import Glibc
import Platform
import Text

/// One run of zonecfg: the configuration being changed, and the resource being edited.
final class ZonecfgSession {
    let zone: String
    /// `nil` while the zone has no configuration.
    var document: ZoneDocument?
    /// The configuration as it is committed.
    private(set) var committed: ZoneDocument?
    /// The resource between `add` or `select` and `end`.
    var edited: Edited?
    private(set) var isOver = false
    /// What the brand has said of the configuration.
    private var said = ""

    struct Edited {
        var resource: ZoneDocument.Resource
        /// Where it stands among the resources; `nil` for a new one.
        let place: Int?
    }

    init(zone: String) throws {
        guard ZonecfgSession.isName(zone) else {
            throw LabError(
                "\"\(zone)\" is not a zone name", remedy: "letters, digits, - _ . and at most 63 of them")
        }
        guard !["SYS", "SUNW"].contains(where: zone.hasPrefix) else {
            throw LabError(
                "zone names that begin with SYS or SUNW are reserved",
                remedy: "templates are used so: zonecfg -z ZONE create -t OMNIbhyve")
        }
        self.zone = zone
        guard ZoneIndex.read()[zone] != nil else { return }
        committed = try ZoneDocument.read(zone: zone)
        document = committed
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 63, name != "global" else { return false }
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) || byte.isDigit }
        return isLetter(first) && name.utf8.allSatisfy { isLetter($0) || [0x2d, 0x2e, 0x5f].contains($0) }
    }

    var prompt: String {
        "zonecfg:\(zone)" + (edited.map { ":\($0.resource.kind)" } ?? "") + "> "
    }

    /// What a session on a terminal starts with.
    func greet() {
        guard document == nil else { return }
        Stream.write(1, "\(zone): No such zone configured\nUse 'create' to begin configuring a new zone.\n")
    }

    /// One command.
    func perform(_ words: [String]) throws {
        let arguments = Array(words.dropFirst())
        let command = words[0]
        if ["create", "help", "exit", "delete"].contains(command) { return try performAnywhere(command, arguments) }
        let table = edited == nil ? Self.globalCommands : Self.resourceCommands
        guard let action = table[command] else { throw unknown(command) }
        guard document != nil else {
            throw LabError("\(zone): No such zone configured", remedy: "use 'create' to begin configuring a new zone")
        }
        try action(self)(arguments)
    }

    private typealias Action = (ZonecfgSession) -> ([String]) throws -> Void

    private static var globalCommands: [String: Action] {
        [
            "set": set, "clear": clear, "add": add, "select": select, "remove": remove, "info": info, "export": export,
            "verify": { session in { _ in try session.verify() } },
            "commit": { session in { _ in try session.commit() } },
            "revert": { session in { _ in session.document = session.committed } },
        ]
    }

    private static var resourceCommands: [String: Action] {
        [
            "set": set, "clear": clear, "add": addItem, "remove": removeItem, "info": info,
            "end": { session in { _ in try session.end() } }, "cancel": { session in { _ in session.edited = nil } },
        ]
    }

    private func performAnywhere(_ command: String, _ arguments: [String]) throws {
        switch command {
        case "create": try create(arguments)
        case "delete": try delete(arguments)
        case "help": try help(arguments)
        default:
            guard arguments.isEmpty || arguments == ["-F"] else { throw LabError.usage("exit takes -F or nothing") }
            if arguments.isEmpty { try finish() }
            isOver = true
        }
    }

    /// Ends the session as it is, when what ends it cannot be saved and the administrator wants that.
    func askToLeave() {
        isOver = Terminal.asks("Zone configuration not saved, really quit")
    }

    /// Ends the session, and asks first when something would be lost.
    func cancel() {
        if document == committed, edited == nil { isOver = true } else { askToLeave() }
    }

    /// What can be typed now.
    var completion: ZonecfgCompletion {
        ZonecfgCompletion(open: edited?.resource, resources: document?.resources ?? [])
    }

    func unknown(_ command: String) -> LabError {
        if Self.globalCommands[command] != nil {
            return LabError("\(command): not while a resource is open", remedy: "end it with 'end' or 'cancel'")
        }
        if Self.resourceCommands[command] != nil {
            return LabError("\(command): no resource is open", remedy: "open one with 'add' or 'select'")
        }
        let table = edited == nil ? Self.globalCommands : Self.resourceCommands
        let names = table.keys.sorted() + ["create", "delete", "exit", "help"]
        let near = names.first { $0.editDistance(to: command, atMost: 2) != nil }
        let remedy = near.map { "did you mean \($0)?" } ?? "there are " + list(names, "and")
        return LabError("\"\(command)\" is not a command here", remedy: remedy)
    }

    // MARK: The whole configuration

    private func create(_ arguments: [String]) throws {
        var rest = arguments[...]
        var template: String?
        var isBlank = false
        var isForced = false
        while let option = rest.popFirst() {
            switch option {
            case "-b": isBlank = true
            case "-F": isForced = true
            case "-t": template = rest.popFirst() ?? ""
            default: throw LabError.notInTheLab("create \(option)")
            }
        }
        guard document == nil || isForced else {
            throw LabError("zone \(zone) already exists", remedy: "delete it first, or create -F")
        }
        if let template {
            document = try ZoneDocument.read(Self.templateFile(template))
            document?.name = zone
        } else {
            document = ZoneDocument(name: zone)
            if !isBlank { document?.properties["ip-type"] = "exclusive" }
        }
    }

    /// A template's file, by its own name or without what OmniOS' begin with: `OMNIbhyve`, `bhyve`.
    private static func templateFile(_ template: String) throws -> String {
        let files = [template, "OMNI\(template)"].map(ZoneIndex.configurationFile)
        if let file = files.first(where: Files.exists) { return file }
        let templates = Files.names(in: ZoneIndex.directory).filter { $0.hasPrefix("OMNI") }.map {
            String($0.dropLast(".xml".count))
        }
        throw LabError("there is no template \(template)", remedy: "there are " + list(templates, "and"))
    }

    private func delete(_ arguments: [String]) throws {
        guard let entry = ZoneIndex.read()[zone] else { throw LabError("\(zone): No such zone configured") }
        guard entry.state == .configured else {
            let running = DaemonClient(zone: zone).status.flatMap { $0.state == "installed" ? nil : $0.state }
            throw LabError(
                "zone \(zone) is \(running ?? entry.state.rawValue); delete not allowed",
                remedy: "zoneadm -z \(zone) "
                    + (running == nil ? "uninstall" : "halt, then zoneadm -z \(zone) uninstall"))
        }
        if !arguments.contains("-F") {
            guard Terminal.hasInput else {
                throw LabError("input not from terminal and -F not specified: delete ignored", remedy: "delete -F")
            }
            guard Terminal.asks("Are you sure you want to delete zone \(zone)") else { return }
        }
        try ZoneIndex.change { $0.removeAll { $0.name == zone } }
        unlink(ZoneIndex.configurationFile(zone))
        document = nil
        committed = nil
        edited = nil
    }

    /// The end of the input: what was changed is committed.
    func finish() throws {
        guard edited == nil else {
            throw LabError(
                "the \(edited!.resource.kind) resource is not ended", remedy: "end it with 'end' or 'cancel'")
        }
        if document != committed { try commit() }
    }

    private func commit() throws {
        guard let document else { return }
        try verify()
        try Files.write(ZoneIndex.configurationFile(zone), document.xml)
        let isNew = ZoneIndex.read()[zone] == nil
        try ZoneIndex.change { entries in
            if isNew {
                entries.append(
                    ZoneIndex.Entry(name: zone, state: .configured, zonepath: document.zonepath, uuid: ZoneUUID.make()))
            } else if let place = entries.firstIndex(where: { $0.name == zone }) {
                entries[place].zonepath = document.zonepath
            }
        }
        committed = document
    }

    private func verify() throws {
        guard let document else { return }
        var check = ZoneCheck(document, said: said)
        defer { said = check.said }
        try check.check()
    }
}
