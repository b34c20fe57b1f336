import Text
import ZoneConfig

/// One member of a list attribute.
struct ListMember<Value: Equatable & Sendable>: Sendable {
    /// The number in its name, or the free one that a plain name got; within the range of the list.
    let index: Int
    /// Its name as messages show it: `disk1`.
    let name: String
    let setting: Sourced<Value>
}

/// What the attributes of a zone say. Reading one by its key parses and checks it, once; what is wrong is collected.
struct Settings {
    let zone: ZoneConfiguration
    let brand: Brand
    private(set) var diagnostics: [Diagnostic] = []
    /// The texts of the attributes read so far that zone managers read.
    private(set) var options: [Machine.NamedText] = []
    /// The zone's attributes that have not been read yet, by the labels of their rows.
    private var entries: [String: [Entry]] = [:]
    private var labelsRead: Set<String> = []

    /// An attribute of the zone as it is there.
    private struct Entry {
        let name: String
        let value: String?
        let line: Int
        let place: AttributeLookup.Place

        var origin: Origin { .attribute(name: name, line: line) }
        /// How messages about its value begin.
        var quoted: String { "attr \(name.quoted): " }
    }

    /// `tellsUnknown`: also what is wrong with names is collected.
    init(_ zone: ZoneConfiguration, brand: Brand, tellsUnknown: Bool = false) {
        self.zone = zone
        self.brand = brand
        for attribute in zone.attributes {
            guard let name = attribute.name?.trimmed, !name.isEmpty else {
                if tellsUnknown {
                    report(line: attribute.line, "an attr has no name", "zonecfg writes one; restore the file")
                }
                continue
            }
            switch AttributeLookup(name, brand: brand) {
            case .known(let row, let place):
                let entry = Entry(name: name, value: attribute.value, line: attribute.line, place: place)
                entries[row.label, default: []].append(entry)
            case .problem(let severity, let message, let remedy):
                if tellsUnknown { report(severity, .attribute(name: name, line: attribute.line), message, remedy) }
            }
        }
    }

    // MARK: Reading

    /// The attribute's value, or its default; `nil` when the zone does not say it and there is no default, or when the brand
    /// has no such attribute. Of several, and of an attribute without a valid value, it says what is wrong.
    mutating func read<Value>(_ key: Attribute<Value>) -> Sourced<Value>? {
        guard let form = key.form(for: brand) else { return nil }
        let texts = take(key.row)
        let (values, errors) = parse(texts, form.parse)
        let place = judge(key.row, texts, errors, fallback: form.fallback?.text)
        guard let value = place.flatMap({ values[$0] }) ?? form.fallback else {
            show(key.row, nil)
            return nil
        }
        show(key.row, place.map { value.shown(written: texts[$0].text) } ?? value.text)
        return Sourced(value, place.map { texts[$0].entry.origin } ?? .byDefault)
    }

    /// The same, with what holds where the brand has no such attribute.
    mutating func read<Value>(_ key: Attribute<Value>, otherwise value: Value) -> Sourced<Value> {
        read(key) ?? Sourced(value, .brand)
    }

    /// A list's members in the order in which the brand's hypervisor gets them; none when the brand has no such list.
    mutating func read<Value>(_ key: ListAttribute<Value>) -> [ListMember<Value>] {
        guard let form = key.form(for: brand) else { return [] }
        let texts = take(key.row)
        let (values, errors) = parse(texts, form.parse)
        var members: [ListMember<Value>] = []
        for (index, place) in judge(list: key.row, texts, errors) {
            guard let value = values[place] else { continue }
            let entry = texts[place].entry
            members.append(ListMember(index: index, name: entry.name, setting: Sourced(value, entry.origin)))
        }
        return members
    }

    /// Each text's value, or why it has none.
    private func parse<Value>(_ texts: [Text], _ parse: AttributeParser<Value>) -> ([Value?], [ValueError?]) {
        var (values, errors): ([Value?], [ValueError?]) = ([], [])
        for (_, text) in texts {
            do {
                values.append(try parse(text))
                errors.append(nil)
            } catch {
                values.append(nil)
                errors.append(error)
            }
        }
        return (values, errors)
    }

    /// An attribute of the zone and its trimmed text.
    private typealias Text = (entry: Entry, text: String)

    /// What is in the zone under a row's names; not what can be no text of a value.
    private mutating func take(_ row: AttributeRow) -> [Text] {
        if !labelsRead.insert(row.label).inserted { reportFault(row.label, "is read twice") }
        var texts: [Text] = []
        for entry in entries.removeValue(forKey: row.label) ?? [] {
            if let text = text(of: entry, row) { texts.append((entry, text)) }
        }
        return texts
    }

