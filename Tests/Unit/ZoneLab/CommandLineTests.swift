import ArgumentParser
import Testing

@testable import ZoneLab
import Text

/// How command lines are read: a host's by getopt(3), the lab's own by their parser.
@Suite struct CommandLineTests {
    static let taken: [(arguments: [String], isLeading: Bool, seen: [String])] = [
        ([], false, ["-", "-", ""]), (["-a", "-v", "x", "y"], false, ["a", "x", "y"]),
        (["y", "-vx", "-a"], false, ["a", "x", "y"]), (["-avx", "--", "-y"], false, ["a", "x", "-y"]),
        (["-a", "y", "-v", "x"], true, ["a", "-", "y -v x"]), (["-v", "x", "--", "-a"], true, ["-", "x", "-a"]),
        (["-a"], true, ["a", "-", ""]), (["-v", "--", "y"], false, ["-", "--", "y"]),
    ]

    @Test("a host's options, among operands or before them", arguments: taken)
    func take(_ row: (arguments: [String], isLeading: Bool, seen: [String])) throws {
        let read = row.isLeading ? Options.readLeading : Options.read
        let options = try read(row.arguments, "av:", "usage: x\n")
        #expect(
            [options.has("a") ? "a" : "-", options.value("v") ?? "-", options.operands.joined(separator: " ")]
                == row.seen)
    }

    static let refused: [(arguments: [String], message: String)] = [
        (["-q"], "unknown option -q"), (["-v"], "option -v needs a value"),
        (["-v", "1", "-v", "2"], "option -v is given twice"), (["-aq", "y"], "unknown option -q"),
        (["--all"], "unknown option --"),
    ]

    @Test("what a host's command does not know is wrong usage, with its usage", arguments: refused, [false, true])
    func refuse(_ row: (arguments: [String], message: String), _ isLeading: Bool) {
        let read = isLeading ? Options.readLeading : Options.read
        #expect(throws: LabError("\(row.message)\nusage: x\n", status: 2)) {
            _ = try read(row.arguments, "av:", "usage: x\n")
        }
    }

    @Test("the lab's own commands have their defaults")
    func defaults() throws {
        let wait = try #require(try Zonelab.parseAsRoot(["await", "b", "ready"]) as? Await)
        #expect(wait.count == 1)
        #expect(wait.seconds == 120)
        #expect(wait.zone == "b")
        #expect(wait.text == "ready")
        let run = try #require(try Zonelab.parseAsRoot(["run", "-"]) as? Run)
        #expect(run.script == "-")
        #expect(run.place.directory == Launch.defaultDirectory)
        #expect(run.place.shares == [])
    }

    @Test("the lab's own commands take their options anywhere")
    func options() throws {
        let wait = try #require(
            try Zonelab.parseAsRoot(["await", "b", "-n", "1000", "ready", "-t86400"]) as? Await)
        #expect(wait.count == 1000)
        #expect(wait.seconds == 86400)
        let shell = try #require(
            try Zonelab.parseAsRoot(["shell", "-b", "/a:/b", "-d", "/lab", "-b", "/c:/d"]) as? Shell)
        #expect(shell.place.directory == "/lab")
        #expect(shell.place.shares == ["/a:/b", "/c:/d"])
        let line = try #require(try Zonelab.parseAsRoot(["type", "b", "-n 3"]) as? TypeLine)
        #expect(line.line == ["-n 3"])
    }

    static let wrong: [(arguments: [String], message: String)] = [
        (["await", "b"], "Missing expected argument '<text>'"),
        (["await", "-n", "0", "b", "x"], "-n takes a count from 1 to 1000"),
        (["await", "-n", "1001", "b", "x"], "-n takes a count from 1 to 1000"),
        (
            ["await", "-n", "99999999999999999999", "b", "x"],
            "The value '99999999999999999999' is invalid for '-n <count>'"
        ),
        (["await", "-t", "86401", "b", "x"], "-t takes seconds from 1 to 86400"),
        (["await", "b", ""], "an empty text is always there"),
        (["type", "b", "x", "y"], "type takes a zone and one line; quote what has blanks"),
        (["screenshot", "b"], "Missing expected argument '<file>'"),
        (["doctor", "x"], "Unexpected argument 'x'"), (["run", "a", "b"], "Unexpected argument 'b'"),
        (["shell", "-q"], "Unknown option '-q'"), (["__inside", "dance"], "The value 'dance' is invalid for '<mode>'"),
    ]

    @Test("wrong usage of the lab's own commands is told", arguments: wrong)
    func wrongUsage(_ row: (arguments: [String], message: String)) {
        var told = ""
        do { _ = try Zonelab.parseAsRoot(row.arguments) } catch { told = Zonelab.message(for: error) }
        #expect(told == row.message)
    }

    @Test("every command that is typed is told of in the help, and has a summary")
    func help() {
        let help = Zonelab.helpMessage()
        let commands = Zonelab.configuration.groupedSubcommands.flatMap(\.subcommands)
        #expect(commands.count == 8)
        for command in commands {
            #expect(help.contains("  \(command.configuration.commandName ?? "?") "))
            #expect(command.configuration.abstract != "")
        }
        #expect(!help.contains("__"))
    }

    static let shares: [(text: String, path: String?)] = [
        ("/etc/passwd:/x", "/x"), ("/etc/passwd:x", nil), ("/etc/passwd", nil), ("/nowhere:/x", nil), (":/x", nil),
        ("", nil),
    ]

    @Test("a shared file is there, and has an absolute path in the lab", arguments: shares)
    func share(_ row: (text: String, path: String?)) {
        #expect((try? GlobalZone.Share(row.text))?.path == row.path)
    }
}
