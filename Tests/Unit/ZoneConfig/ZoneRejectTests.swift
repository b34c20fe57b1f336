import Foundation
import TestSupport
import Testing

@testable import ZoneConfig
import Text

/// What a file that is not a zone is answered with.
enum Refusal {
    static let notZone = "give the file that zonecfg writes, /etc/zones/ZONE.xml"
    static let encoding = "save the file as UTF-8, as zonecfg does"
    static let broken = "repair or restore the file; zonecfg writes it anew when a configuration is committed"

    static func of(_ bytes: [UInt8]) -> Diagnostic? {
        do {
            _ = try ZoneConfiguration.parse(bytes, file: "zone.xml")
            return nil
        } catch {
            return error.diagnostic
        }
    }

    static func of(_ text: String) -> Diagnostic? { of(Array(text.utf8)) }

    static func expected(_ line: Int?, _ message: String, _ remedy: String) -> Diagnostic {
        Diagnostic(.error, file: "zone.xml", line: line, message: message, remedy: [remedy])
    }
}

@Suite struct ZoneRejectTests {
    @Test(
        "what is not a zone is refused with the line and what was found",
        arguments: [
            ("", 1, "the file is empty"), (" \n\t\r\n", 1, "the file is empty"),
            ("<brand/>", 1, "the outermost element is <brand>, not <zone>"),
            ("<!-- -->\n\n<Zone/>", 3, "the outermost element is <Zone>, not <zone>"),
            ("\u{0}", 1, "this is not text: it holds the byte 0x00"),
            ("<zone>\n\n<attr name='\u{1}'/></zone>", 3, "this is not text: it holds the byte 0x01"),
            ("<zone>\u{1b}[31m</zone>", 1, "this is not text: it holds the byte 0x1b"),
            ("\u{7f}ELF\u{2}\u{1}\u{1}", 1, "this is not text: it holds the byte 0x02"),
            ("<\u{0}z\u{0}o\u{0}n\u{0}e\u{0}/\u{0}>\u{0}", 1, "this is not text: it holds the byte 0x00"),
        ])
    func zoneRefused(text: String, line: Int, message: String) {
        #expect(Refusal.of(text) == Refusal.expected(line, message, Refusal.notZone))
    }

    /// libxml2 words the reason, each version a little differently; line and remedy are ours.
    @Test(
        "XML that is not well-formed is refused with the line and the parser's reason",
        arguments: [
            ("text", 1), ("{}", 1), ("<!-- only a comment -->", 1), ("<?xml version='1.0'?>\n", 2), ("<zone", 1),
            ("<zone>", 1),
            ("<zone>\n<attr name='a'>\n</zone>", 3), ("<zone>\n<attr name=a/></zone>", 2),
            ("<zone>\n\n<attr name='a' name='b'/></zone>", 3),
            ("<zone/>\n<zone/>", 2), ("<zone>\n&nosuch;</zone>", 2), ("<zone>\n<attr value='&nosuch;'/></zone>", 2),
            ("<zone>\n<attr value='a<b'/></zone>", 2), ("<zone>\n<attr value='&#0;'/></zone>", 2),
            ("<zone>\n<a:attr/></zone>", 2),
            ("<zone>\n<attr value='\u{fffe}'/></zone>", 2), ("<zone>\n<!-- -- --></zone>", 2),
            ("<zone>\n]]></zone>", 2),
            ("\n<?xml version='1.0'?><zone/>", 2), ("<?xml version='1.0' encoding='klingon'?><zone/>", 1),
            ("<?xml version='1.0' encoding='UTF-16'?><zone/>", 1),
        ])
    func xmlWell(text: String, line: Int) throws {
        let diagnostic = try #require(Refusal.of(text))
        let start = "this is not well-formed XML: "
        #expect(diagnostic.message.hasPrefix(start))
        #expect(diagnostic.message.utf8.count > start.utf8.count)
        #expect(diagnostic == Refusal.expected(line, diagnostic.message, Refusal.broken))
    }

