/// A command line, read as getopt(3) does: single-letter options, grouped or apart, values joined or apart, `--` ends
/// them. Options may also follow operands.
package struct Options {
    /// The words that are not options, in order.
    package private(set) var operands: [String] = []
    private var found: [Found] = []

    private struct Found {
        let letter: Unicode.Scalar
        let value: String?
    }

    /// Reads the arguments. `letters` lists the options; a colon after one says that it takes a value, as in getopt(3).
    /// Throws at an unknown option, a missing value and an option with a value that comes twice.
    @export(interface)
    package init(_ arguments: [String], letters: String) throws(ValueError) {
        let known = Array(letters.unicodeScalars)
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                return
            }
            guard word.beginsWith("-"), word != "-" else {
                operands.append(word)
                continue
            }
            var group = word.unicodeScalars.dropFirst()
            while let letter = group.popFirst() {
                guard letter != ":", let place = known.firstIndex(of: letter) else {
                    throw ValueError("unknown option -\(String(Character(letter)).printable)")
                }
                guard place + 1 < known.count, known[place + 1] == ":" else {
                    found.append(Found(letter: letter, value: nil))
                    continue
                }
                guard let value = group.isEmpty ? rest.popFirst() : String(String.UnicodeScalarView(group)) else {
                    throw ValueError("option -\(String(Character(letter)).printable) needs a value")
                }
                guard !has(letter) else {
                    throw ValueError("option -\(String(Character(letter)).printable) is given twice")
                }
                found.append(Found(letter: letter, value: value))
                break
            }
        }
    }

    /// Parts a command line where getopt(3) stops: the options with their values, and the words from the first operand on.
    /// An option that is not known counts as one without a value.
    package static func split(_ arguments: [String], letters: String) -> (options: [String], words: [String]) {
        var end = 0
        while end < arguments.count, arguments[end].beginsWith("-"), arguments[end] != "-" {
            let word = arguments[end]
            end += endsWithoutValue(word, letters) ? 2 : 1
            if word == "--" { break }
        }
        end = min(end, arguments.count)
        return (Array(arguments[..<end]), Array(arguments[end...]))
    }

    /// True when the last option of a group takes a value, which is the next word then.
    private static func endsWithoutValue(_ group: String, _ letters: String) -> Bool {
        let known = Array(letters.unicodeScalars)
        let given = Array(group.unicodeScalars.dropFirst())
        let valued = given.firstIndex { letter in
            guard letter != ":", let place = known.firstIndex(of: letter) else { return false }
            return place + 1 < known.count && known[place + 1] == ":"
        }
        return valued == given.count - 1
    }

    /// True when the option was given.
    package func has(_ letter: Unicode.Scalar) -> Bool {
        found.contains { $0.letter == letter }
    }

    /// The option's value; `nil` when it was not given.
    package func value(_ letter: Unicode.Scalar) -> String? {
        found.first { $0.letter == letter }?.value
    }

    /// The zone a program is about, `-z ZONE` or the first operand, and the operands after it. Throws when there is no zone,
    /// and when there are more than `limit` further operands.
    package func zone(words limit: Int = 0) throws(ValueError) -> (name: String, words: [String]) {
        let names = (value("z").map { [$0] } ?? []) + operands
        guard let name = names.first else { throw ValueError("no zone name given") }
        guard names.count <= 1 + limit else {
            throw ValueError("unexpected argument \(names[1 + limit].printable.quoted)")
        }
        guard Self.isZoneName(name) else { throw ValueError("\(name.printable.quoted) is not a zone name") }
        return (name, Array(names.dropFirst()))
    }

    /// The one zone a hook is about: `-z ZONE` or the only operand. Throws when there is none, or more than that.
    package func zoneName() throws(ValueError) -> String { try zone().name }

    /// What zonecfg(8) takes for a zone's name: a letter or digit, then letters, digits, `_`, `-` and `.`, 63 in all.
    package static func isZoneName(_ name: String) -> Bool {
        guard let first = name.utf8.first, first.isLetterOrDigit, name.utf8.count <= 63 else { return false }
        return name.utf8.allSatisfy { $0.isLetterOrDigit || $0 == 0x5f || (0x2d...0x2e).contains($0) }
    }
}
