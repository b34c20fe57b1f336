import Glibc
import Text

/// `zlogin -C`: a zone's console. There is nothing else to log in to in a virtual machine's zone.
enum Zlogin {
    static let usage = """
        usage: zlogin -C ZONE

          At the start of a line:
        \(escapes)
        """

    private static let escapes = """
          ~.   leaves the console
          ~?   shows this
          ~~   types ~

        """

    static func run(_ arguments: [String]) throws -> Int32 {
        let (own, words) = Options.split(arguments, letters: "dnECR:Se:l:Q")
        guard let zone = words.first, !own.contains(where: { !["-C", "-S", "--"].contains($0) }) else {
            throw LabError.usage("only the console is in the lab\n\(usage)")
        }
        let isConsole = own.contains("-C")
        guard !isConsole || words.count == 1 else {
            throw LabError.usage("Commands may not be specified for console login.\n\(usage)")
        }
        guard let entry = ZoneIndex.read()[zone] else { throw LabError("zone '\(zone)' unknown") }
        guard entry.state == .installed else {
            throw LabError(
                "cannot login to a zone which is '\(entry.state.rawValue)'",
                remedy: entry.state.wayToInstalled(zone))
        }
        guard isConsole else { throw try refusal(zone, hasCommand: words.count > 1, isFailsafe: own.contains("-S")) }
        let connection = try login(zone)
        Stream.write(1, "[Connected to zone '\(zone)' console]\r\n")
        Terminal.raw { relay(connection) }
        Stream.write(1, "\r\n[Connection to zone '\(zone)' console closed]\n")
        return 0
    }

    /// The console, which one zlogin has at a time.
    private static func login(_ zone: String) throws -> Int32 {
        let connection = try DaemonClient(zone: zone).console(for: getpid())
        // Byte by byte: the console's own words follow the line.
        var answer: [UInt8] = []
        var byte: UInt8 = 0
        while read(connection, &byte, 1) == 1, byte != 0x0a { answer.append(byte) }
        let text = String(decoding: answer, as: UTF8.self)
        guard text != "OK" else { return connection }
        close(connection)
        guard !text.isEmpty else { throw LabError("Could not connect to zone console") }
        throw LabError(
            "Console is already in use by process ID \(text).", remedy: "~. leaves it there, at the start of a line")
    }

    /// Why one cannot log in otherwise. After the first message zlogin prints whatever error there was last.
    private static func refusal(_ zone: String, hasCommand: Bool, isFailsafe: Bool) throws -> LabError {
        let state = DaemonClient(zone: zone).status?.state ?? "installed"
        guard state == "running" else {
            return LabError("login allowed only to running zones (\(zone) is '\(state)').")
        }
        if isFailsafe { return .notInTheLab("-S") }
        guard try !ZoneSetup(zone).brand.hasLogin else { return .notInTheLab("another login than -C") }
        let text = hasCommand ? "could not get user_cmd for zone \(zone)" : "could not assemble new arguments"
        return LabError(text, remedy: "the brand has no login; the machine's console is there: zlogin -C \(zone)")
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
            if escape.isAsking {
                Stream.write(1, "\r\n\(escapes.split(separator: "\n").map { "\($0)\r\n" }.joined())")
                escape.answer()
            }
            if !Stream.write(connection, typed) || escape.isLeaving { isOver = true }
        }
        loop.run { isOver }
    }
}