    /// Which of the texts counts: the first that is right. With a lenient attribute, a wrong one counts too, as the default.
    private mutating func judge(
        _ row: AttributeRow, _ texts: [Text], _ errors: [ValueError?], fallback: String?
    ) -> Int? {
        var first: Int?
        for (place, (entry, _)) in texts.enumerated() {
            if let error = errors[place] {
                guard row.isLenient, let fallback else {
                    report(.error, entry.origin, entry.quoted + error.message, error.remedy)
                    continue
                }
                report(
                    .warning, entry.origin, "\(entry.quoted)\(error.message), and counts as \(fallback)", error.remedy)
            }
            if let first {
                reportSecond(entry, after: texts[first].entry.origin)
            } else {
                first = place
            }
        }
        return first
    }

    /// The numbers of a list's members, and which text each has, in order.
    private mutating func judge(
        list row: AttributeRow, _ texts: [Text], _ errors: [ValueError?]
    ) -> [(index: Int, place: Int)] {
        var members: [(index: Int, place: Int)] = []
        var plain: [Int] = []
        for (place, (entry, _)) in texts.enumerated() {
            if let error = errors[place] {
                report(.error, entry.origin, entry.quoted + error.message, error.remedy)
                continue
            }
            switch entry.place {
            case .single, .plain: plain.append(place)
            case .numbered(let index) where members.contains { $0.index == index }: reportNumberTwice(entry, index)
            case .numbered(let index): members.append((index, place))
            }
        }
        // Once all numbered ones are known.
        for place in plain {
            let taken = members.map { $0.index }
            if let index = freeNumber(for: texts[place].entry, row, taken: taken) { members.append((index, place)) }
        }
        return brand.numbersArePlaces ? members.sorted { $0.index < $1.index } : members
    }

    /// Notes what `boot -j` shows of an attribute.
    private mutating func show(_ row: AttributeRow, _ text: String?) {
        if row.isOption { options.append(Machine.NamedText(name: row.name, text: text)) }
    }

    /// The trimmed text of an attribute, when it has one that can be on a line.
    private mutating func text(of entry: Entry, _ row: AttributeRow) -> String? {
        guard let text = entry.value?.trimmed else {
            report(.error, entry.origin, "\(entry.quoted)it has no value", remedyForEmpty(entry.name))
            return nil
        }
        guard !text.isEmpty || row.allowsEmpty else {
            report(.error, entry.origin, "\(entry.quoted)its value is empty", remedyForEmpty(entry.name))
            return nil
        }
        if let control = text.firstControlCharacter {
            report(
                .error, entry.origin, "\(entry.quoted)its value holds the control character 0x\(control.hexadecimal)",
                "write it on one line, without tabs")
            return nil
        }
        return text
    }

    /// The first free number for a name without one.
    private mutating func freeNumber(for entry: Entry, _ row: AttributeRow, taken: [Int]) -> Int? {
        guard case .list(_, .fill(let range))? = row.form(for: brand)?.multiplicity else { return nil }
        if let free = range.first(where: { !taken.contains($0) }) { return free }
        report(
            .error, entry.origin, "\(entry.quoted)there is no free number for it",
            "a zone has at most \(range.count) of them; remove some")
        return nil
    }

    // MARK: What is wrong

    /// Adds what is wrong with something that comes from there.
    mutating func report(_ severity: Diagnostic.Severity, _ origin: Origin, _ message: String, _ remedy: String) {
        diagnostics.append(
            Diagnostic(
                severity, file: zone.file, line: origin.line, attribute: origin.attribute, message: message,
                remedy: [remedy]))
    }

    /// Adds an error that comes from no attribute with a name.
    private mutating func report(line: Int?, of label: String? = nil, _ message: String, _ remedy: String) {
        diagnostics.append(
            Diagnostic(.error, file: zone.file, line: line, attribute: label, message: message, remedy: [remedy]))
    }

    private mutating func reportSecond(_ entry: Entry, after first: Origin) {
        report(
            .warning, entry.origin,
            "attr \(entry.name.quoted) is set a second time; line \(first.line ?? 0) counts",
            "remove one of them")
    }

    private mutating func reportNumberTwice(_ entry: Entry, _ index: Int) {
        report(
            .error, entry.origin, "\(entry.quoted)number \(index) is given twice",
            "remove one of them, or give it another number")
    }

    /// Attributes of the table that no device has read.
    mutating func reportUnread() {
        for label in entries.keys.sorted() { reportFault(label, "is read by no device") }
    }

    private mutating func reportFault(_ label: String, _ what: String) {
        report(line: nil, of: label, "attr \(label.quoted) \(what): a fault of this program", "report it")
    }

    private func remedyForEmpty(_ name: String) -> String {
        "give it a value, or remove it: zonecfg -z " + ShellWords.quote(zone.name ?? "ZONE") + " "
            + ShellWords.quote("remove attr name=\(name)")
    }
}
