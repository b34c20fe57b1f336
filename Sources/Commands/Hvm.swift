import Lifecycle
import Platform
import Text

/// `hvm`: the one command for people. It has words as zoneadm(8) has subcommands, one file each.
package enum Hvm {
    static var usage: String {
        let words = Word.all
        let width = words.map { $0.name.count }.reduce(0) { max($0, $1) }
        return "usage: hvm WORD [argument …]\n\n"
            + words.map { "  \($0.name.padded(to: width))  \($0.summary)\n" }.joined()
                + """

                  hvm alone lists the machines; hvm help WORD tells what a word takes, hvm -V the version.

                """
    }

    /// Runs a word with its arguments. Returns 253 for a word that there is not.
    @export(interface)
    package static func run(_ arguments: [String]) -> ExitStatus {
        if let status = Answer.first("hvm", arguments, usage: usage) { return status }
        guard let name = arguments.first, !name.beginsWith("-") else { return overview(arguments) }
        do throws(ValueError) {
            let word = try Word.named(name)
            let rest = Array(arguments.dropFirst())
            return word.run(rest.contains("--help") ? ["--help"] : rest)
        } catch {
            return complain(error)
        }
    }

    /// What there is, and the words that are most likely wanted next. Without zones on this machine: all words.
    private static func overview(_ options: [String]) -> ExitStatus {
        guard MachineList.isToBeHad(options) else { return Program.print(usage) ? .ok : .fatal }
        let status = ListCommand.word.run(options)
        guard status == .ok else { return status }
        let likely = [
            ("status ZONE", "all about one, and how it ended last time"), ("console ZONE", "its serial console"),
            ("help", "every word"),
        ]
        return Program.print("\n" + likely.map { "  hvm \($0.padded(to: 12))  \($1)\n" }.joined()) ? .ok : .fatal
    }

    static func complain(_ error: ValueError) -> ExitStatus {
        Program.printError("hvm: \(error.message)\n  hvm help lists the words\n")
        return .usage
    }
}

/// `hvm help`: what words there are, and what one takes.
enum HelpCommand {
    static let word = Word(
        name: "help", summary: "list the words, or tell what one takes: hvm help WORD", operand: .word, usage: usage,
        run: run)

    private static let usage = "usage: hvm help [WORD]\n"

    private static func run(_ arguments: [String]) -> ExitStatus {
        if let status = Answer.first("hvm help", arguments, usage: usage) { return status }
        guard let name = arguments.first else { return Program.print(Hvm.usage) ? .ok : .fatal }
        do throws(ValueError) {
            return Program.print(try Word.named(name).usage) ? .ok : .fatal
        } catch {
            return Hvm.complain(error)
        }
    }
}

/// `hvm version`.
enum VersionCommand {
    static let word = Word(
        name: "version", summary: "tell the version", operand: .nothing, usage: usage, run: run)

    private static let usage = """
        usage: hvm version [-j]

          -j  print it as one line of JSON
          -h  show this text

        """

    private static func run(_ arguments: [String]) -> ExitStatus {
        Call.run("version", arguments, usage: usage, letters: "j", zone: .none) { call in
            call.options.has("j")
                ? call.print(json: [JSON.Member("version", .string(Version.text))])
                : Program.print(Version.line(of: "hvm")) ? .ok : .fatal
        }
    }
}
