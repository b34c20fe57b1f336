import Testing
import Text

@Suite struct TextTests {
    @Test(
        "trimming takes ASCII white space off both ends and nothing else",
        arguments: [
            ("", ""), (" \t\r\n\u{0b}\u{0c}", ""), ("a", "a"), ("  a b\t", "a b"), ("\r\na\r\n", "a"),
            ("\u{a0}a\u{a0}", "\u{a0}a\u{a0}"), (" é ", "é"), (" \u{301}a", "\u{301}a"), ("a\u{0}", "a\u{0}"),
        ])
    func trimmingTakes(text: String, trimmed: String) {
        #expect(Array(text.trimmed.utf8) == Array(trimmed.utf8))
    }

    @Test(
        "a text is split at the first separator alone",
        arguments: [
            ("a=b", "a", "b"), ("a=b=c", "a", "b=c"), ("=", "", ""), ("a=", "a", ""), ("=b", "", "b"), ("a", "a", nil),
            ("", "", nil), ("a==b", "a", "=b"),
        ])
    func textSplit(text: String, before: String, after: String?) {
        let parts = text.splitOnce(at: "=")
        #expect(parts.before == before)
        #expect(parts.after == after)
    }

    @Test(
        "a list is split at every separator, its parts trimmed, empty ones kept",
        arguments: [
            ("", [""]), ("a", ["a"]), ("a,b", ["a", "b"]), (" a , b ", ["a", "b"]), (",", ["", ""]),
            ("a,, b", ["a", "", "b"]),
            ("a,b,", ["a", "b", ""]), ("a b,\tc", ["a b", "c"]),
        ])
    func listSplit(text: String, parts: [String]) {
        #expect(text.trimmedParts(separator: ",") == parts)
    }

    @Test(
        "digits give a number of the range",
        arguments: [
            ("0", 0), ("7", 7), ("15", 15), ("007", 7), ("0000000000000000000000000000000000000015", 15),
        ])
    func digitsGive(text: String, value: Int) {
        #expect(text.decimal(in: 0...15) == value)
    }

    @Test(
        "what is not a number of the range gives none",
        arguments: [
            "", "16", "-1", "+1", " 1", "1 ", "1.0", "0x1", "1_0", "a", "٣", "１", "²", "1\u{301}",
            "9223372036854775807",
            "9223372036854775808", "18446744073709551617", "4294967297",
        ] + [String(repeating: "9", count: 10_000)])
    func numberRange(text: String) {
        #expect(text.decimal(in: 0...15) == nil)
    }

    @Test(
        "control characters are made visible",
        arguments: [
            ("plain é 😀", "plain é 😀"), ("", ""), ("a\tb", "a\\x09b"), ("a\nb\r", "a\\x0ab\\x0d"),
            ("\u{1b}[31m", "\\x1b[31m"),
            ("\u{0}\u{7f}", "\\x00\\x7f"), ("é\u{8}", "é\\x08"),
        ])
    func controlCharacters(text: String, shown: String) {
        #expect(text.printable == shown)
    }

    /// Terminals take U+009B for the start of an escape sequence, as they take ESC [.
    @Test(
        "control characters above ASCII are made visible",
        arguments: [
            ("\u{9b}31m", "\\xc2\\x9b31m"), ("a\u{85}b", "a\\xc2\\x85b"), ("\u{80}\u{9f}", "\\xc2\\x80\\xc2\\x9f"),
        ])
    func controlCharactersAbove(text: String, shown: String) {
        #expect(text.printable == shown)
    }

