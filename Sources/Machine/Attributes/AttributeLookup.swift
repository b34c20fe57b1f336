import Platform

/// What an attribute's name, as written in the zone, stands for.
enum AttributeLookup {
    /// Which member of the row it is.
    enum Place {
        case single
        case numbered(Int)
        case plain
    }

    case known(AttributeRow, AttributeForm, Place)
    case problem(Diagnostic.Severity, message: String, remedy: String)

    init(_ name: String, brand: Brand) {
        let stem = String(name.prefix(name.count - name.utf8.reversed().prefix { $0.isDigit }.count))
        let digits = String(name.dropFirst(stem.count))
        if let row = AttributeName(rawValue: name).flatMap({ AttributeTable.row($0) }) {
            self = Self.plain(row, name, brand)
        } else if !digits.isEmpty, let row = AttributeName(rawValue: stem).flatMap({ AttributeTable.row($0) }),
            row.isNumbered
        {
            self = Self.numbered(row, digits, brand)
        } else {
            self = Self.unknown(name, stem, brand)
        }
    }

    private static func plain(_ row: AttributeRow, _ name: String, _ brand: Brand) -> AttributeLookup {
        guard let form = row.form(for: brand) else { return otherBrand(name, brand) }
        switch form.multiplicity {
        case .once, .onceAndNumbered: return .known(row, form, .single)
        case .list(_, .fill): return .known(row, form, .plain)
        case .list(let range, .ignored):
            return .problem(
                .warning, message: "attr \"" + row.name.rawValue + "\" has no number and means nothing",
                remedy: "did you mean \"" + row.name.rawValue + String(range.lowerBound) + "\"?")
        case .list(let range, .refused):
            return .problem(
                .error, message: "attr \"" + row.name.rawValue + "\" has no number", remedy: numbers(row, range))
        }
    }

    private static func numbered(_ row: AttributeRow, _ digits: String, _ brand: Brand) -> AttributeLookup {
        guard let form = row.form(for: brand) else { return otherBrand(row.name.rawValue + digits, brand) }
        switch form.multiplicity {
        case .once: return otherBrand(row.name.rawValue + digits, brand)
        case .list(let range, _), .onceAndNumbered(let range):
            guard let index = digits.decimal(in: range) else {
                return .problem(
                    .error, message: "attr \"" + row.name.rawValue + digits + "\": the number is out of range",
                    remedy: numbers(row, range))
            }
            return .known(row, form, .numbered(index))
        }
    }

    private static func numbers(_ row: AttributeRow, _ range: ClosedRange<Int>) -> String {
        "use " + row.name.rawValue + String(range.lowerBound) + " to " + row.name.rawValue + String(range.upperBound)
            + (row.name == .com ? "; com1 is the attr console" : "")
    }

    private static func otherBrand(_ name: String, _ brand: Brand) -> AttributeLookup {
        .problem(
            .warning, message: "attr \"" + name + "\" means nothing in a " + brand.rawValue + " zone",
            remedy: "it is left out; remove it, or use the other brand")
    }

    private static func unknown(_ name: String, _ stem: String, _ brand: Brand) -> AttributeLookup {
        var best: (row: AttributeRow, distance: Int)?
        for row in AttributeTable.rows where row.form(for: brand) != nil {
            let known = row.name.rawValue
            guard abs(known.utf8.count - name.utf8.count) <= 2 || abs(known.utf8.count - stem.utf8.count) <= 2 else {
                continue
            }
            let distance = min(known.editDistance(to: name.lowercased()), known.editDistance(to: stem.lowercased()))
            if distance <= 2 && distance < best?.distance ?? 3 { best = (row, distance) }
        }
        guard let best else {
            return .problem(
                .info, message: "attr \"" + name + "\" is not the brand's and is left alone",
                remedy: "remove it if it was meant for the machine")
        }
        return .problem(
            .warning, message: "attr \"" + name + "\" is unknown and means nothing",
            remedy: "did you mean \"" + best.row.name.rawValue + "\", the " + best.row.summary + "?")
    }
}

extension AttributeRow {
    /// True when some brand knows the name with a number behind it.
    var isNumbered: Bool {
        [bhyve, kvm].contains { form in
            switch form?.multiplicity {
            case .list, .onceAndNumbered: true
            case .once, nil: false
            }
        }
    }
}
