import Foundation
import TestSupport
import Testing
import Text

@Suite struct JSONTests {
    @Test(
        "a value is one line without blanks, in the order given",
        arguments: [
            (.null, "null"), (.bool(true), "true"), (.bool(false), "false"), (.number(0), "0"), (.number(-5), "-5"),
            (.number(.max), "9223372036854775807"), (.number(.min), "-9223372036854775808"), (.string(""), "\"\""),
            (.string("a b"), "\"a b\""), (.string("\"\\/"), "\"\\\"\\\\/\""),
            (.string("\n\t\u{0}\u{1f}\u{7f}"), "\"\\n\\u0009\\u0000\\u001f\\u007f\""),
            (.string("\u{80}\u{9f}\u{202e}\u{2028}"), "\"\\u0080\\u009f\\u202e\\u2028\""),
            (.string("é😀"), "\"é😀\""), (.array([]), "[]"), (.array([.null, .number(1)]), "[null,1]"),
            (.object([]), "{}"),
            (
                .object([JSON.Member("b", .bool(true)), JSON.Member("a", .array([.string("x")]))]),
                "{\"b\":true,\"a\":[\"x\"]}"
            ),
            (.object([JSON.Member("a\"\n", .null)]), "{\"a\\\"\\n\":null}"),
            (.optional(nil), "null"), (.optional("x"), "\"x\""),
        ] as [(JSON, String)])
    func valueOne(value: JSON, text: String) {
        #expect(value.text == text)
    }

    @Test(
        "strings are read back by another reader",
        arguments: [
            "", "plain", "\"", "\\", "\\n", "/", "</script>", "\u{0}", "\u{1f}\u{7f}\u{80}\u{9f}", "\r\n",
            "\u{2028}\u{2029}", "\u{61c}\u{200e}\u{200f}\u{202a}\u{202e}\u{2066}\u{2069}", "é", "e\u{301}", "😀",
            "\"\u{301}", "\\\u{301}", "a\u{feff}b", "\u{10ffff}",
            String((0..<0x20).map { Character(Unicode.Scalar($0)) }),
        ])
    func stringsRead(text: String) throws {
        let read = try JSONSerialization.jsonObject(with: Data(JSON.string(text).text.utf8), options: .fragmentsAllowed)
        #expect(Array(try #require(read as? String).utf8) == Array(text.utf8))
        #expect(JSON.string(text).text.unicodeScalars.allSatisfy { !$0.properties.isBidiControl })
        #expect(
            JSON.string(text).text.unicodeScalars.allSatisfy {
                ![.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
            })
    }

    @Test("a whole tree is read back by another reader")
    func wholeTree() throws {
        let value = JSON.object([
            JSON.Member("argv", .array([.string("-s"), .string("0,x=\"y\"")])), JSON.Member("uefi", .bool(false)),
            JSON.Member("slots", .object([JSON.Member("net", .number(6))])), JSON.Member("none", .null),
        ])
        let expected: NSDictionary = [
            "argv": ["-s", "0,x=\"y\""], "uefi": false, "slots": ["net": 6], "none": NSNull(),
        ]
        let read = try JSONSerialization.jsonObject(with: Data(value.text.utf8))
        try expect(#require(read as? NSDictionary), equals: expected)
    }
}
