import Platform
import Text

/// `hvm`: the one command for people. It has words as zoneadm(8) has subcommands, one file each.
package enum Hvm {
    static let usage: String =
        "usage: hvm WORD [argument …]\n\n"
        + (Word.all.map { ($0.name, $0.summary) } + [("help", "show this text, or what a word takes: hvm help WORD")])
        .map { "  \($0.padded(to: 8))  \($1)\n" }.joined()

    /// Runs a word with its arguments. Returns 253 for a word that there is not.
    @export(interface)
    package static func run(_ arguments: [String]) -> ExitStatus {
        guard let name = arguments.first else { return complain("no word given") }
        let rest = Array(arguments.dropFirst())
        if ["-h", "--help", "help"].contains(name) { return help(rest) }
        guard let word = Word.named(name) else { return complain("\(name.quoted) is not a word") }
        if rest.contains("--help") { return help([name]) }
        return word.run(rest)
    }

    private static func help(_ names: [String]) -> ExitStatus {
        guard let name = names.first else { return Program.print(usage) ? .ok : .fatal }
        guard let word = Word.named(name) else { return complain("\(name.quoted) is not a word") }
        return Program.print(word.usage) ? .ok : .fatal
    }

    private static func complain(_ message: String) -> ExitStatus {
        Program.printError("hvm: \(message.printable)\n\(usage)")
        return .usage
    }
}
