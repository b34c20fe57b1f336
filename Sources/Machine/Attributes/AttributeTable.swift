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

    /// The rows' places and their names' shapes, by the length of the name.
    private static let shapes: [[(place: Int, shape: NameShape)]] = {
        var shapes: [[(place: Int, shape: NameShape)]] = []
        for (place, row) in rows.enumerated() {
            let shape = NameShape(row.name.utf8)
            while shapes.count <= shape.count { shapes.append([]) }
            shapes[shape.count].append((place, shape))
        }
        return shapes
    }()

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
        let found = names.flatMap { name in
            Brand.allCases.compactMap { nearest(to: name, shape: NameShape(name.utf8), brand: $0) }
        }
        return found.min { $0.distance < $1.distance }?.row.name
    }

    /// The rows whose name, without a number, it is.
    static func rows(named name: String, shape: NameShape) -> [AttributeRow] {
        guard shape.count < shapes.count, shapes[shape.count].contains(where: { $0.shape == shape }) else { return [] }
        return rows.filter { $0.name == name }
    }

    /// The row that the brand has and that was most likely meant by a name that has none.
    static func nearest(to name: String, shape: NameShape, brand: Brand) -> (row: AttributeRow, distance: Int)? {
        var best: (row: AttributeRow, distance: Int)?
        let lengths = (shape.count - shape.tolerance)...(shape.count + shape.tolerance)
        for length in lengths.clamped(to: 0...(shapes.count - 1)) {
            for (place, known) in shapes[length] where shape.mayBe(within: shape.tolerance, of: known) {
                guard rows[place].form(for: brand) != nil else { continue }
                let distance = rows[place].name.editDistance(to: name.lowercasedASCII)
                guard distance <= shape.tolerance, distance < best?.distance ?? .max else { continue }
                best = (rows[place], distance)
            }
        }
        return best
    }
}