    /// They turn the text around them, or end a line for some who read it.
    @Test(
        "what turns text, or ends its line, is made visible",
        arguments: [
            ("\u{202e}drow\u{202c}", "\\xe2\\x80\\xaedrow\\xe2\\x80\\xac"),
            ("\u{200e}\u{200f}", "\\xe2\\x80\\x8e\\xe2\\x80\\x8f"),
            ("a\u{2028}b\u{2029}", "a\\xe2\\x80\\xa8b\\xe2\\x80\\xa9"),
            ("\u{2066}\u{2069}", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9"),
            ("\u{61c}", "\\xd8\\x9c"), ("‰ † ※ 日本", "‰ † ※ 日本"),
        ])
    func turnsText(text: String, shown: String) {
        #expect(text.printable == shown)
    }

    /// Every one of Unicode's, so that none is forgotten.
    @Test("no control character, separator of lines or mark of direction is printed")
    func controlCharacter() {
        for value in UInt32(0)...0x10ffff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isHidden =
                scalar.properties.isBidiControl
                || [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
            let text = String(Character(scalar))
            if (text.printable != text) != isHidden { Issue.record("U+\(String(value, radix: 16))") }
        }
    }

    @Test(
        "a text is cut to so many characters, and that is shown",
        arguments: [
            ("", ""), ("abc", "abc"), ("abcd", "abc…"), ("ééé", "ééé"), ("éééé", "ééé…"),
            ("e\u{301}\u{301}\u{301}", "e\u{301}\u{301}…"),
        ])
    func textCut(text: String, cut: String) {
        #expect(Array(text.cut(to: 3).utf8) == Array(cut.utf8))
    }

    @Test("a quotation has 64 characters of what it quotes")
    func quotation64() {
        #expect("1Q".quoted == "\"1Q\"")
        #expect(String(repeating: "x", count: 64).quoted == "\"" + String(repeating: "x", count: 64) + "\"")
        #expect(String(repeating: "x", count: 4096).quoted == "\"" + String(repeating: "x", count: 64) + "…\"")
    }

    @Test(
        "the first ASCII control character is found",
        arguments: [("plain", nil), ("a\tb", 0x09), ("\u{7f}", 0x7f), ("é\u{0}", 0x00), ("\u{a0} ~", nil)]
            as [(String, UInt8?)])
    func firstASCII(text: String, control: UInt8?) {
        #expect(text.firstControlCharacter == control)
    }

    @Test(
        "the edit distance counts insertions, removals, replacements and swaps",
        arguments: [
            ("", "", 0), ("ram", "ram", 0), ("", "ram", 3), ("ram", "", 3), ("ram", "rma", 1), ("ram", "rom", 1),
            ("vcpu", "vcpus", 1), ("kitten", "sitting", 3), ("disk", "dsik", 1), ("disk", "isdk", 2), ("ab", "bca", 3),
            ("vnc", "cnv", 2), ("é", "e", 2),
        ])
    func editDistance(
        from: String, to: String, distance: Int
    ) {
        for limit in 0...4 {
            let told = distance <= limit ? distance : nil
            #expect(from.editDistance(to: to, atMost: limit) == told)
            #expect(to.editDistance(to: from, atMost: limit) == told)
        }
    }

    @Test(
        "ASCII letters have a case, and no others",
        arguments: [("ON", "on"), ("a-Z_9", "a-z_9"), ("[@`{", "[@`{"), ("ÀÉ", "ÀÉ"), ("", "")])
    func asciiLetters(text: String, lower: String) {
        #expect(text.lowercasedASCII == lower)
    }

    @Test(
        "a path is at or below a directory",
        arguments: [
            ("/dev", "/dev"), ("/dev/x", "/dev"), ("/dev/x/y", "/dev"), ("/x", "/"), ("/", "/"),
            ("/dev/\u{301}x", "/dev"),
        ])
    func pathBelow(path: String, directory: String) {
        #expect(path.isPath(atOrBelow: directory))
    }

    @Test(
        "a path is not below another that only begins alike",
        arguments: [("/devices", "/dev"), ("/de", "/dev"), ("/", "/dev"), ("/a/dev", "/dev"), ("dev/x", "/dev")])
    func pathBelowAnother(path: String, directory: String) {
        #expect(!path.isPath(atOrBelow: directory))
    }

    @Test(
        "padding fills up with blanks and never cuts",
        arguments: [
            ("", 0, ""), ("", 2, "  "), ("ab", 4, "ab  "), ("ab", 2, "ab"), ("abc", 2, "abc"), ("é", 3, "é  "),
        ])
    func paddingFills(text: String, width: Int, padded: String) {
        #expect(text.padded(to: width) == padded)
    }

    @Test(
        "the base name is the last component",
        arguments: [
            ("/usr/sbin/dladm", "dladm"), ("dladm", "dladm"), ("/a/b/", "b"), ("a/b", "b"), ("/", "/"), ("", ""),
        ])
    func baseName(path: String, name: String) {
        #expect(path.baseName == name)
    }

    @Test(
        "trailing slashes are taken off, but for the root's",
        arguments: [("/a/", "/a"), ("/a///", "/a"), ("/", "/"), ("///", "/"), ("", ""), ("/a/b", "/a/b")])
    func trailingSlashes(path: String, without: String) {
        #expect(path.withoutTrailingSlashes == without)
    }

    @Test(
        "a prefix is dropped when it is there",
        arguments: [
            ("unix:/a", "unix:", "/a"), ("unix:", "unix:", ""), ("unix", "unix:", nil), ("Unix:/a", "unix:", nil),
            ("a", "", "a"),
        ])
    func prefixDropped(text: String, prefix: String, rest: String?) {
        #expect(text.dropping(prefix: prefix) == rest)
    }

    @Test(
        "a list reads as people write it",
        arguments: [
            ([], ""), (["K"], "K"), (["K", "M"], "K or M"), (["K", "M", "G"], "K, M or G"),
        ] as [([String], String)])
    func listReads(items: [String], text: String) {
        #expect(list(items, "or") == text)
    }

    @Test("a byte is two lower-case hexadecimal digits")
    func byteTwo() {
        #expect([0x00, 0x0a, 0x7f, 0xff].map { UInt8($0).hexadecimal } == ["00", "0a", "7f", "ff"])
    }
}

/// A combining mark makes one Character of itself and what precedes it. Hypervisors, shells and the kernel read
/// bytes, so a separator counts wherever its byte stands.
@Suite struct TextBytesTests {
    @Test("a list is split at a comma that a combining mark follows")
    func listSplitComma() {
        #expect("a,\u{301}b,c".trimmedParts(separator: ",") == ["a", "\u{301}b", "c"])
    }

