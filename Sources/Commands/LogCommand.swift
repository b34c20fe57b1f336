import Platform
import Text
import ZoneBoot
import ZoneConfig

/// `hvm log`: what hooks, init and the hypervisor have said of a zone, in the order of time.
enum LogCommand {
    static let word = Word(
        name: "log", summary: "what was done and said, in time order; -f follows", operand: .zone, usage: usage,
        run: run
    )

    private static let usage = """
        usage: hvm log [-f | -j] [-n COUNT] ZONE

          zone.log is what the hooks did on the host. init.log is what init and the hypervisor say in the zone: the
          zone's own word. A line without a time follows the one before it.

          -f        go on with what is added, until Ctrl-C
          -n COUNT  begin with the last COUNT lines (default: all since the zone was readied)
          -j        print it as one line of JSON
          -x FILE   the zone's XML (default: /etc/zones/ZONE.xml)
          -d DIR    where the XML of zones is (default: /etc/zones)
          -h        show this text

        """

    private static func run(_ arguments: [String]) -> ExitStatus {
        Call.run("log", arguments, usage: usage, letters: "fjn:", zone: .needed) { call throws(ValueError) in
            let (isFollowed, isJSON) = (call.options.has("f"), call.options.has("j"))
            guard !(isFollowed && isJSON) else { throw ValueError("-f and -j exclude each other") }
            let count = call.options.value("n").map { $0.decimal(in: 0...1_000_000) }
            guard count != .some(nil) else { throw ValueError("-n takes a count of lines") }
            return Call.telling(call.zone) { () throws(Failure) in
                let logs = try logs(call)
                var lines = merged(logs.flatMap { $0.next() })
                if !isFollowed { lines = merged(lines + logs.flatMap { $0.takeRest() }) }
                if case .some(.some(let count)) = count { lines = lines.suffix(count) }
                if isJSON { return call.print(json: [JSON.Member("lines", .array(lines.map { $0.json }))]) }
                guard Program.print(lines.map { $0.shown }.joined()) else { return .fatal }
                return isFollowed ? follow(logs) : .ok
            }
        }
    }

    private static func logs(_ call: Call) throws(Failure) -> [FollowedLog] {
        let file = call.file(of: call.zone ?? "")
        let zone = try ZoneConfiguration.read(file: file)
        guard let zonepath = zone.zonepath, let zoneroot = zone.zoneroot else {
            throw Failure("the zone has no zonepath", file: file, remedy: "zonecfg -z ZONE 'set zonepath=/zones/ZONE'")
        }
        return [
            FollowedLog("zone.log", "log/zone.log", below: zonepath),
            FollowedLog("init.log", InitLog.path, below: zoneroot),
        ]
    }

    /// In the order of time; what has the same second stays as it is.
    private static func merged(_ lines: [LogLine]) -> [LogLine] {
        lines.enumerated().sorted {
            ($0.element.seconds, $0.offset) < ($1.element.seconds, $1.offset)
        }.map { $0.element }
    }

    /// Prints what is added until an interrupt comes, or nobody reads it any more.
    private static func follow(_ logs: [FollowedLog]) -> ExitStatus {
        Program.holdInterrupts()
        while !Program.isInterrupted {
            let lines = merged(logs.flatMap { $0.next() })
            if lines.isEmpty {
                Clock.sleep(.milliseconds(200))
            } else if !Program.print(lines.map { $0.shown }.joined()) {
                return .fatal
            }
        }
        return .ok
    }
}

extension LogLine {
    /// A line of output: time, log and text.
    var shown: String { "\((time ?? "").padded(to: 20))  \(log)  \(text)\n" }

    var json: JSON {
        .object([
            JSON.Member("time", .optional(time)), JSON.Member("log", .string(log)), JSON.Member("text", .string(text)),
        ])
    }
}
