import Platform
import Text

/// zonecfg's input, split into commands: separated by newline or `;`, words by blanks, `"…"` groups, `#` starts a
/// comment.
enum ZonecfgInput {
    struct Command: Equatable {
        let words: [String]
        /// From 1.
        let line: Int
    }

    /// The commands of a text whose first line has this number. What is typed has none to be named by: `nil`.
    static func commands(_ text: String, firstLine: Int? = 1) throws -> [Command] {
        var reader = Reader(line: firstLine ?? 1, isNumbered: firstLine != nil)
        for character in text { try reader.take(character) }
        try reader.finish()
        return reader.commands
    }

    private struct Reader {
        var line: Int
        let isNumbered: Bool
        var commands: [Command] = []
        private var words: [String] = []
        private var word: String?
        private var isQuoted = false
        private var isComment = false

        /// In the list behind `add property`, and before its end: there blanks mean nothing, and quotes are kept for
        /// ``list(_:isPairs:)``.
        private var isList: Bool {
            guard words.count == 2, ["add", "remove"].contains(words[0]), let word, let last = word.last else {
                return false
            }
            return word.hasPrefix("(") && (last != ")" || isQuoted) || word.hasPrefix("[") && (last != "]" || isQuoted)
        }

        init(line: Int, isNumbered: Bool) {
            self.line = line
            self.isNumbered = isNumbered
        }

        private var isOpen: LabError {
            LabError((isNumbered ? "On line \(line): " : "") + "a double quote is not closed")
        }

        mutating func take(_ character: Character) throws {
            if character == "\n" || character == "\r\n" {
                guard !isQuoted else { throw isOpen }
                isComment = false
                endCommand()
                line += 1
                return
            }
            if isComment { return }
            switch character {
            case "\"":
                word = (word ?? "") + (isList ? "\"" : "")
                isQuoted.toggle()
            case _ where isQuoted: word = (word ?? "") + String(character)
            case "#" where word == nil: isComment = true
            case ";": endCommand()
            case " ", "\t", "\r": if !isList { endWord() }
            default: word = (word ?? "") + String(character)
            }
        }

        mutating func finish() throws {
            guard !isQuoted else { throw isOpen }
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
            throw LabError("\(command): \"\(word)\" is not NAME=VALUE", remedy: "such as \(command) name=vnc")
        }
        return (name, value)
    }

    /// The parts of `[a,b]`, or the word itself; of `(name=a,value="b,c")` where pairs are wanted. `nil` for anything else.
    static func list(_ word: String, isPairs: Bool) -> [String]? {
        let (open, close) = isPairs ? ("(", ")") : ("[", "]")
        guard word.hasPrefix(open), word.hasSuffix(close) else {
            return isPairs || word.hasPrefix("(") || word.hasPrefix("[") ? nil : [word]
        }
        var parts = [""]
        var isQuoted = false
        for character in word.dropFirst().dropLast() {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: parts.append("")
            default: parts[parts.count - 1].append(character)
            }
        }
        return parts.contains("") ? nil : parts
    }
}
