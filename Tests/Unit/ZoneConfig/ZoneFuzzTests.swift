import TestSupport
import Testing

@testable import ZoneConfig

/// Damaged files, the same ones in every run: each is a zone or a diagnostic that points into the file.
@Suite struct ZoneFuzzTests {
    let good = Array(ZoneTests.full.utf8)

    /// Gives whether it is a zone.
    func check(_ bytes: [UInt8], _ what: @autoclosure () -> String) -> Bool {
        do {
            let zone = try ZoneConfiguration.parse(bytes, file: "zone.xml")
            let last = lines(bytes)
            let found =
                zone.attributes.map { $0.line } + zone.devices.map { $0.line } + zone.networks.map { $0.line }
                + zone.fileSystems.map { $0.line } + zone.datasets.map { $0.line } + [zone.line]
            #expect(found.allSatisfy { (1...last).contains($0) }, "\(what())")
            return true
        } catch {
            let diagnostic = error.diagnostic
            #expect(diagnostic.severity == .error, "\(what())")
            #expect(diagnostic.file == "zone.xml", "\(what())")
            #expect((1...lines(bytes)).contains(diagnostic.line ?? 0), "\(what()): \(diagnostic)")
            #expect(!diagnostic.message.isEmpty, "\(what())")
            #expect(diagnostic.remedy.count == 1, "\(what())")
            return false
        }
    }

    func lines(_ bytes: [UInt8]) -> Int { 1 + bytes.count { $0 == 0x0a } }

    @Test("a file cut at any byte is refused, but for the line end behind the last tag")
    func fileCut() {
        for length in 0..<good.count {
            #expect(check(Array(good[..<length]), "cut at \(length)") == (length == good.count - 1), "cut at \(length)")
        }
        #expect(check(good, "whole"))
    }

    @Test("a file without its beginning is a zone only when it begins with a whole piece")
    func fileWithout() {
        for start in 1..<good.count {
            let rest = good[start...].drop { $0 == 0x20 || $0 == 0x0a }
            let isWhole = ["<!DOCTYPE", "<!--", "<zone"].contains { rest.starts(with: $0.utf8) }
            #expect(check(Array(good[start...]), "from \(start)") == isWhole, "from \(start)")
        }
    }

    @Test("a file with any byte put in the place of another is a zone or refused")
    func fileAny() {
        var random = FixedRandom(seed: 42)
        for round in 0..<4000 {
            var bytes = good
            for _ in 0...(round % 4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            _ = check(bytes, "replaced, round \(round)")
        }
    }

    @Test("a file with a bit flipped anywhere is a zone or refused")
    func fileBit() {
        for place in good.indices {
            var bytes = good
            bytes[place] ^= 1 << (place % 8)
            _ = check(bytes, "flipped at \(place)")
        }
    }

    @Test("a file with pieces left out, doubled or swapped is a zone or refused")
    func filePieces() {
        var random = FixedRandom(seed: 4711)
        for round in 0..<2000 {
            var bytes = good
            let start = random.below(bytes.count)
            let piece = Array(bytes[start..<min(bytes.count, start + 1 + random.below(60))])
            switch round % 3 {
            case 0: bytes.removeSubrange(start..<(start + piece.count))
            case 1: bytes.insert(contentsOf: piece, at: random.below(bytes.count))
            default:
                bytes.removeSubrange(start..<(start + piece.count))
                bytes.insert(contentsOf: piece, at: random.below(bytes.count + 1))
            }
            _ = check(bytes, "moved, round \(round)")
        }
    }
}
