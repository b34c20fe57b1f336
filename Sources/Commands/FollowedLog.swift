import Platform
import Text

/// A line of one of a zone's logs.
struct LogLine {
    /// Which log: `zone.log` or `init.log`.
    let log: String
    /// As written, `2026-11-22T13:47:00Z`; `nil` for what a program says that tells no time.
    let time: String?
    let text: String
    /// Seconds since 1970: its time, or that of the line before it in the same log.
    let seconds: Int
}

/// One of a zone's logs, read from near its end and then on as it grows, whichever file has its name by then.
final class FollowedLog {
    private let name: String
    private let directory: String
    private let path: String
    private var file: GrowingFile?
    /// What follows the last line end.
    private var rest: [UInt8] = []
    private var seconds = 0

    /// Bytes at the end of a log that are looked at, and of what is added at a time; more than that is no run's that anybody
    /// reads. A zone may add to its log faster than it is read.
    private static let most = 1 << 20
    /// Bytes of a line that are kept, at four for a character: a zone may never end one.
    private static let longest = 4 * (ZoneLog.longest + 1)

    /// `path` is below the directory, and no link on the way is followed.
    init(_ name: String, _ path: String, below directory: String) {
        self.name = name
        self.path = path
        self.directory = directory
    }

    /// The lines that were added since the last call, at first all. A log that is not there has none.
    func next() -> [LogLine] {
        guard let root = try? RootedDirectory(directory) else { return [] }
        var lines = takeLines()
        if file?.isStill(path, in: root) != true {
            // What was added to the old file before it lost its name.
            lines += takeLines() + takeRest()
            file = try? GrowingFile(path, in: root, last: Self.most)
            let isWhole = file?.isWhole ?? true
            let added = takeLines()
            // Read from the middle of a line, the first is not one.
            lines += isWhole ? added : Array(added.dropFirst())
        }
        return lines
    }

    /// What stands at the end without a line end.
    func takeRest() -> [LogLine] {
        defer { rest = [] }
        return rest.isEmpty ? [] : [line(rest[...])]
    }

    private func takeLines() -> [LogLine] {
        var lines: [LogLine] = []
        var left = Self.most
        while left > 0, let bytes = try? file?.next(limit: min(left, 1 << 16)), !bytes.isEmpty {
            left -= bytes.count
            rest += bytes
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                lines.append(line(rest[start..<end]))
                start = end + 1
            }
            rest.removeFirst(start)
            rest.removeLast(max(0, rest.count - Self.longest))
        }
        return lines
    }

    private func line(_ bytes: ArraySlice<UInt8>) -> LogLine {
        let whole = String(decoding: bytes, as: UTF8.self)
        let (first, text) = whole.splitOnce(at: " ")
        guard let time = first.utcSeconds, let text else {
            return LogLine(log: name, time: nil, text: whole.printable.cut(to: ZoneLog.longest), seconds: seconds)
        }
        seconds = time
        return LogLine(log: name, time: first, text: text.printable.cut(to: ZoneLog.longest), seconds: time)
    }
}
