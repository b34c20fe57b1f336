import Text

/// Every attribute of all brands, sorted by name.
package enum AttributeTable {
    /// One a key; a list's stands behind the single attribute of its name.
    package static let rows: [AttributeRow] = [
        Attributes.acpi.row, Attributes.bootdisk.row, Attributes.bootdiskif.row, Attributes.bootnext.row,
        Attributes.bootorder.row, Attributes.bootLetters.row, Attributes.bootrom.row, Attributes.cdrom.row,
        Attributes.cloudInit.row, Attributes.com.row, Attributes.console.row, Attributes.characterConsole.row,
        Attributes.cpu.row, Attributes.debugPersist.row, Attributes.disk.row, Attributes.diskif.row,
        Attributes.diskifs.row, Attributes.dnsDomain.row, Attributes.extra.row, Attributes.hostbridge.row,
        Attributes.memreserve.row, Attributes.netif.row, Attributes.password.row, Attributes.ppt.row,
        Attributes.privDebug.row, Attributes.ram.row, Attributes.resolvers.row, Attributes.rng.row,
        Attributes.clock.row, Attributes.rtc.row, Attributes.shutdownTimeout.row, Attributes.sshkey.row,
        Attributes.type.row,
        Attributes.uefivars.row, Attributes.uuid.row, Attributes.vcpus.row, Attributes.vga.row, Attributes.virtfs.row,
        Attributes.vnc.row, Attributes.xhci.row,
    ]

    /// The rows' names.
    private static let names = NameIndex(rows.enumerated().map { ($1.name, $0) })
    /// What other tools call them.
    private static let otherNames = NameIndex(
        rows.enumerated().flatMap { place, row in row.otherNames.map { ($0, place) } })

    /// The rows that a name, as zones or documents write it, stands for: `ram`, `disk`, `disk3` or `diskN`.
    package static func rows(of name: String) -> [AttributeRow] {
        let found = rows.filter { $0.name == name || $0.label == name }
        guard found.isEmpty else { return found }
        let digits = name.utf8.reversed().prefix { $0.isDigit }.count
        let stem = String(decoding: name.utf8.dropLast(digits), as: UTF8.self)
        return digits > 0 ? rows.filter { $0.isList && $0.name == stem } : []
    }

    /// The name that was most likely meant by one that is in no row, with a number or without; `nil` when none is near.
    package static func nearest(to name: String) -> String? {
        let digits = name.utf8.reversed().prefix { $0.isDigit }.count
        let names = [name, String(decoding: name.utf8.dropLast(digits), as: UTF8.self)]
        let pairs = names.flatMap { name in Brand.allCases.map { (name, NameShape(name.utf8), $0) } }
        if let row = pairs.lazy.compactMap({ row(elsewhere: $0, shape: $1, brand: $2) }).first { return row.name }
        let found = pairs.compactMap { nearest(to: $0, shape: $1, brand: $2) }
        return found.min { $0.distance < $1.distance }?.row.name
    }

    /// The rows whose name, without a number, it is.
    static func rows(named name: String, shape: NameShape) -> [AttributeRow] {
        names.places(of: name, shape: shape).map { rows[$0] }
    }

    /// The row that the brand has and that other tools call so, in whatever letter case.
    static func row(elsewhere name: String, shape: NameShape, brand: Brand) -> AttributeRow? {
        otherNames.places(of: name.lowercasedASCII, shape: shape).map { rows[$0] }.first { $0.form(for: brand) != nil }
    }

    /// The row that the brand has and that was most likely meant by a name that has none.
    static func nearest(to name: String, shape: NameShape, brand: Brand) -> (row: AttributeRow, distance: Int)? {
        names.nearest(to: name, shape: shape) { rows[$0].form(for: brand) != nil }.map { (rows[$0.place], $0.distance) }
    }
}