    @Test("a text is split at an equals sign that a combining mark follows")
    func textSplitEquals() {
        let parts = "password=\u{301}b".splitOnce(at: "=")
        #expect(parts.before == "password")
        #expect(parts.after == "\u{301}b")
    }

    @Test("a prefix is found before a combining mark")
    func prefixFound() {
        #expect("unix:\u{301}a".dropping(prefix: "unix:") == "\u{301}a")
    }

    @Test("the base name is found before a combining mark")
    func baseNameFound() {
        #expect("/a/\u{301}b".baseName == "\u{301}b")
    }

    /// The two are the same text to people and different files to the kernel.
    @Test("paths that differ in their bytes are different")
    func pathsDiffer() {
        #expect(!"/iso/caf\u{e9}".isPath(atOrBelow: "/iso/cafe\u{301}"))
    }
}

@Suite struct ColonFieldsTests {
    @Test(
        "fields stand between colons outside quotes",
        arguments: [
            ("a:b:c", ["a", "b", "c"]), ("", [""]), (":", ["", ""]), ("a:\"b:c\":d", ["a", "b:c", "d"]),
            ("a:\u{301}b", ["a", "\u{301}b"]), ("\"a:b", nil),
        ] as [(String, [String]?)])
    func fieldsStand(line: String, fields: [String]?) {
        #expect(line.colonFields == fields)
    }
}
