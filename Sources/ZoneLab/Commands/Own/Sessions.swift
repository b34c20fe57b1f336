import ArgumentParser
import Glibc

/// Where a lab is, and what it sees of the machine.
struct LabPlace: ParsableArguments {
    @Option(
        name: .customShort("d", allowingJoined: true),
        help: ArgumentHelp("Where the lab keeps everything.", valueName: "dir"))
    var directory = Launch.defaultDirectory
    @Option(
        name: .customShort("b", allowingJoined: true), parsing: .singleValue,
        help: ArgumentHelp(
            "A file of this machine that appears at a path in the lab, read-only.", valueName: "file:path"))
    var shares: [String] = []

    func launch(_ shares: [GlobalZone.Share]) throws -> Launch { try Launch(directory: directory, shares: shares) }
}

/// `zonelab shell`.
struct Shell: LabCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell", abstract: "Open a shell in the lab's global zone; a second one joins it.")
    static let isForMachine = true

    @OptionGroup var place: LabPlace

    func perform() throws -> Int32 { try place.launch(try place.shares.map(GlobalZone.Share.init)).shell() }
}

/// `zonelab reset`.
struct Reset: LabCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Remove a lab with everything in it: zones, disks, links.")
    static let isForMachine = true

    @Option(
        name: .customShort("d", allowingJoined: true),
        help: ArgumentHelp("Where the lab keeps everything.", valueName: "dir"))
    var directory = Launch.defaultDirectory
    @Flag(name: .customShort("F"), help: "Do not ask.") var isForced = false

    func perform() throws -> Int32 {
        let launch = try Launch(directory: directory, shares: [])
        if !isForced {
            guard Terminal.hasInput else {
                throw LabError("input not from terminal and -F not specified: nothing is removed", remedy: "reset -F")
            }
            guard Terminal.asks("Remove \(launch.zone.directory) and everything in it") else { return 1 }
        }
        try launch.reset()
        return 0
    }
}

/// `zonelab run`.
struct Run: LabCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a shell script in the lab, or a transcript with omnios# lines.",
        discussion: """
            Of a transcript every command is shown and then run; the lines up to the next prompt are typed into it. The \
            first command that fails ends it.
            """)
    static let isForMachine = true

    @OptionGroup var place: LabPlace
    @Argument(help: "The script's file, or - for standard input.") var script: String

    func perform() throws -> Int32 {
        let shares = try place.shares.map(GlobalZone.Share.init)
        let isInput = script == "-"
        let text = try Self.read(isInput ? nil : script)
        return try place.launch(shares).run(text, readsInput: !isInput)
    }

    /// The text of a file, or of standard input, as a shell script.
    private static func read(_ path: String?) throws -> String {
        let descriptor = path.map { open($0, O_RDONLY | O_CLOEXEC) } ?? 0
        guard descriptor >= 0 else { throw LabError(errno: errno, "cannot read \(path ?? "standard input")") }
        let text = Stream.readAll(descriptor)
        return Transcript.isOne(text) ? try Transcript.script(text) : text
    }
}
