import Hypervisors
import Machine
import Platform
import TestSupport
import Testing
import Text
import ZoneConfig

/// What values of a zone's configuration do to a command line: each is refused, or arrives as one value. None of them becomes
/// another option or argument.
@Suite struct HostileValueTests {
    /// What is put into a value that is as it should be.
    static let insertions = [
        ",evil=1", ",,evil", ",evil", "=evil", "%evil", "%(evil)", "\\%evil", "\\\\evil%", " -evil", " evil", "'evil",
        "\"evil", "\nevil",
        "\r\n-evil", "\tevil", "-evil", "--evil", ";evil", "\\evil", "$(evil)", "`evil", "\u{85}evil", "\u{2028}evil",
        ",\u{301}evil=1", "évil", "evil,", "evil=",
    ]

    /// Where a value stands.
    enum Slot: Sendable, CustomTestStringConvertible {
        /// In an attribute, beside what it needs; whether commas separate parts of it.
        case attribute(AttributeEffectTests.Row)
        case link, netAttribute(String)

        var testDescription: String {
            switch self {
            case .attribute(let row): row.testDescription
            case .link: "a NIC's physical"
            case .netAttribute(let name): "a NIC's \(name)"
            }
        }

        var brands: [Brand] {
            if case .attribute(let row) = self { [row.brand] } else { Brand.allCases }
        }

        var good: String {
            switch self {
            case .attribute(let row): row.form.example
            case .link: "vm0"
            case .netAttribute("netif"): "e1000"
            case .netAttribute: "9000"
            }
        }

        /// These take options of the hypervisor's after commas, as their documentation says.
        var isList: Bool {
            guard case .attribute(let row) = self else { return false }
            return ["bootdisk", "cdrom", "com", "console", "cpu", "disk", "hostbridge", "rtc", "virtfs", "vnc"]
                .contains(row.row.name)
        }

        func zone(_ value: String) -> (attributes: [(String, String)], link: String, property: (String, String)?) {
            switch self {
            case .attribute(let row):
                ((AttributeEffectTests.needs[row.row.name] ?? []) + [(row.name, value)], "vm0", nil)
            case .link: ([], value, nil)
            case .netAttribute(let name): ([], "vm0", (name, value))
            }
        }
    }

    /// What is the user's own arguments is left as it is.
    static let slots =
        AttributeEffectTests.rows.filter { $0.row.name != "extra" }.map { Slot.attribute($0) } + [
            .link, .netAttribute("netif"), .netAttribute("mtu"),
        ]

    /// A command line, and whether anything was wrong with the zone.
    struct Rendering {
        let words: [String]
        let diagnostics: [Diagnostic]

        /// `nil` when there is no machine.
        init?(_ slot: Slot, _ value: String, _ hypervisor: Hypervisor, _ brand: Brand) throws {
            let zone = slot.zone(value)
            let attributes = zone.attributes.map {
                "<attr name=\"\($0.0.inXML)\" type=\"string\" value=\"\($0.1.inXML)\"/>"
            }
            let property = zone.property.map { "<net-attr name=\"\($0.0.inXML)\" value=\"\($0.1.inXML)\"/>" } ?? ""
            let text = """
                <zone name="vm" zonepath="/zones/vm" brand="\(brand.rawValue)">\(attributes.joined())
                <network physical="\(zone.link.inXML)" mac-addr="2:8:20:0:0:1">\(property)</network></zone>
                """
            let facts = HostFacts(zoneUUID: someUUID, randomUUID: someUUID)
            let configuration = try ZoneConfiguration.parse(Array(text.utf8), file: "vm.xml")
            let reading = Machine.read(configuration, brand: brand, facts: facts)
            guard let machine = reading.machine, !reading.diagnostics.hasErrors else { return nil }
            let rendering = hypervisor.render(machine, accelerator: .tcg)
            guard !rendering.diagnostics.hasErrors else { return nil }
            words = rendering.commandLine.words
            diagnostics = reading.diagnostics + rendering.diagnostics
        }
    }

    /// A word's parts as the hypervisor reads them, and what each says.
    static func parts(_ word: String, _ hypervisor: Hypervisor, isList: Bool = false) -> [String] {
        if hypervisor == .bhyve {
            return word.pieces(separator: ",").map { isList ? $0.readAsOptionByBhyve : $0.readByBhyve }
        }
        var parts = [""]
        var bytes = word.utf8.makeIterator()
        var next = bytes.next()
        var part: [UInt8] = []
        while let byte = next {
            next = bytes.next()
            if byte != UInt8(ascii: ",") {
                part.append(byte)
            } else if next == UInt8(ascii: ",") {
                part.append(byte)
                next = bytes.next()
            } else {
                parts[parts.count - 1] = String(decoding: part, as: UTF8.self)
                parts.append("")
                part = []
            }
        }
        parts[parts.count - 1] = String(decoding: part, as: UTF8.self)
        return parts
    }

