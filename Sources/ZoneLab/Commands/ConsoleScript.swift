import Glibc
import Platform

/// What scripts do with a zone's console: `zonelab await` and `zonelab type`.
enum ConsoleScript {
    static let awaitUsage = "usage: zonelab await [-n COUNT] [-t SECONDS] ZONE TEXT\n"
    static let typeUsage = "usage: zonelab type ZONE LINE\n"

    /// A zone has a console as soon as it is installed.
    static func checkHasConsole(_ zone: String) throws {
        let entry = try ZoneIndex.entry(of: zone)
        guard entry.state == .installed else {
            throw LabError(
                "zone '" + zone + "': a zone that is " + entry.state.rawValue + " has no console",
                remedy: "zoneadm -z " + zone + (entry.state == .configured ? " install" : " uninstall"))
        }
    }

    /// Shows the console since the last boot until a text has appeared in it so many times, or the zone has gone.
    static func await(_ arguments: [String]) throws -> Int32 {
        let options: Options
        do {
            options = try Options(arguments, letters: "n:t:")
        } catch {
            throw LabError.usage(error.message + "\n" + awaitUsage)
        }
        guard options.operands.count == 2, !options.operands[1].isEmpty,
            let count = (options.value("n") ?? "1").decimal(in: 1...1000),
            let seconds = (options.value("t") ?? "120").decimal(in: 1...86400)
        else { throw LabError.usage(awaitUsage) }
        let (zone, text) = (options.operands[0], options.operands[1])
        try checkHasConsole(zone)
        var search = TextSearch(text)
        var ends = [("until it halted", ZoneDaemon.Notice.halted), ("until its boot failed", .bootFailed)].map {
            (when: $0, search: TextSearch($1.text))
        }
        var filter = EscapeFilter()
        let loop = EventLoop()
        var isOver = false
        let console = try DaemonClient(zone: zone).console()
        loop.watch(console) {
            let bytes = Stream.read(console) ?? []
            let plain = filter.take(bytes)
            Stream.write(1, plain)
            search.take(plain)
            for place in ends.indices { ends[place].search.take(plain) }
            isOver = isOver || bytes.isEmpty || search.count >= count || ends.contains { $0.search.count > 0 }
        }
        loop.after(seconds * 1000) { isOver = true }
        loop.run { isOver }
        Stream.write(1, "\n")
        guard search.count >= count else {
            let when = ends.first { $0.search.count > 0 }?.when ?? "within \(seconds) s"
            throw LabError(
                "zone '\(zone)': \(when) \"\(text)\" has appeared \(search.count) times on the console, not \(count)")
        }
        return 0
    }

    /// Types a line into the console.
    static func type(_ arguments: [String]) throws -> Int32 {
        guard arguments.count == 2 else { throw LabError.usage(typeUsage) }
        _ = try ZoneIndex.entry(of: arguments[0])
        guard DaemonClient(zone: arguments[0]).isUp else { throw LabError("zone '" + arguments[0] + "': not running") }
        let console = try DaemonClient(zone: arguments[0]).console()
        defer { close(console) }
        // The console's first bytes say that it is listening; a zone that runs has shown some.
        _ = Stream.read(console)
        Stream.write(console, arguments[1] + "\r")
        // The other side closes when it has read everything.
        shutdown(console, Int32(SHUT_WR))
        _ = Stream.readAll(console)
        return 0
    }
}

/// Counts how often a text comes by in a stream.
struct TextSearch {
    private(set) var count = 0
    private let text: [UInt8]
    private var tail: [UInt8] = []

    init(_ text: String) { self.text = Array(text.utf8) }

    mutating func take(_ bytes: [UInt8]) {
        tail += bytes
        var start = 0
        while start + text.count <= tail.count {
            if tail[start] == text[0], tail[start..<(start + text.count)].elementsEqual(text) {
                count += 1
                start += text.count
            } else {
                start += 1
            }
        }
        tail.removeFirst(start)
    }
}

/// Takes terminals' control sequences (ECMA-48: ESC, `[`, parameters, a final byte) out of a stream: firmware clears
/// the screen many times.
struct EscapeFilter {
    private enum State { case text, escape, sequence }
    private var state = State.text

    /// What is left.
    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        bytes.filter { byte in
            switch state {
            case .text:
                if byte == 0x1b { state = .escape }
                return state == .text
            case .escape:
                state = byte == UInt8(ascii: "[") ? .sequence : .text
            case .sequence:
                if (0x40...0x7e).contains(byte) { state = .text }
            }
            return false
        }
    }
}
