import Platform
import ZoneConfig

/// One attribute of the zone that means something to its brand.
struct Setting {
    /// Its name as messages show it: `disk1`.
    let name: String
    let value: AttributeValue
    /// Trimmed, aliases resolved, without secrets.
    let text: String
    let origin: Origin

    func sourced<Value>(_ value: Value) -> Sourced<Value> { Sourced(value, origin) }
}

/// One member of a list attribute.
struct ListMember {
    /// The number in its name, or the free one that a plain name got; within the range of the list.
    let index: Int
    let setting: Setting
}

/// What the attributes of a zone say, by name: checked values, nothing interpreted.
struct Settings {
    /// Attributes that stand once.
    fileprivate(set) var singles: [AttributeName: Setting] = [:]
    /// Lists: the numbered members in the file's order, then the plain ones.
    fileprivate(set) var lists: [AttributeName: [ListMember]] = [:]

    /// The members in the order in which the brand's hypervisor gets them.
    func list(_ name: AttributeName, brand: Brand) -> [ListMember] {
        let members = lists[name] ?? []
        switch brand {
        case .bhyve: return members.sorted { $0.index < $1.index }
        case .kvm: return members
        }
    }

    func member(_ index: Int, of name: AttributeName) -> Setting? {
        lists[name]?.first { $0.index == index }?.setting
    }
}

/// Reads a zone's attributes against the attribute table.
struct SettingsReader {
    let zone: ZoneConfiguration
    let brand: Brand
    /// Only these names are looked at; `nil`: all.
    let only: [AttributeName]?
    private(set) var settings = Settings()
    private(set) var diagnostics: [Diagnostic] = []
    private var plainMembers: [(name: AttributeName, form: AttributeForm, setting: Setting)] = []

    init(_ zone: ZoneConfiguration, brand: Brand, only: [AttributeName]? = nil) {
        self.zone = zone
        self.brand = brand
        self.only = only
        for attribute in zone.attributes { read(attribute) }
        placePlainMembers()
        addDefaults()
    }

    private mutating func read(_ attribute: ZoneConfiguration.Attribute) {
        guard let name = attribute.name?.trimmed, !name.isEmpty else {
            if only == nil {
                report(.error, attribute.line, "an attr has no name", ["zonecfg writes one; restore the file"])
            }
            return
        }
        switch AttributeLookup(name, brand: brand) {
        case .known(let row, let form, let place):
            guard only?.contains(row.name) ?? true else { return }
            guard let setting = check(attribute, name, form) else { return }
            store(setting, row.name, form, place, line: attribute.line)
        case .problem(let severity, let message, let remedy):
            if only == nil { report(severity, attribute.line, message, [remedy]) }
        }
    }

    /// The value, when it is one of the attribute's kind.
    private mutating func check(
        _ attribute: ZoneConfiguration.Attribute, _ name: String, _ form: AttributeForm
    ) -> Setting? {
        let quoted = "attr \"" + name + "\": "
        guard let raw = attribute.value else {
            report(.error, attribute.line, quoted + "it has no value", remedyForEmpty(name))
            return nil
        }
        let text = raw.trimmed
        guard !text.isEmpty || form.kind.allowsEmpty else {
            report(.error, attribute.line, quoted + "its value is empty", remedyForEmpty(name))
            return nil
        }
        if let control = text.firstControlCharacter {
            report(
                .error, attribute.line, quoted + "its value holds the control character 0x" + control.hexadecimal,
                ["write it on one line, without tabs"])
            return nil
        }
        let origin = Origin.attribute(name: name, line: attribute.line)
        do {
            let value = try form.kind.parse(text, brand: brand)
            return Setting(name: name, value: value, text: value.optionText ?? text, origin: origin)
        } catch {
            guard form.isLenient, let fallback = form.fallback, let value = try? form.kind.parse(fallback, brand: brand)
            else {
                report(.error, attribute.line, quoted + error.message, [error.remedy])
                return nil
            }
            report(
                .warning, attribute.line, quoted + error.message + ", and counts as " + fallback, [error.remedy])
            return Setting(name: name, value: value, text: text, origin: origin)
        }
    }

    private func remedyForEmpty(_ name: String) -> [String] {
        ["give it a value, or remove it: " + zonecfg("remove attr name=" + name)]
    }

    private func zonecfg(_ commands: String) -> String {
        "zonecfg -z " + ShellWords.quote(zone.name ?? "ZONE") + " " + ShellWords.quote(commands)
    }

    private mutating func store(
        _ setting: Setting, _ name: AttributeName, _ form: AttributeForm, _ place: AttributeLookup.Place, line: Int
    ) {
        switch place {
        case .single:
            if let first = settings.singles[name] {
                report(
                    .warning, line,
                    "attr \"" + setting.name + "\" stands a second time; line "
                        + String(first.origin.line ?? 0) + " counts", ["remove one of them"])
            } else {
                settings.singles[name] = setting
            }
        case .numbered(let index):
            if settings.member(index, of: name) != nil {
                report(
                    .error, line, "attr \"" + setting.name + "\": number " + String(index) + " is given twice",
                    ["remove one of them, or give it another number"])
            } else {
                settings.lists[name, default: []].append(ListMember(index: index, setting: setting))
            }
        case .plain:
            plainMembers.append((name, form, setting))
        }
    }

    /// Gives each plain name the first free number, once all numbered ones are known.
    private mutating func placePlainMembers() {
        for (name, form, setting) in plainMembers {
            guard case .list(_, .fill(let range)) = form.multiplicity else { continue }
            guard let free = range.first(where: { settings.member($0, of: name) == nil }) else {
                report(
                    .error, setting.origin.line, "attr \"" + setting.name + "\": there is no free number for it",
                    ["a zone has at most " + String(range.count) + " of them; remove some"])
                continue
            }
            settings.lists[name, default: []].append(ListMember(index: free, setting: setting))
        }
    }

    private mutating func addDefaults() {
        for row in AttributeTable.rows where settings.singles[row.name] == nil {
            guard let form = row.form(for: brand), let text = form.fallback,
                let value = try? form.kind.parse(text, brand: brand)
            else { continue }
            settings.singles[row.name] = Setting(
                name: row.name.rawValue, value: value, text: value.optionText ?? text, origin: .byDefault)
        }
    }

    private mutating func report(_ severity: Diagnostic.Severity, _ line: Int?, _ message: String, _ remedy: [String]) {
        diagnostics.append(Diagnostic(severity, file: zone.file, line: line, message: message, remedy: remedy))
    }
}
