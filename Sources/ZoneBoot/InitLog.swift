import Platform
import Text

/// What init, the hypervisor and shutdown say inside the zone. A boot of the zone begins it anew; a guest that resets
/// finds it as it was.
package struct InitLog {
    /// Where it lies in the zone.
    package static let path = "/tmp/init.log"

    private let root: String
    private let hook: String

    /// The log in a zone root, for what a hook says.
    package init(root: String, hook: String) {
        self.root = root
        self.hook = hook
    }

    /// Adds a line; control characters are made visible. A log that cannot be written stops nobody.
    package func write(_ message: String) {
        try? RootedDirectory(root).append(
            "\(Clock.utc) \(hook): \(message.printable.cut(to: ZoneLog.longest))\n", to: Self.path)
    }

    /// Adds what init has to tell of a run, on a line of its own whatever the hypervisor left unfinished. Here too a log that
    /// cannot be written stops nobody.
    package static func record(_ record: RunRecord, in root: borrowing RootedDirectory) {
        let last = try? root.readEnd(of: path, count: 1)
        let isUnfinished = last.map { !$0.isEmpty && $0 != [0x0a] } ?? false
        try? root.append("\(isUnfinished ? "\n" : "")\(record.line)\n", to: path)
    }
}
