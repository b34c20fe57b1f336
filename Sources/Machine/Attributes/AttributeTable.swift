import Platform

/// Every attribute of all brands, sorted by name.
public enum AttributeTable {
    public static let rows: [AttributeRow] = [
        Attributes.acpi.row, Attributes.bootdisk.row, Attributes.bootdiskif.row, Attributes.bootnext.row,
        Attributes.bootorder.row, Attributes.bootLetters.row, Attributes.bootrom.row, Attributes.cdrom.row,
        Attributes.cloudInit.row, Attributes.com.row, Attributes.console.row, Attributes.characterConsole.row,
        Attributes.cpu.row, Attributes.debugPersist.row, Attributes.disk.row, Attributes.diskif.row,
        Attributes.diskifs.row, Attributes.dnsDomain.row, Attributes.extra.row, Attributes.hostbridge.row,
        Attributes.memreserve.row, Attributes.netif.row, Attributes.password.row, Attributes.ppt.row,
        Attributes.privDebug.row, Attributes.ram.row, Attributes.resolvers.row, Attributes.rng.row,
        Attributes.rtc.row, Attributes.shutdownTimeout.row, Attributes.sshkey.row, Attributes.type.row,
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

    /// The rows of a name, as it is or with numbers behind it.
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
