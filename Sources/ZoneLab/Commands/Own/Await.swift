import ArgumentParser

/// `zonelab await`: waits for a text on a zone's console.
struct Await: LabCommand {
    static let configuration = CommandConfiguration(
        commandName: "await",
        abstract: "Show a zone's console until a text has appeared on it.",
        discussion: """
            What came out since the zone's last boot counts too. Terminals' control sequences are left out. Fails when the \
            zone halts or its boot fails before, and when the time is over.
            """)

    @Option(
        name: .customShort("n", allowingJoined: true),
        help: ArgumentHelp("How often it has to appear, 1 to 1000.", valueName: "count"))
    var count = 1
    @Option(
        name: .customShort("t", allowingJoined: true),
        help: ArgumentHelp("How long to wait, 1 to 86400.", valueName: "seconds"))
    var seconds = 120
    @Argument(help: "The zone.") var zone: String
    @Argument(help: "The text.") var text: String

    func validate() throws {
        guard (1...1000).contains(count) else { throw ValidationError("-n takes a count from 1 to 1000") }
        guard (1...86400).contains(seconds) else { throw ValidationError("-t takes seconds from 1 to 86400") }
        guard !text.isEmpty else { throw ValidationError("an empty text is always there") }
    }

    func perform() throws -> Int32 {
        try checkHasConsole()
        let console = try DaemonClient(zone: zone).console()
        var watch = ConsoleWatch(text, count)
        let loop = EventLoop()
        var isOver = false
        loop.watch(console) {
            let bytes = Stream.read(console) ?? []
            Stream.write(1, watch.take(bytes))
            isOver = isOver || bytes.isEmpty || watch.isOver
        }
        loop.after(.seconds(seconds)) { isOver = true }
        loop.run { isOver }
        Stream.write(1, "\n")
        guard watch.hasSucceeded else {
            throw LabError(
                "zone '\(zone)': \(watch.end ?? "within \(seconds) s") \"\(text)\" has appeared \(watch.found) times on the console, not \(count)"
            )
        }
        return 0
    }

    /// A zone has a console as soon as it is installed.
    private func checkHasConsole() throws {
        let state = try ZoneIndex.entry(of: zone).state
        guard state == .installed else {
            throw LabError(
                "zone '\(zone)': a zone that is \(state.rawValue) has no console", remedy: state.wayToInstalled(zone))
        }
    }
}

/// Looks for a text on a console, and for the notices after which it can no longer come.
private struct ConsoleWatch {
    /// How often a notice ends the waiting: when the text has not come, and what was looked for.
    private var ends = [("until it halted", ZoneDaemon.Notice.halted), ("until its boot failed", .bootFailed)].map {
        (when: $0, search: TextSearch($1.text))
    }
    private var search: TextSearch
    private var filter = EscapeFilter()
    private let wanted: Int

    init(_ text: String, _ count: Int) {
        search = TextSearch(text)
        wanted = count
    }

    /// How often the text has appeared.
    var found: Int { search.count }
    var hasSucceeded: Bool { found >= wanted }
    /// Until when the text could have appeared; `nil` while it still can.
    var end: String? { ends.first { $0.search.count > 0 }?.when }
    var isOver: Bool { hasSucceeded || end != nil }

    /// Takes what came from the console. Returns it without control sequences.
    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        let plain = filter.take(bytes)
        search.take(plain)
        for place in ends.indices { ends[place].search.take(plain) }
        return plain
    }
}
