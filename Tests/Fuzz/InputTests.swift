import Foundation
import Testing

/// Inputs that once made a program trap, and others worth keeping: each is tried by its target in every test run.
@Suite struct InputTests {
    struct Input: Sendable, CustomTestStringConvertible {
        let target: FuzzTarget
        let file: URL

        var testDescription: String { "\(target.rawValue)/\(file.lastPathComponent)" }
    }

    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    static func inputs(_ target: FuzzTarget) -> [Input] {
        let directory = Self.directory.appendingPathComponent("inputs/\(target.rawValue)")
        let files = (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)) ?? []
        return files.sorted { $0.path < $1.path }.map { Input(target: target, file: $0) }
    }

    @Test("each input that is kept is read without a trap", arguments: FuzzTarget.allCases.flatMap { inputs($0) })
    func kept(_ input: Input) throws {
        let bytes = try Data(contentsOf: input.file)
        input.target.run([UInt8](bytes))
    }

    @Test("each target has an input that is kept", arguments: FuzzTarget.allCases)
    func every(_ target: FuzzTarget) {
        #expect(!Self.inputs(target).isEmpty)
    }

    @Test("each of the zones tried for conformance, and each example, is read without a trap")
    func zones() throws {
        let root = Self.directory.appendingPathComponent("../..")
        var count = 0
        for folder in ["Tests/Conformance/bhyve", "Tests/Conformance/kvm", "config/examples"] {
            let files = try FileManager.default.contentsOfDirectory(
                at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
            for file in files where file.pathExtension == "xml" {
                FuzzTarget.zone.run([UInt8](try Data(contentsOf: file)))
                count += 1
            }
        }
        #expect(count > 100)
    }
}