    @Test("tags that do not match are named")
    func tagsDo() {
        #expect(
            Refusal.of("<zone>\n<attr>\n</zone>")
                == Refusal.expected(
                    3, "this is not well-formed XML: Opening and ending tag mismatch: attr line 2 and zone",
                    Refusal.broken))
    }

    @Test(
        "another declared encoding is refused",
        arguments: [
            ("<?xml version='1.0' encoding='ISO-8859-1'?><zone/>", "ISO-8859-1"),
            ("<?xml version='1.0' encoding='iso-8859-15'?>\n<zone/>", "iso-8859-15"),
            ("<?xml version='1.0' encoding='windows-1252'?><zone/>", "windows-1252"),
        ])
    func anotherDeclared(text: String, encoding: String) {
        #expect(
            Refusal.of(text) == Refusal.expected(1, "the encoding is " + encoding + ", not UTF-8", Refusal.encoding))
    }

    @Test(
        "bytes that are not UTF-8 are refused with their line",
        arguments: [
            ([0xe9], 0xe9), ([0x80], 0x80), ([0xff], 0xff), ([0xc0, 0xaf], 0xc0), ([0xc1, 0xbf], 0xc1),
            ([0xe0, 0x80, 0xaf], 0xe0),
            ([0xf0, 0x80, 0x80, 0xaf], 0xf0), ([0xed, 0xa0, 0x80], 0xed), ([0xed, 0xbf, 0xbf], 0xed),
            ([0xf4, 0x90, 0x80, 0x80], 0xf4),
            ([0xf5, 0x80, 0x80, 0x80], 0xf5), ([0xc3], 0xc3), ([0xe2, 0x82], 0xe2), ([0xf0, 0x9f, 0x98], 0xf0),
            ([0xc3, 0x28], 0xc3),
        ] as [([UInt8], UInt8)])
    func bytesUTF(bytes: [UInt8], first: UInt8) {
        let text = Array("<zone>\n<attr value='é".utf8) + bytes + Array("'/></zone>".utf8)
        let expected = Refusal.expected(2, "the byte 0x" + String(first, radix: 16) + " is not UTF-8", Refusal.encoding)
        #expect(Refusal.of(text) == expected)
        #expect(Refusal.of(Array("<zone>\n".utf8) + bytes) == expected)
    }

    @Test(
        "the first and last characters of each length are UTF-8",
        arguments: ["\u{80}", "\u{7ff}", "\u{800}", "\u{d7ff}", "\u{e000}", "\u{fffd}", "\u{10000}", "\u{10ffff}"])
    func firstLast(text: String) throws {
        #expect(UTF8Check.firstInvalid(Array(text.utf8)) == nil)
        let zone = try ZoneConfiguration.parse(Array("<zone><attr value='\(text)'/></zone>".utf8), file: "zone.xml")
        #expect(zone.attributes.map { $0.value } == [text])
    }

    @Test("as many lines as can be counted are taken, one more is not")
    func manyLines() throws {
        let most = "<zone>" + String(repeating: "\n", count: 65_534) + "</zone>"
        #expect(Refusal.of(most) == nil)
        #expect(Refusal.of(most + "\n") == nil, "the line end of the last line begins no other")
        #expect(Refusal.of("\n" + most) == Refusal.expected(65_535, "there are more than 65535 lines", Refusal.notZone))
    }

    @Test(
        "a value of 8 KiB is taken, a longer one is not, and is not repeated",
        arguments: [
            ("attr name='disk'", "attr \"disk\""), ("device", "device"),
            ("attr name='\(longName)'", "attr \"\(longName.prefix(64))…\""),
        ])
    func value8(element: String, shown: String) {
        let property = element == "device" ? "match" : "value"
        func zone(_ count: Int) -> String {
            "<zone>\n<\(element) \(property)='\(String(repeating: "x", count: count))'/></zone>"
        }
        #expect(Refusal.of(zone(8192)) == nil)
        #expect(
            Refusal.of(zone(8193))
                == Refusal.expected(2, "\(shown): its \(property) is longer than 8 KiB", "shorten it"))
    }

    private static let longName = String(repeating: "n", count: 100)

    @Test("16384 resources are taken, one more is not")
    func n16384Resources() {
        func zone(_ count: Int) -> String { "<zone>" + String(repeating: "<attr/>", count: count) + "</zone>" }
        #expect(Refusal.of(zone(16384)) == nil)
        #expect(
            Refusal.of(zone(16385))
                == Refusal.expected(1, "the zone has more than 16384 resources", "remove what is not needed"))
    }

    @Test("4 MiB are taken, one byte more is not")
    func n4MiB() throws {
        let frame = "<zone>\n</zone>"
        let filling = String(repeating: " ", count: 4 << 20 - frame.utf8.count)
        #expect(Refusal.of("<zone>\n" + filling + "</zone>") == nil)
        #expect(
            Refusal.of("<zone>\n " + filling + "</zone>")
                == Refusal.expected(nil, "the file is larger than 4 MiB", Refusal.notZone))
    }
}

@Suite struct ZoneFileTests {
    let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/zone-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    @Test("a file is read as its bytes are")
    func fileRead() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let file = directory + "/debian.xml"
        try Data(ZoneTests.full.utf8).write(to: URL(fileURLWithPath: file))
        let expected = try ZoneConfiguration.parse(Array(ZoneTests.full.utf8), file: file)
        try expect(ZoneConfiguration.read(file: file), equals: expected)
    }

    @Test("a file that cannot be read is named, with the reason")
    func fileCannot() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let large = directory + "/large.xml"
        try Data(repeating: 0x20, count: 4 << 20 + 1).write(to: URL(fileURLWithPath: large))
        #expect(mkfifo(directory + "/pipe", 0o600) == 0)
        let remedy = "a zone's XML is a file of at most 4 MiB"
        let missing = "zoneadm list -cp shows the zones there are; -x names a file elsewhere"
        let refused = [
            (directory + "/none.xml", "there is no such file", missing),
            (directory + "/none/none.xml", "there is no such file", missing),
            (directory, "cannot be read: it is not a regular file", remedy),
            (directory + "/pipe", "cannot be read: it is not a regular file", remedy),
            (large, "cannot be read: File too large", remedy),
            (large + "/zone.xml", "cannot be read: Not a directory", remedy),
        ]
        for (file, message, remedy) in refused {
            let error = #expect(throws: Failure.self) { try ZoneConfiguration.read(file: file) }
            #expect(error?.diagnostic == Diagnostic(.error, file: file, line: nil, message: message, remedy: [remedy]))
        }
    }
}
