import TestSupport
import Testing
import Text

@Suite struct OptionsTests {
    static let letters = "Stejhp:x:F:C:z:"

    /// A command line, the flags and values it gives, and what is left.
    struct Line: CustomTestStringConvertible, Sendable {
        let arguments: [String]
        var flags = ""
        var values: [Unicode.Scalar: String] = [:]
        var operands: [String] = []
        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(
        "options are found grouped or apart, values joined or apart, anywhere before --",
        arguments: [
            Line(arguments: []),
            Line(arguments: ["debian"], operands: ["debian"]),
            Line(arguments: ["-t", "debian"], flags: "t", operands: ["debian"]),
            Line(arguments: ["-te"], flags: "te"),
            Line(arguments: ["-t", "-t"], flags: "t"),
            Line(arguments: ["-p", "illumos"], values: ["p": "illumos"]),
            Line(arguments: ["-pillumos"], values: ["p": "illumos"]),
            Line(arguments: ["-tpillumos", "-e"], flags: "te", values: ["p": "illumos"]),
            Line(arguments: ["-tp", "illumos"], flags: "t", values: ["p": "illumos"]),
            Line(arguments: ["-p", "-t"], values: ["p": "-t"]),
            Line(arguments: ["-p", "--"], values: ["p": "--"]),
            Line(arguments: ["-p", ""], values: ["p": ""]),
            Line(arguments: ["-xa=b"], values: ["x": "a=b"]),
            Line(arguments: ["-p:"], values: ["p": ":"]),
            Line(arguments: ["-x", "a", "-F", "b", "-Cc"], values: ["x": "a", "F": "b", "C": "c"]),
            Line(arguments: ["a", "-t", "b"], flags: "t", operands: ["a", "b"]),
            Line(arguments: ["-t", "--", "-e", "--"], flags: "t", operands: ["-e", "--"]),
            Line(arguments: ["-", "", "a b"], operands: ["-", "", "a b"]),
        ])
    func optionsFound(line: Line) throws {
        let options = try Options(line.arguments, letters: Self.letters)
        let flags = Set(line.flags.unicodeScalars)
        for letter in Self.letters.unicodeScalars where letter != ":" {
            #expect(options.has(letter) == (flags.contains(letter) || line.values[letter] != nil), "-\(letter)")
            #expect(options.value(letter) == line.values[letter], "-\(letter)")
        }
        #expect(options.operands == line.operands)
    }

    @Test(
        "a command line is parted where getopt stops",
        arguments: [
            ([], [], []), (["debian"], [], ["debian"]), (["-t", "debian", "-e"], ["-t"], ["debian", "-e"]),
            (["-p", "illumos", "x"], ["-p", "illumos"], ["x"]), (["-tp", "illumos", "x"], ["-tp", "illumos"], ["x"]),
            (["-pillumos", "x"], ["-pillumos"], ["x"]), (["-pt", "x"], ["-pt"], ["x"]), (["-p"], ["-p"], []),
            (["-q", "x", "-t"], ["-q"], ["x", "-t"]), (["-", "-t"], [], ["-", "-t"]),
            (["-t", "--", "-e"], ["-t", "--"], ["-e"]), (["-p", "--", "x"], ["-p", "--"], ["x"]),
            (["-:", "x"], ["-:"], ["x"]),
        ])
    func commandLine(arguments: [String], options: [String], words: [String]) {
        let parts = Options.split(arguments, letters: Self.letters)
        #expect(parts.options == options)
        #expect(parts.words == words)
    }

    @Test(
        "a wrong command line is refused in words",
        arguments: [
            (["-q"], "unknown option -q"), (["-tq"], "unknown option -q"), (["--help"], "unknown option --"),
            (["-:"], "unknown option -:"), (["-é"], "unknown option -é"), (["-T"], "unknown option -T"),
            (["-p"], "option -p needs a value"), (["debian", "-tp"], "option -p needs a value"),
            (["-pa", "-pa"], "option -p is given twice"), (["-x", "a", "-t", "-x", "b"], "option -x is given twice"),
        ])
    func wrongCommand(arguments: [String], message: String) {
        #expect(throws: ValueError(message)) { try Options(arguments, letters: Self.letters) }
    }

    @Test(
        "a zone is named by -z or by the only operand",
        arguments: [
            (["debian"], "debian"), (["-z", "debian"], "debian"), (["-zdebian", "-t"], "debian"),
            (["a.b-c_1"], "a.b-c_1"), (["0"], "0"), (["--", "x"], "x"),
            ([String(repeating: "z", count: 63)], String(repeating: "z", count: 63)),
        ])
    func zoneNamed(arguments: [String], name: String) throws {
        try expect(Options(arguments, letters: Self.letters).zoneName(), equals: name)
    }

    @Test(
        "what names no zone, or two, is refused",
        arguments: [
            ([], "no zone name given"), (["a", "b"], "unexpected argument \"b\""),
            (["-z", "a", "b"], "unexpected argument \"b\""),
            ([""], "\"\" is not a zone name"), (["."], "\".\" is not a zone name"),
            ([".."], "\"..\" is not a zone name"),
            (["a/b"], "\"a/b\" is not a zone name"), (["/"], "\"/\" is not a zone name"),
            (["..."], "\"...\" is not a zone name"), (["--", "-z"], "\"-z\" is not a zone name"),
            (["größe"], "\"größe\" is not a zone name"), (["a b"], "\"a b\" is not a zone name"),
            ([String(repeating: "z", count: 64)], "\"" + String(repeating: "z", count: 64) + "\" is not a zone name"),
            (["../etc"], "\"../etc\" is not a zone name"),
            (["/\u{301}x"], "\"/\u{301}x\" is not a zone name"),
        ])
    func namesZone(arguments: [String], message: String) throws {
        let options = try Options(arguments, letters: Self.letters)
        #expect(throws: ValueError(message)) { try options.zoneName() }
    }

    /// The name becomes a line of /etc/launch, where a line end would start another one.
    @Test("a zone's name holds no control character", arguments: ["a\nexec /bin/sh", "a\rb", "\u{1b}[31m", "a\tb"])
    func zonesName(name: String) throws {
        let options = try Options(["-z", name], letters: Self.letters)
        #expect(throws: ValueError.self) { try options.zoneName() }
    }
}
