import CPlatform
import Text

/// The log of what hooks do to a zone: `ZONEPATH/log/zone.log`, of mode 0600, added to, times in UTC.
///
/// Only root of the global zone reaches a zonepath. Still no link is followed and no fifo waited for: what is not a file of its
/// own gives way to one. A log that cannot be written keeps no zone from starting or stopping.
package struct ZoneLog: Sendable {
    /// Where it lies.
    package let path: String
    /// Where the last run's lies.
    private var oldPath: String { "\(path).old" }
    private let zonepath: String
    /// Characters of a message that are kept.
    package static let longest = 8192
    /// What precedes every message: the hook's name.
    private let hook: String

    package init(zonepath: String, hook: String) {
        self.zonepath = zonepath
        path = "\(zonepath)/log/zone.log"
        self.hook = hook
    }

    /// The log of the run before becomes `zone.log.old`, so that neither grows without end.
    package func startAnew() {
        _ = cp_rename(path, oldPath)
    }

    /// Adds a line; control characters are made visible.
    package func write(_ message: String) { write([message]) }

    /// Adds a line for each message, at once.
    package func write(_ messages: [String]) {
        guard !messages.isEmpty, let zone = try? RootedDirectory(zonepath) else { return }
        try? zone.ensureDirectory("log", mode: 0o700)
        let lines = messages.map { "\(Clock.utc) \(hook): \($0.printable.cut(to: Self.longest))\n" }
        try? zone.append(lines.joined(), to: "log/zone.log")
    }

    /// The lines in the last bytes of the log, the first of which may not be whole; none when there is no log.
    package func lastLines(within count: Int) -> [String] {
        guard let zone = try? RootedDirectory(zonepath), let bytes = try? zone.readEnd(of: "log/zone.log", count: count)
        else { return [] }
        return String(decoding: bytes, as: UTF8.self).pieces(separator: "\n", omittingEmpty: true)
    }

    /// What a line of the log says, its time and the hook's name taken off.
    package static func message(of line: String) -> String {
        let words = line.splitOnce(at: " ").after ?? ""
        return words.splitOnce(at: " ").after ?? ""
    }
}
