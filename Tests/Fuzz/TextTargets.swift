import Hypervisors
import Platform
import Text

@testable import Commands
@testable import Lifecycle
@testable import ZoneBoot

/// Files and answers in lines.
enum TextTargets {
    /// What a zone may have written where init reads it.
    static func runLaunch(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        do {
            let launch = try LaunchFile.parse(text)
            promise(try LaunchFile.parse(launch.text) == launch, "a launch file is read as it was written: \(launch)")
        } catch {
            promise(error.diagnostic.text(zone: nil).utf8.last == 0x0a, "a message")
        }
        let environment = ExtraEnvironment.parse(text, file: "bhyve.env")
        promise(environment.variables.allSatisfy { $0.isEnvironmentVariable && !$0.beginsWith("LD_") }, "variables")
        let merged = ExtraEnvironment.merge([environment.variables, environment.variables])
        promise(Set(merged).isSubset(of: environment.variables), "variables are those of the lists")
        for hypervisor in [Hypervisor.bhyve, .classicQEMU, .modernQEMU] {
            if let end = LastEnd.read(text) { promise(!end.sentence(of: hypervisor).isEmpty, "an end means something") }
        }
        for line in text.pieces(separator: "\n") {
            guard let record = RunRecord(line: line) else { continue }
            if case .end = record {
                promise(RunRecord(line: record.line) == record, "a record is read as it is written")
            }
        }
    }

    static func runIndex(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.pieces(separator: "\n") {
            if let entry = ZoneIndexEntry(line) { promise(!entry.name.isEmpty, "a zone has a name") }
            _ = ListedMachine(line: line)
            if let words = try? ShellWords.split(line) {
                let quoted = ShellWords.quote(words)
                promise((try? ShellWords.split(quoted)) == words, "words are read as they were quoted: \(quoted)")
            }
        }
    }
}