    /// What is wrong with a word that was another one before something was put into the value; `nil` when nothing is.
    static func fault(
        _ word: String, was good: String, _ slot: Slot, _ value: String, _ insertion: String, _ hypervisor: Hypervisor
    ) -> String? {
        if word.firstControlCharacter != nil { return "a control character is in it" }
        let (found, before) = (
            parts(word, hypervisor, isList: slot.isList), parts(good, hypervisor, isList: slot.isList)
        )
        // Each part that nobody but us writes stays; what is after a comma in the value is there as it is written.
        let written = slot.isList ? value.trimmedParts(separator: ",").withShare : []
        let isWritten = { (part: String) in written.contains { part.endsWith($0) } }
        if slot.isList, found.count != before.count {
            let new = found.filter { !before.contains($0) && !isWritten($0) }
            return new.isEmpty ? nil : "parts nobody wrote: \(new)"
        }
        guard found.count == before.count else { return "\(found.count) parts instead of \(before.count)" }
        for (part, old) in zip(found, before) where part != old {
            let words = insertion.trimmedParts(separator: ",").joined()
            if !part.holds(text: words) { return "\(part) does not say \(words)" }
            if old.holds("="), !isWritten(part), part.splitOnce(at: "=").before != old.splitOnce(at: "=").before {
                return "\(part) has another key"
            }
        }
        return nil
    }

    @Test("a value is refused or arrives as one", arguments: slots)
    func value(_ slot: Slot) throws {
        var (refused, arrived) = (0, 0)
        for brand in slot.brands {
            for hypervisor in HostPlatform.allCases.map({ Hypervisor(brand: brand, platform: $0) }) {
                guard let good = try Rendering(slot, slot.good, hypervisor, brand) else {
                    Issue.record("\(slot.good) is refused by \(hypervisor.rawValue)")
                    continue
                }
                for insertion in Self.insertions {
                    for value in slot.good.with(insertion) {
                        guard let bad = try Rendering(slot, value, hypervisor, brand) else {
                            refused += 1
                            continue
                        }
                        let place = "\(value.debugDescription) (\(hypervisor.rawValue)):"
                        let isTold = bad.diagnostics.count > good.diagnostics.count
                        guard bad.words.count == good.words.count else {
                            // A value that is left out is told.
                            if !isTold { Issue.record("\(place) \(bad.words) instead of \(good.words)") }
                            continue
                        }
                        let changed = zip(bad.words, good.words).filter { $0.0 != $0.1 }
                        for (word, was) in changed {
                            let fault = Self.fault(word, was: was, slot, value, insertion, hypervisor)
                            if let fault, !isTold { Issue.record("\(place) \(word): \(fault)") }
                        }
                        arrived += changed.isEmpty ? 0 : 1
                    }
                }
            }
        }
        Self.tally(slot, refused: refused, arrived: arrived)
    }

    /// A table that refuses everything, or lets everything pass, tests nothing.
    static func tally(_ slot: Slot, refused: Int, arrived: Int) {
        guard case .attribute(let row) = slot else { return }
        if ["vcpus", "ram", "rng", "bootrom", "disk", "cdrom"].contains(row.row.name) {
            #expect(refused > 0, "\(slot): refused")
        }
        if ["disk", "cdrom", "bootdisk", "virtfs"].contains(row.row.name) { #expect(arrived > 0, "\(slot): arrived") }
    }

    @Test(
        "the parts of a word are read as the hypervisors read them",
        arguments: [
            ("a,b=c", Hypervisor.modernQEMU, ["a", "b=c"]), ("a,,b,c", .modernQEMU, ["a,b", "c"]),
            ("a,,,b", .modernQEMU, ["a,", "b"]), ("a,", .classicQEMU, ["a", ""]), ("a,,b", .bhyve, ["a", "", "b"]),
            (#"a=\%\\b,c\d"#, .bhyve, [#"a=%\b"#, #"c\d"#]),
        ])
    func reads(_ word: String, _ hypervisor: Hypervisor, _ parts: [String]) {
        expect(Self.parts(word, hypervisor), equals: parts)
    }
}

extension [String] {
    /// With what bhyve calls a share: NAME=PATH.
    fileprivate var withShare: [String] { self + [prefix(2).joined(separator: "=")] }
}

extension String {
    /// The text with the insertion at its beginning, at its end, and at each place between where a word of it begins or ends.
    fileprivate func with(_ insertion: String) -> [String] {
        let bytes = Array(utf8)
        let places = bytes.indices.filter { index in
            index == 0 || !bytes[index].isLetterOrDigit || !bytes[index - 1].isLetterOrDigit
        }
        return (places + [bytes.count]).map { place in
            String(decoding: bytes[..<place] + Array(insertion.utf8) + bytes[place...], as: UTF8.self)
        }
    }

    /// In an XML attribute between double quotes.
    fileprivate var inXML: String {
        unicodeScalars.map { scalar in
            ["&", "<", "\"", "\n", "\r", "\t"].contains(scalar) ? "&#\(scalar.value);" : String(scalar)
        }.joined()
    }

    /// The same where options follow, whose names and bare words bhyve takes as they are; that of a share is a value too.
    fileprivate var readAsOptionByBhyve: String {
        let (key, value) = splitOnce(at: "=")
        guard let value else { return key.holds("/") ? key.readByBhyve : key }
        return "\(value.beginsWith("/") ? key.readByBhyve : key)=\(value.readByBhyve)"
    }

    /// A value as bhyve has it once `\%` and `\\` are read; it takes a backslash for itself where there is no `%`.
    fileprivate var readByBhyve: String {
        guard holds("%") else { return self }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in utf8 {
            if byte == UInt8(ascii: "\\") && !isEscaped {
                isEscaped = true
            } else {
                bytes.append(byte)
                isEscaped = false
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
