import Text

/// What an attribute's name, as written in the zone, stands for.
enum AttributeLookup {
    /// Which member of the row it is.
    enum Place {
        case single
        case numbered(Int)
        case plain
    }

    case known(AttributeRow, Place)
    case problem(Diagnostic.Severity, message: String, remedy: String)

    init(_ name: String, brand: Brand) {
        let shape = NameShape(name.utf8)
        if let found = Self.plain(name, AttributeTable.rows(named: name, shape: shape), brand) {
            self = found
            return
        }
        let digits = name.utf8.reversed().prefix { $0.isDigit }.count
        guard digits > 0 else {
            self = Self.unknown(
                name, stem: name,
                AttributeTable.row(elsewhere: name, shape: shape, brand: brand)
                    ?? AttributeTable.nearest(to: name, shape: shape, brand: brand)?.row)
            return
        }
        let stem = String(decoding: name.utf8.dropLast(digits), as: UTF8.self)
        let stemShape = NameShape(stem.utf8)
        let rows = AttributeTable.rows(named: stem, shape: stemShape).filter { $0.isList }
        if let found = Self.numbered(stem, String(decoding: name.utf8.suffix(digits), as: UTF8.self), rows, brand) {
            self = found
            return
        }
        if let row = AttributeTable.row(elsewhere: stem, shape: stemShape, brand: brand) {
            self = Self.unknown(name, stem: stem, row)
            return
        }
        // No name of the table has digits in it, so each of them is an edit.
        let meant = digits <= shape.tolerance ? AttributeTable.nearest(to: name, shape: shape, brand: brand) : nil
        let stemMeant = AttributeTable.nearest(to: stem, shape: stemShape, brand: brand)
        let isStemNearer = stemMeant?.distance ?? .max < meant?.distance ?? .max
        self = Self.unknown(name, stem: stem, (isStemNearer ? stemMeant : meant)?.row)
    }

    /// A name of the table.
    private static func plain(_ name: String, _ rows: [AttributeRow], _ brand: Brand) -> AttributeLookup? {
        guard !rows.isEmpty else { return nil }
        // A list's name without a number may be an attribute of its own, which precedes it.
        guard let row = rows.first(where: { $0.form(for: brand) != nil }), let form = row.form(for: brand) else {
            return otherBrand(name, brand)
        }
        switch form.multiplicity {
        case .once: return .known(row, .single)
        case .list(_, .fill): return .known(row, .plain)
        case .list(let range, .ignored), .list(let range, .other):
            return .problem(
                .warning, message: "attr \(name.quoted) has no number and means nothing",
                remedy: "did you mean \"\(name)\(range.lowerBound)\"?")
        case .list(let range, .refused):
            return .problem(.error, message: "attr \(name.quoted) has no number", remedy: numbers(row, range))
        }
    }

    /// A name of the table with a number after it.
    private static func numbered(
        _ stem: String, _ digits: String, _ rows: [AttributeRow], _ brand: Brand
    ) -> AttributeLookup? {
        guard !rows.isEmpty else { return nil }
        guard let row = rows.first(where: { $0.form(for: brand) != nil }),
            case .list(let range, _)? = row.form(for: brand)?.multiplicity
        else { return otherBrand(stem + digits, brand) }
        guard let index = digits.decimal(in: range) else {
            return .problem(
                .error, message: "attr \((stem + digits).quoted): the number is out of range",
                remedy: numbers(row, range))
        }
        return .known(row, .numbered(index))
    }

    private static func numbers(_ row: AttributeRow, _ range: ClosedRange<Int>) -> String {
        "use \(row.name)\(range.lowerBound) to \(row.name)\(range.upperBound)"
            + (row.name == Attributes.com.row.name ? "; com1 is the attr console" : "")
    }

    private static func otherBrand(_ name: String, _ brand: Brand) -> AttributeLookup {
        .problem(
            .warning, message: "attr \(name.quoted) means nothing in a \(brand.rawValue) zone",
            remedy: "it is left out; remove it, or use the other brand")
    }

    /// What other tools make attributes of, and zonecfg resources.
    private static let networks = ["net", "network", "nic", "vnic", "mac", "bridge"]

    /// A name that is in no row, and the one that may have been meant. The stem is the name without a number.
    private static func unknown(_ name: String, stem: String, _ meant: AttributeRow?) -> AttributeLookup {
        guard !networks.contains(stem) else {
            return .problem(
                .warning, message: "attr \(name.quoted) is unknown and means nothing",
                remedy: "a NIC is a net resource: add net; set physical=vnic0; end")
        }
        guard let meant else {
            return .problem(
                .info, message: "attr \(name.quoted) is not the brand's and is left alone",
                remedy: "remove it if it was meant for the machine")
        }
        return .problem(
            .warning, message: "attr \(name.quoted) is unknown and means nothing",
            remedy: "did you mean \(meant.name.quoted), the \(meant.summary)?")
    }
}
