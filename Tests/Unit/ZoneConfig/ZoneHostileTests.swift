import Foundation
import TestSupport
import Testing

@testable import ZoneConfig
import Text

/// XML that wants to read, call or fill up what it should not.
@Suite struct ZoneHostileTests {
    @Test("elements nested too deep are refused", arguments: [17, 18, 255, 256, 257, 5000])
    func elementsNested(depth: Int) {
        let text =
            "<zone>\n" + String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth) + "</zone>"
        #expect(Refusal.of(text) == Refusal.expected(2, "elements are nested more than 16 deep", Refusal.notZone))
    }

    @Test("elements nested as deep as allowed are skipped")
    func elementsNestedDeep() throws {
        let text =
            "<zone>" + String(repeating: "<a>", count: 16) + String(repeating: "</a>", count: 16) + "<device/></zone>"
        try expect(ZoneConfiguration.parse(Array(text.utf8), file: "zone.xml").devices.count, equals: 1)
    }

    /// A file that is there, so that only the parser's refusal keeps its text out.
    @Test(
        "no external entity is read",
        arguments: ["SYSTEM \"file://FILE\"", "SYSTEM \"FILE\"", "PUBLIC \"-//x//y\" \"file://FILE\""])
    func externalEntity(entity: String) throws {
        let file = FileManager.default.temporaryDirectory.path + "/entity-" + UUID().uuidString
        try Data("intruder".utf8).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let declared = "<!DOCTYPE zone [<!ENTITY x " + entity.replacingOccurrences(of: "FILE", with: file) + ">]>\n"

        let inValue = try #require(Refusal.of(declared + "<zone name='&x;'/>"))
        #expect(inValue == Refusal.expected(2, inValue.message, Refusal.broken))
        #expect(inValue.message.hasPrefix("this is not well-formed XML: "))

        #expect(
            Refusal.of(declared + "<zone>\n&x;<device/></zone>")
                == Refusal.expected(
                    3, "this is not well-formed XML: it uses an entity of its own, &x;", Refusal.broken))
    }

    @Test("elements behind an entity are not lost in silence")
    func elementsBehind() {
        let text = "<!DOCTYPE zone [<!ENTITY a \"<attr name='ram' value='7G'/>\">]>\n<zone name='z'>&a;</zone>"
        #expect(
            Refusal.of(text)
                == Refusal.expected(
                    2, "this is not well-formed XML: it uses an entity of its own, &a;", Refusal.broken))
    }

    @Test("a parameter entity brings in no declarations of another file")
    func parameterEntity() throws {
        let file = FileManager.default.temporaryDirectory.path + "/entity-" + UUID().uuidString
        try Data("<!ENTITY x \"intruder\">".utf8).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let text = "<!DOCTYPE zone [<!ENTITY % p SYSTEM \"file://\(file)\"> %p;]><zone name='&x;'/>"
        #expect(read(text)?.name != "intruder")
    }

    /// The DTD is there and would give every attr a value, and the entity x a text.
    @Test("the DTD that a file names is not loaded")
    func dtdFile() throws {
        let file = FileManager.default.temporaryDirectory.path + "/dtd-" + UUID().uuidString
        try Data("<!ATTLIST attr value CDATA \"intruder\"><!ENTITY x \"intruder\">".utf8).write(
            to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let named = "<!DOCTYPE zone PUBLIC \"-//Sun Microsystems Inc//DTD Zones//EN\" \"file://\(file)\">"
        let zone = try ZoneConfiguration.parse(Array((named + "<zone><attr name='a'/></zone>").utf8), file: "zone.xml")
        #expect(zone.attributes.map { $0.value } == [nil])
        #expect(read(named + "<zone name='&x;'/>")?.name != "intruder")
    }

    @Test("a DTD that is missing does no harm")
    func dtdMissing() throws {
        let text = "<!DOCTYPE zone SYSTEM \"http://192.0.2.1/none.dtd\"><zone name='z'/>"
        try expect(ZoneConfiguration.parse(Array(text.utf8), file: "zone.xml").name, equals: "z")
    }

    /// Each entity doubles or multiplies the one before: grown out, gigabytes.
    @Test("entities that grow are refused, in values and in text", arguments: [(10, 9), (2, 40), (10, 30)])
    func entitiesGrow(factor: Int, steps: Int) {
        var entities = "<!ENTITY e0 \"haha\">"
        for step in 1...steps {
            let text = String(repeating: "&e\(step - 1);", count: factor)
            entities += "<!ENTITY e\(step) \"\(text)\">"
        }
        let declared = "<!DOCTYPE zone [\(entities)]>\n"
        let inValue = read(declared + "<zone><attr name='ram' value='&e\(steps);'/></zone>")
        #expect(inValue == nil)
        // In text nothing asks for what they grow to.
        #expect(read(declared + "<zone>&e\(steps);</zone>")?.attributes.isEmpty ?? true)
    }

    @Test("an entity that holds itself is refused")
    func entityHolds() {
        #expect(read("<!DOCTYPE zone [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]><zone name='&a;'/>") == nil)
    }

    @Test("a long value is read whole", arguments: ["a", "é", "&amp;", "&#10;"])
    func longValue(piece: String) throws {
        let text = "<zone><attr name='a' value='" + String(repeating: piece, count: 4000) + "'/></zone>"
        let zone = try ZoneConfiguration.parse(Array(text.utf8), file: "zone.xml")
        #expect(zone.attributes.first?.value?.unicodeScalars.count == 4000)
    }

    @Test(
        "name spaces do no harm",
        arguments: ["xmlns=''", "xmlns='u'", "xmlns:a='u' a:b='c'", "xml:lang='en' xml:space='preserve'"])
    func nameSpaces(attributes: String) {
        #expect(read("<zone name='z' \(attributes)><attr \(attributes)/></zone>")?.attributes.count == 1)
    }

    private func read(_ text: String) -> ZoneConfiguration? {
        try? ZoneConfiguration.parse(Array(text.utf8), file: "zone.xml")
    }
}
