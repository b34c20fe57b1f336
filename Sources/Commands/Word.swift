import Platform

/// One word of `hvm`: what people type, and what it does.
struct Word: Sendable {
    let name: String
    /// What it does, for the list of words.
    let summary: String
    let usage: String
    /// Does it with the arguments that follow the word; returns the exit status of `hvm`.
    let run: @Sendable ([String]) -> ExitStatus

    /// All of them, in the order in which they are listed.
    static let all = [UEFICommand.word]

    /// The word of this name.
    static func named(_ name: String) -> Word? { all.first { $0.name == name } }
}
