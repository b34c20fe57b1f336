import Platform

/// zonecfg's input, split into commands: separated by newline or `;`, words by blanks, `"…"` groups, `#` starts a
/// comment.
enum ZonecfgInput {
    struct Command: Equatable {
        let words: [String]
        /// From 1.
        let line: Int
    }

    /// The commands of a text whose first line has this number.
    static func commands(_ text: String, firstLine: Int = 1) throws -> [Command] {
        var reader = Reader(line: firstLine)
        for character in text { try reader.take(character) }
        try reader.finish()
        return reader.commands
    }

    private struct Reader {
        var line: Int
        var commands: [Command] = []
        private var words: [String] = []
        private var word: String?
        private var isQuoted = false
        private var isComment = false

        init(line: Int) { self.line = line }

        mutating func take(_ character: Character) throws {
            if character == "\n" || character == "\r\n" {
                guard !isQuoted else { throw LabError("On line \(line): a double quote is not closed") }
                isComment = false
                endCommand()
                line += 1
                return
            }
            if isComment { return }
            switch character {
            case "\"":
                isQuoted.toggle()
                word = word ?? ""
            case _ where isQuoted: word = (word ?? "") + String(character)
            case "#" where word == nil: isComment = true
            case ";": endCommand()
            case " ", "\t", "\r": endWord()
            default: word = (word ?? "") + String(character)
            }
        }

        mutating func finish() throws {
            guard !isQuoted else { throw LabError("On line \(line): a double quote is not closed") }
            endCommand()
        }

        /// `name = value` is the same as `name=value`.
        private mutating func endWord() {
            guard let done = word else { return }
            word = nil
            if let last = words.last, words.count > 1,
                done.hasPrefix("=") || last.hasSuffix("=") && !last.dropLast().contains("=")
            {
                words[words.count - 1] = last + done
            } else {
                words.append(done)
            }
        }

        private mutating func endCommand() {
            endWord()
            if !words.isEmpty { commands.append(Command(words: words, line: line)) }
            words = []
        }
    }

    /// `name=value`; throws when it is something else.
    static func assignment(_ word: String, of command: String) throws -> (name: String, value: String) {
        let (name, value) = word.splitOnce(at: "=")
        guard let value, !name.isEmpty else {
            throw LabError(command + ": \"" + word + "\" is not NAME=VALUE", remedy: "such as " + command + " name=vnc")
        }
        return (name, value)
    }

    /// The parts of `(name=a,value=b)` or `[a,b]`, or the word itself.
    static func list(_ word: String) -> [String] {
        let isGrouped = word.hasPrefix("(") && word.hasSuffix(")") || word.hasPrefix("[") && word.hasSuffix("]")
        guard isGrouped else { return [word] }
        return word.dropFirst().dropLast().split(separator: ",").map(String.init)
    }
}
