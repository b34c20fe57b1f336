import Hypervisors
import Platform
import Text

/// The command as the installed bhyve understands it: what bhyve refuses is told before anything is written.
struct BhyveTrial {
    private let commandLine: CommandLine
    private let zone: String
    private let commands: HostCommands
    /// Lines of bhyve's words that are told.
    private static let limit = 20

    init(_ commandLine: CommandLine, zone: String, _ commands: HostCommands) {
        self.commandLine = commandLine
        self.zone = zone
        self.commands = commands
    }

    /// Runs bhyve with the command; it prints the configuration it understood and ends with status 1. The file with the password
    /// is not there yet. Throws its words when it refuses the machine.
    func run() throws(Failure) {
        var words = commandLine.arguments.filter { $0.words.first != "-k" }.flatMap { $0.words }
        words.insert(contentsOf: ["-o", "config.dump=1"], at: words.count - 1)
        let result: Command.Result
        do {
            result = try commands.command(commandLine.program, words).run()
        } catch {
            throw Failure(error, remedy: "install bhyve, or fix the attr extra")
        }
        let lines = result.output.pieces(separator: "\n", omittingEmpty: true)
        guard result.status == 1, lines.contains("name=\(zone)") else {
            let words = (result.errors.trimmed.isEmpty ? result.output : result.errors).trimmed
            throw refusal(words.isEmpty ? "it says nothing, and ends with status \(result.status)" : words)
        }
    }

    /// bhyve's words: one line in the message, and more of them, up to a limit, each on a line of its own.
    private func refusal(_ words: String) -> Failure {
        let lines = words.pieces(separator: "\n", omittingEmpty: true).map {
            $0.trimmed.pieces(separator: "\t", omittingEmpty: true).joined(separator: " ")
        }
        var told = lines.count > 1 ? Array(lines.prefix(Self.limit)) : []
        if lines.count > Self.limit { told.append("and \(lines.count - Self.limit) more lines") }
        return Failure(
            Diagnostic(
                .error, file: nil, line: nil,
                message: "bhyve refuses the machine:" + (lines.count > 1 ? "" : " \(words)"),
                remedy: told + ["boot -e shows where each argument comes from"]))
    }
}
