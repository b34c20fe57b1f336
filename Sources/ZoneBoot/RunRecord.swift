import Platform
import Text

/// What init writes into its log (see ``InitLog``) about one run of a hypervisor: a line when it starts, and one when it has
/// ended.
///
///     2026-11-22T13:47:00Z init: run /usr/sbin/bhyve
///     2026-11-22T13:49:05Z init: end pid=17 start=2026-11-22T13:47:00Z seconds=125 status=4
///
/// `signal=9` takes the place of `status=` when a signal ended it. Both lines start where a line starts, whatever the hypervisor
/// left unfinished. The log is the hypervisor's as well, and in the zone's reach: what it says is the zone's word.
package enum RunRecord: Equatable, Sendable {
    /// The program is about to start.
    case run(program: String)
    /// It has ended.
    case end(LastEnd.Run)

    /// What both lines hold after their time.
    private static let mark = " init: "
    /// Characters of a time such as `2026-11-22T13:47:00Z`.
    private static let timeLength = 20

    /// The line, its time included.
    package var line: String {
        switch self {
        case .run(let program): "\(Clock.utc)\(Self.mark)run \(program.printable)"
        case .end(let run):
            "\(run.ended)\(Self.mark)end pid=\(run.pid) start=\(run.started) seconds=\(run.seconds) "
                + {
                    switch run.end {
                    case .status(let status): "status=\(status)"
                    case .signal(let signal): "signal=\(signal)"
                    }
                }()
        }
    }

    /// Reads a line; `nil` when it is anything else.
    package init?(line: String) {
        let time = String(line.prefix(Self.timeLength))
        guard time.isTime, let record = String(line.dropFirst(Self.timeLength)).dropping(prefix: Self.mark) else {
            return nil
        }
        let words = record.pieces(separator: " ")
        func number(_ index: Int, _ key: String, _ most: Int = Int(Int32.max)) -> Int? {
            words[index].dropping(prefix: "\(key)=")?.decimal(in: 0...most)
        }
        switch (words.first, words.count) {
        case ("run", 2...): self = .run(program: words.dropFirst().joined(separator: " "))
        case ("end", 5):
            guard let pid = number(1, "pid"), let start = words[2].dropping(prefix: "start="), start.isTime,
                let seconds = number(3, "seconds")
            else { return nil }
            let end: ProcessEnd
            if let status = number(4, "status", 255) {
                end = .status(status)
            } else if let signal = number(4, "signal", 127) {
                end = .signal(signal)
            } else {
                return nil
            }
            self = .end(LastEnd.Run(pid: pid, started: start, ended: time, seconds: seconds, end: end))
        default: return nil
        }
    }

    /// True for a line that a hook, and not the hypervisor, has written into the log.
    static func isOfHook(_ line: String) -> Bool {
        guard String(line.prefix(timeLength)).isTime else { return false }
        let words = String(line.dropFirst(timeLength))
        return words.beginsWith(mark) || words.beginsWith(" shutdown: ")
    }
}

extension String {
    /// True for a time as ``Clock/utc`` writes it.
    fileprivate var isTime: Bool {
        let shape = Array("dddd-dd-ddTdd:dd:ddZ".utf8)
        let bytes = Array(utf8)
        return bytes.count == shape.count
            && zip(bytes, shape).allSatisfy { byte, wanted in
                wanted == UInt8(ascii: "d") ? byte.isDigit : byte == wanted
            }
    }
}
