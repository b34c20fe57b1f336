import Machine
import Text

/// What `boot -A` prints: the attribute table, or some rows of it.
package enum AttributePage {
    /// The table, or all about the attribute of this name; as JSON, or fitted to so many columns. Throws for what is not an
    /// attribute, with the one that was most likely meant; `list` is the command that shows them all.
    @export(interface)
    package static func text(of name: String?, isJSON: Bool, width: Int?, list: String) throws(ValueError) -> String {
        var rows = AttributeTable.rows
        if let name {
            rows = AttributeTable.rows(of: name)
            guard !rows.isEmpty else {
                let meant = AttributeTable.nearest(to: name)
                throw ValueError(
                    "\(name.quoted) is not an attribute"
                        + (meant.map { "; did you mean \($0.quoted)?" } ?? "; \(list) lists them"))
            }
        }
        return isJSON ? json(rows) : name == nil ? table(rows, width: width) : details(rows)
    }

    /// A line for each attribute, or one for each default that it has.
    private static func table(_ rows: [AttributeRow], width: Int?) -> String {
        let lines = rows.flatMap { row in
            var lines: [[String]] = []
            for form in row.forms {
                let line = [row.names(form), form.brandList, form.fallback ?? "-", row.summary]
                if let last = lines.last, last[0] == line[0], last[2] == line[2] {
                    lines[lines.count - 1][1] += ", \(form.brandList)"
                } else {
                    lines.append(line)
                }
            }
            return lines
        }
        return Table(["NAME", "BRAND", "DEFAULT", "WHAT IT IS"], lines).text(width: width)
    }

    /// Everything there is to tell of some attributes.
    private static func details(_ rows: [AttributeRow]) -> String {
        rows.flatMap { row in row.forms.map { details(row, $0) } }.joined(separator: "\n")
    }

    private static func details(_ row: AttributeRow, _ form: AttributeForm) -> String {
        var facts = [("brand", form.brandList), ("value", form.syntax), ("default", form.fallback ?? "none")]
        if let numbers = form.numbersText(row.name) { facts.append(("numbers", numbers)) }
        facts.append(("example", "\(row.name)\(form.firstNumber)=\(form.example)"))
        if let effect = form.effect.text { facts.append(("effect", effect)) }
        facts.append(("from", row.source.text))
        return "\(row.names(form)): \(row.summary)\n" + facts.map { "  \($0.0.padded(to: 9))\($0.1)\n" }.joined()
    }

    /// The same for programs: one line of JSON, an array with an object for each row.
    private static func json(_ rows: [AttributeRow]) -> String {
        JSON.array(rows.map { $0.json }).text + "\n"
    }
}

extension AttributeRow {
    /// The names it goes by: `ram`, `diskN, disk`, `comN`.
    fileprivate func names(_ form: AttributeForm) -> String {
        if case .list(_, .fill) = form.multiplicity { "\(label), \(name)" } else { label }
    }

    fileprivate var json: JSON {
        .object([
            JSON.Member("name", .string(name)), JSON.Member("label", .string(label)),
            JSON.Member("summary", .string(summary)), JSON.Member("from", .string(source.rawValue)),
            JSON.Member("forms", .array(forms.map { $0.json })),
        ])
    }
}

extension AttributeForm {
    fileprivate var brandList: String { brands.map { $0.rawValue }.joined(separator: ", ") }

    /// What is behind the name in an example.
    fileprivate var firstNumber: String {
        if case .list(let numbers, _) = multiplicity { String(numbers.lowerBound) } else { "" }
    }

    fileprivate func numbersText(_ name: String) -> String? {
        guard case .list(let numbers, let plain) = multiplicity else { return nil }
        let range = "\(numbers.lowerBound) to \(numbers.upperBound)"
        guard case .fill(let free) = plain else { return range }
        return "\(range); \(name) alone takes the first free one" + (free == numbers ? "" : " up to \(free.upperBound)")
    }

    fileprivate var json: JSON {
        var members = [
            JSON.Member("brands", .array(brands.map { .string($0.rawValue) })),
            JSON.Member("default", .optional(fallback)), JSON.Member("syntax", .string(syntax)),
            JSON.Member("example", .string(example)), JSON.Member("effect", .optional(effect.text)),
        ]
        if case .list(let numbers, let plain) = multiplicity {
            members.append(JSON.Member("numbers", .array([.number(numbers.lowerBound), .number(numbers.upperBound)])))
            if case .fill(let free) = plain {
                members.append(JSON.Member("plain", .array([.number(free.lowerBound), .number(free.upperBound)])))
            }
        }
        return .object(members)
    }
}

extension AttributeForm.Effect {
    /// `nil` for what changes the command line.
    fileprivate var text: String? {
        switch self {
        case .commandLine: nil
        case .elsewhere(let what): what
        case .nothing(let reason): "none; \(reason)"
        }
    }
}

extension AttributeRow.Source {
    fileprivate var text: String {
        switch self {
        case .page: "OmniOS' page on bhyve and KVM zones"
        case .later: "OmniOS; its page does not list it"
        case .ours: "these hooks alone"
        }
    }
}
