import Hypervisors
import Platform
import Text

/// How the last run of a zone's hypervisor ended, as the zone's `/tmp/init.log` has it.
package struct LastEnd: Equatable, Sendable {
    /// One run of a hypervisor that has ended.
    package struct Run: Equatable, Sendable {
        /// The hypervisor's process, as it is counted in the zone.
        package let pid: Int
        /// When it started and ended, such as `2026-11-22T13:47:00Z`.
        package let started, ended: String
        /// How long it ran.
        package let seconds: Int
        package let end: ProcessEnd

        package init(pid: Int, started: String, ended: String, seconds: Int, end: ProcessEnd) {
            (self.pid, self.started, self.ended) = (pid, started, ended)
            (self.seconds, self.end) = (seconds, end)
        }
    }

    package let run: Run
    /// What the hypervisor said in it, the last line last; control characters are made visible. Of much only the end is there.
    package let words: [String]

    /// How much of the log is looked at, in bytes.
    private static let tail = 4096
    /// Characters of a line that are kept.
    private static let longest = 200

    /// Reads the end of the log in a zone root. Returns `nil` when it tells of no end, of one before a run that has begun
    /// since, or is not to be read: it is hostile.
    package static func read(in root: borrowing RootedDirectory) -> LastEnd? {
        guard let bytes = try? root.readEnd(of: InitLog.path, count: tail) else { return nil }
        return read(String(decoding: bytes, as: UTF8.self))
    }

    /// The same of the log's text.
    package static func read(_ text: String) -> LastEnd? {
        let lines = text.pieces(separator: "\n", omittingEmpty: true)
        let records = lines.map { RunRecord(line: $0) }
        guard let last = records.lastIndex(where: { $0 != nil }), case .end(let run)? = records[last] else {
            return nil
        }
        let first = records[..<last].lastIndex { $0 != nil }.map { $0 + 1 } ?? 0
        let words = lines[first..<last].filter { !RunRecord.isOfHook($0) }
            .map { $0.trimmed.printable.cut(to: longest) }.filter { !$0.isEmpty }
        return LastEnd(run: run, words: words)
    }

    /// True when a run has begun whose end is not in the log, or so much was said since that this cannot be told.
    package static func isAwaited(in root: borrowing RootedDirectory) -> Bool {
        guard let bytes = try? root.readEnd(of: InitLog.path, count: tail) else { return false }
        let records = String(decoding: bytes, as: UTF8.self).pieces(separator: "\n").compactMap { RunRecord(line: $0) }
        return switch records.last {
        case .run?: true
        case .end?: false
        case nil: bytes.count == tail
        }
    }

    /// What it means, in a sentence without a full stop: `the guest powered itself off`.
    package func sentence(of hypervisor: Hypervisor) -> String {
        hypervisor.meaning(of: run.end, after: run.seconds, words: words)
    }
}
