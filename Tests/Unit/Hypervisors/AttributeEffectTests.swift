import Machine
import Platform
import TestSupport
import Testing

@testable import Hypervisors
import Text

/// What the attributes of the table do to the command lines.
@Suite struct AttributeEffectTests {
    /// The command lines of a zone: every hypervisor's that runs zones of its brand.
    static func commandLines(_ brand: Brand, _ attributes: [(String, String)]) throws -> [[String]] {
        try HostPlatform.allCases.map { platform in
            let hypervisor = Hypervisor(brand: brand, platform: platform)
            return try Rendered(hypervisor, attributes, nics: ["vm0"], brand: brand).commandLine.words
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let row: AttributeRow
        let form: AttributeForm
        let brand: Brand

        /// As a zone writes it.
        var name: String {
            if case .list(let numbers, _) = form.multiplicity {
                row.name + String(numbers.lowerBound)
            } else {
                row.name
            }
        }

        var testDescription: String { row.label + " (" + brand.rawValue + ")" }
    }

    static let rows: [Row] = Brand.allCases.flatMap { brand in
        AttributeTable.rows.compactMap { row in row.form(for: brand).map { Row(row: row, form: $0, brand: brand) } }
    }

    /// What an attribute needs beside it to mean something.
    static let needs: [String: [(String, String)]] = [
        "bootdiskif": [("bootdisk", "rpool/vm0")], "diskif": [("disk0", "rpool/vm0")],
        "uefivars": [("bootrom", "BHYVE_RELEASE")], "vga": [("vnc", "on")], "xhci": [("vnc", "on")],
        "bootorder": [("bootdisk", "rpool/vm0"), ("cdrom0", "/a.iso")],
    ]

    @Test("every attribute changes some command line, or says why it does not", arguments: rows)
    func changes(_ row: Row) throws {
        let others = Self.needs[row.row.name] ?? []
        let without = try Self.commandLines(row.brand, others)
        let with = try Self.commandLines(row.brand, others + [(row.name, row.form.example)])
        switch row.form.effect {
        case .commandLine: #expect(with != without)
        case .elsewhere(let reason), .nothing(let reason):
            #expect(with == without)
            #expect(!reason.isEmpty)
        }
    }

    @Test("a default, written out, changes no command line", arguments: rows.filter { $0.form.fallback != nil })
    func defaults(_ row: Row) throws {
        let others = Self.needs[row.row.name] ?? []
        let written = try Self.commandLines(row.brand, others + [(row.name, row.form.fallback ?? "")])
        try expect(Self.commandLines(row.brand, others), equals: written)
    }
}
