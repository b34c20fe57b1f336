import Platform
import Text

/// What a zone's log says of the run that is, or that was last.
struct ZoneLogLines {
    /// A line of it.
    struct Line {
        /// As written, `2026-11-22T13:47:00Z`.
        let time: String
        /// Who wrote it: a hook's name.
        let hook: String
        let message: String

        init?(_ line: LogLine) {
            let (hook, message) = line.text.splitOnce(at: ":")
            guard let time = line.time, let message, !hook.holds(" ") else { return nil }
            self.time = time
            self.hook = hook
            self.message = message.trimmed
        }
    }

    let lines: [Line]

    /// Without a log there are no lines.
    init(zonepath: String) {
        lines = FollowedLog("zone.log", "log/zone.log", below: zonepath).next().compactMap { Line($0) }
    }

    /// When the machine was started last, in seconds since 1970.
    var bootSeconds: Int? {
        lines.last { $0.hook == "boot" && $0.message.beginsWith("ready to start") }?.time.utcSeconds
    }

    /// What stands there as a warning or an error since the zone was readied.
    var warnings: [Line] {
        lines.filter { line in
            ["warning: ", "error: ", "failed: "].contains { line.message.beginsWith($0) }
                || line.message.holds(text: ": warning: ") || line.message.holds(text: ": error: ")
        }
    }
}
