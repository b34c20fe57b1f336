/// Words as a POSIX shell splits and quotes them (XCU 2.2, quoting; no expansions, no comments).
package enum ShellWords {
    /// The words of a text. Quotes group and are removed; `""` is an empty word. Throws where a quote is not closed, or a
    /// backslash is at the very end.
    @export(interface)
    package static func split(_ text: String) throws(ValueError) -> [String] {
        var words: [String] = []
        var word: [UInt8]?
        var quote: UInt8?
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            switch (byte, quote) {
            case (backslash, nil):
                guard let next = bytes.next() else { throw ValueError("nothing follows the backslash at the end") }
                word = (word ?? []) + [next]
            case (backslash, doubleQuote):
                guard let next = bytes.next() else { throw unclosed(doubleQuote) }
                // Between double quotes a backslash is special before these alone: " \ $ `
                let isEscape = next == doubleQuote || next == backslash || next == 0x24 || next == 0x60
                word = (word ?? []) + (isEscape ? [next] : [backslash, next])
            case (let mark, let open?) where mark == open:
                quote = nil
            case (singleQuote, nil), (doubleQuote, nil):
                quote = byte
                word = word ?? []
            case (let blank, nil) where blank.isWhiteSpace:
                if let done = word { words.append(String(decoding: done, as: UTF8.self)) }
                word = nil
            default:
                word = (word ?? []) + [byte]
            }
        }
        if let quote { throw unclosed(quote) }
        if let word { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    private static func unclosed(_ quote: UInt8) -> ValueError {
        ValueError("the quote \(String(decoding: [quote], as: UTF8.self)) is not closed")
    }

    private static let singleQuote = UInt8(ascii: "'")
    private static let doubleQuote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    /// A word that a shell reads back as this very text.
    @export(interface)
    package static func quote(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
            // + , - . / : = @ _ %
            case 0x2b...0x2f, 0x3a, 0x3d, 0x40, 0x5f, 0x25: true
            default: false
            }
        }
        if isPlain && !text.isEmpty { return text }
        return "'" + text.pieces(separator: "'").joined(separator: "'\\''") + "'"
    }

    /// A command that can be pasted into a shell.
    package static func quote(_ words: [String]) -> String {
        words.map { quote($0) }.joined(separator: " ")
    }
}
