import Glibc
import Platform

/// `zlogin -C`: a zone's console.
enum Zlogin {
    static let usage = """
        usage: zlogin -C ZONE

          ~.   at the start of a line: leave the console

        """

    static func run(_ arguments: [String]) throws -> Int32 {
        guard arguments.first == "-C", arguments.count == 2 else {
            if let zone = arguments.first, !zone.hasPrefix("-") {
                throw LabError(
                    "zone '" + zone + "' is a virtual machine: there is nothing to log in to but its console",
                    remedy: "zlogin -C " + zone)
            }
            throw LabError.usage("only the console is in the lab\n" + usage)
        }
        let zone = arguments[1]
        try ConsoleScript.checkHasConsole(zone)
        let connection = try DaemonClient(zone: zone).console()
        Stream.write(1, "[Connected to zone '" + zone + "' console]\r\n")
        Terminal.raw { relay(connection) }
        Stream.write(1, "\r\n[Connection to zone '" + zone + "' console closed]\n")
        return 0
    }

    /// Passes on what comes from either side until the console goes, `~.` is typed or a signal comes. The end of
    /// standard input ends nothing: the console may still be watched.
    private static func relay(_ connection: Int32) {
        let loop = EventLoop()
        var isOver = false
        var escape = EscapeSequence()
        for number in [SIGINT, SIGTERM, SIGHUP] { StopSignals.note(number) }
        loop.watch(connection) {
            let bytes = Stream.read(connection) ?? []
            if bytes.isEmpty || !Stream.write(1, bytes) { isOver = true }
        }
        loop.watch(StopSignals.reader) { isOver = true }
        loop.watch(0) {
            let bytes = Stream.read(0) ?? []
            if bytes.isEmpty { return loop.ignore(0) }
            let typed = escape.take(bytes)
            if escape.isLeaving || !Stream.write(connection, typed) { isOver = true }
        }
        loop.run { isOver }
    }
}

/// Finds `~.` at the start of a line among what is typed; `~~` is one `~`.
struct EscapeSequence {
    private(set) var isLeaving = false
    private var isAtLineStart = true
    private var hasTilde = false

    /// What goes on to the other side.
    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        var passed: [UInt8] = []
        for byte in bytes where !isLeaving {
            if hasTilde {
                hasTilde = false
                if byte == UInt8(ascii: ".") {
                    isLeaving = true
                    continue
                }
                passed.append(UInt8(ascii: "~"))
                if byte == UInt8(ascii: "~") { continue }
            } else if isAtLineStart && byte == UInt8(ascii: "~") {
                hasTilde = true
                isAtLineStart = false
                continue
            }
            passed.append(byte)
            isAtLineStart = byte == 0x0d || byte == 0x0a
        }
        return passed
    }
}

/// Signals that end a program, as something to wait for.
enum StopSignals {
    private static let pipe: PipeEnds? = try? PipeEnds()

    /// Has input once a noted signal has come.
    static var reader: Int32 { pipe?.reader ?? -1 }

    /// From now on this signal only makes ``reader`` readable. Whoever started this may have had it blocked.
    static func note(_ number: Int32) {
        _ = pipe
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        sigprocmask(SIG_UNBLOCK, &signals, nil)
        signal(number) { _ in
            var byte: UInt8 = 0
            _ = write(StopSignals.pipe?.writer ?? -1, &byte, 1)
        }
    }
}
