/// Words as a POSIX shell splits and quotes them (XCU 2.2, quoting; no expansions, no comments).
public enum ShellWords {
    /// What keeps a text from being split.
    public enum Failure: Error, Equatable, Sendable {
        /// A `'` or `"` without its partner.
        case unclosedQuote(Character)
        /// A backslash at the very end.
        case nothingEscaped
    }

    /// The words of a text. Quotes group and are removed; `""` is an empty word.
    @export(interface)
    public static func split(_ text: String) throws(Failure) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = text.makeIterator()
        while let character = characters.next() {
            switch (character, quote) {
            case ("\\", nil):
                guard let next = characters.next() else { throw .nothingEscaped }
                word = (word ?? "") + String(next)
            case ("\\", "\""):
                guard let next = characters.next() else { throw .unclosedQuote("\"") }
                // Between double quotes a backslash is special before these alone.
                let isEscape = next == "\"" || next == "\\" || next == "$" || next == "`"
                word = (word ?? "") + (isEscape ? "" : "\\") + String(next)
            case (let mark, let open?) where mark == open:
                quote = nil
            case ("'", nil), ("\"", nil):
                quote = character
                word = word ?? ""
            case (" ", nil), ("\t", nil), ("\n", nil), ("\r", nil):
                if let done = word { words.append(done) }
                word = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        if let quote { throw .unclosedQuote(quote) }
        if let word { words.append(word) }
        return words
    }

    /// A word that a shell reads back as this very text.
    @export(interface)
    public static func quote(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
            // + , - . / : = @ _ %
            case 0x2b...0x2f, 0x3a, 0x3d, 0x40, 0x5f, 0x25: true
            default: false
            }
        }
        if isPlain && !text.isEmpty { return text }
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        return "'" + parts.joined(separator: "'\\''") + "'"
    }

    /// A command that can be pasted into a shell.
    public static func quote(_ words: [String]) -> String {
        words.map { quote($0) }.joined(separator: " ")
    }
}
