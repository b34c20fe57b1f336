import Platform
import Text

/// One word of `hvm`: what people type, and what it does.
struct Word: Sendable {
    let name: String
    /// What it does, for the list of words.
    let summary: String
    /// What its first operand is, for a shell that completes it.
    let operand: Operand
    let usage: String
    /// Does it with the arguments that follow the word; returns the exit status of `hvm`.
    let run: @Sendable ([String]) -> ExitStatus

    /// What an operand names.
    enum Operand: Sendable, CaseIterable {
        case zone, attribute, word, shell, nothing
    }

    /// All of them, in the order in which they are listed.
    static var all: [Word] {
        [
            ListCommand.word, StatusCommand.word, ExplainCommand.word, VerifyCommand.word, AttributesCommand.word,
            ScreenCommand.word, ConsoleCommand.word, UEFICommand.word, LogCommand.word, StopCommand.word,
            DoctorCommand.word, CompletionCommand.word, VersionCommand.word, HelpCommand.word,
        ]
    }

    /// The word of this name. Throws for a name that is not one, with the one that was most likely meant.
    static func named(_ name: String) throws(ValueError) -> Word {
        let words = all
        if let word = words.first(where: { $0.name == name }) { return word }
        let meant = name.nearest(among: words.map { $0.name })
        throw ValueError(
            "\(name.printable.quoted) is not a word" + (meant.map { "; did you mean \($0.quoted)?" } ?? ""))
    }
}
