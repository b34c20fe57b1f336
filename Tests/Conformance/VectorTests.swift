import Foundation
import Machine
import Platform
import TestSupport
import Testing
import Text
import ZoneConfig

@Suite struct VectorTests {
    @Test("boot -j gives what is recorded, or what a rule says instead", arguments: Vector.all)
    func conforms(_ vector: Vector) throws {
        let scratch = try Scratch()
        let outcome = try vector.run(platform: "illumos", in: scratch)
        if vector.isUsageError {
            #expect(outcome.status == 253)
            #expect(outcome.output.isEmpty)
            return
        }
        let json = try outcome.json()
        let departure = Departure.of(vector.id)
        let errors = (json["diagnostics"] as? [[String: Any]] ?? []).filter { $0["severity"] as? String == "error" }
        #expect(outcome.status == (errors.isEmpty ? 0 : 255))

        switch departure?.outcome {
        case .refused:
            #expect(!vector.isRefused, "the vector is refused too: no departure")
        case .argv(let like, let replacements):
            let base = try #require(Vector.named(like ?? vector.id))
            #expect(vector.isRefused == (like != nil), "only what was refused needs another vector's argv")
            let words = try replaced(base.argv ?? [], replacements).map { $0 == base.zone ? vector.zone : $0 }
            try compare(vector, json, words, scratch, departure)
            #expect(errors.filter { !isOfResources($0) }.isEmpty)
        case nil where vector.isRefused:
            // With what words: see refusals().
            break
        case nil:
            #expect(errors.filter { !isOfResources($0) }.isEmpty)
            // -S looks at the memory reservoir alone, so there is no machine.
            guard let argv = vector.argv else { return }
            try compare(vector, json, argv, scratch, nil)
        }
    }

    /// Every vector that is refused, with the words.
    @Test("what is refused, and why, is what refusals.txt holds; HVM_RECORD=1 records it anew")
    func refusals() throws {
        let file = Vector.directory + "/refusals.txt"
        let refused = try Vector.all.filter { !$0.isUsageError }.compactMap(refusal).joined(separator: "\n")
        if ProcessInfo.processInfo.environment["HVM_RECORD"] == "1" {
            try refused.write(toFile: file, atomically: true, encoding: .utf8)
        }
        let recorded = try String(contentsOfFile: file, encoding: .utf8)
        let (found, expected) = (paragraphs(refused), paragraphs(recorded))
        for id in Set(found.keys).union(expected.keys).sorted() { expect(found[id], equals: expected[id], id) }
        let wanted = Vector.all.filter { vector in
            let departure = Departure.of(vector.id)
            return !vector.isUsageError && (departure?.outcome.isRefusal ?? vector.isRefused)
        }
        expect(found.keys.sorted(), equals: wanted.map { $0.id })
    }

    private func paragraphs(_ text: String) -> [String: String] {
        let all = text.components(separatedBy: "\n\n").map { ($0.components(separatedBy: "\n")[0], $0.trimmed) }
        return Dictionary(all) { $0 + $1 }
    }

    /// The vector's name and its errors, a line each with the way out below; `nil` when there are none.
    private func refusal(_ vector: Vector) throws -> String? {
        let scratch = try Scratch()
        let diagnostics = try vector.run(platform: "illumos", in: scratch).json()["diagnostics"] as? [[String: Any]]
        let errors = (diagnostics ?? []).filter { $0["severity"] as? String == "error" && !isOfResources($0) }
        guard !errors.isEmpty else { return nil }
        let lines = errors.flatMap { error in
            let place = (error["line"] as? Int).map { "line \($0): " } ?? ""
            return ["  " + place + (error["message"] as? String ?? "")]
                + (error["remedy"] as? [String] ?? []).map { "    " + $0 }
        }
        let text = ([vector.id] + lines).joined(separator: "\n") + "\n"
        return text.replacingOccurrences(of: scratch.path, with: "")
    }

    private func compare(
        _ vector: Vector, _ json: [String: Any], _ expected: [String], _ scratch: Scratch, _ departure: Departure?
    ) throws {
        var argv = (json["argv"] as? [String] ?? []).map { $0.replacingOccurrences(of: scratch.path, with: "") }
        if let place = argv.firstIndex(of: "-U"), expected.contains("@RANDOM-UUID@") {
            let uuid = argv[place + 1]
            #expect(UUID(uuidString: uuid) != nil)
            argv = argv.map { $0.replacingOccurrences(of: uuid, with: "@RANDOM-UUID@") }
        }
        #expect(argv == expected)
        guard vector.brand == "bhyve", !vector.isRefused else { return }
        for (key, value) in vector.parts {
            #expect(canonical(json[key] ?? NSNull()) == departure?.parts[key] ?? value, "\(key)")
        }
        let options = (json["opts"] as? [String: Any] ?? [:]).mapValues { value in
            (value as? String)?.replacingOccurrences(of: scratch.path, with: "")
        }
        // Others may stand beside those that are recorded.
        for (name, text) in vector.options.merging(departure?.options ?? [:], uniquingKeysWith: { $1 }) {
            #expect(options[name] == .some(text), "opts.\(name)")
        }
    }

    /// D15's diagnostics: expected wherever a vector's disks have no resources; and what an illumos build says of the devices
    /// that this machine does not have. They do not hide the machine.
    private func isOfResources(_ diagnostic: [String: Any]) -> Bool {
        let message = diagnostic["message"] as? String ?? ""
        return message.contains(" resource for ") || message.hasSuffix("is not an absolute path")
            || message.contains(": the host has no /dev/ppt")
    }

    private func replaced(_ words: [String], _ replacements: [(from: [String], to: [String])]) throws -> [String] {
        var words = words
        for (from, to) in replacements {
            let places = words.indices.filter { Array(words[$0...].prefix(from.count)) == from }
            let place = try #require(places.first, "\(from) is not in the argv")
            #expect(places.count == 1)
            words.replaceSubrange(place..<(place + from.count), with: to)
        }
        return words
    }

    @Test("what memreserve sets aside is recorded in bytes", arguments: Vector.all.filter { $0.reservoirBytes != nil })
    func reservoir(_ vector: Vector) throws {
        guard Departure.of(vector.id)?.outcome.isRefusal != true else { return }
        let zone = try ZoneConfiguration.parse(Array((vector.xml ?? "").utf8), file: "zone.xml")
        let departure = Departure.of(vector.id)?.reservation.map { $0 << 20 }
        #expect(Reservoir.read(zone).bytes == departure ?? vector.reservoirBytes)
    }

    @Test("every departure names a vector that exists, once, and a rule")
    func departuresAreSound() {
        let names = Departure.table.map { $0.vector }
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { Vector.named($0) != nil })
        let rules = Set((1...35).map { "D\($0)" })
        for departure in Departure.table {
            #expect(departure.rule.components(separatedBy: ", ").allSatisfy { rules.contains($0) })
            #expect(!departure.reason.isEmpty)
        }
    }

    @Test("the number of vectors compared")
    func count() {
        let counts = ["bhyve", "kvm"].map { brand in Vector.all.count { $0.brand == brand } }
        print(
            "conformance: \(counts[0]) bhyve and \(counts[1]) kvm vectors compared, "
                + "\(Departure.table.count) of them departing by a rule of the design")
        #expect(counts == [206, 59])
    }
}

extension Departure.Outcome {
    fileprivate var isRefusal: Bool {
        if case .refused = self { true } else { false }
    }
}
