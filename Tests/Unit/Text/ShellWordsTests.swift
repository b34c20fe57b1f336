import TestSupport
import Testing
import Text

@Suite struct ShellWordsTests {
    static let splits: [(String, [String])] = [
        ("", []), (" \t\n\r ", []), ("a", ["a"]), ("a b", ["a", "b"]), ("  a\tb\nc\rd  ", ["a", "b", "c", "d"]),
        ("'a b'", ["a b"]), ("\"a b\"", ["a b"]), ("a'b c'd", ["ab cd"]), ("a\"b c\"'d e'", ["ab cd e"]),
        ("''", [""]), ("\"\"", [""]), ("a '' \"\" b", ["a", "", "", "b"]), ("''''", [""]), ("a''", ["a"]),
        ("\\ ", [" "]), ("\\\\", ["\\"]), ("a\\ b", ["a b"]), ("\\'", ["'"]), ("\\\"", ["\""]), ("\\a", ["a"]),
        ("'\\'", ["\\"]), ("'\"'", ["\""]), ("\"'\"", ["'"]), ("'a\\nb'", ["a\\nb"]),
        ("\"\\$\\`\\\"\\\\\"", ["$`\"\\"]), ("\"\\n \\' \\ \"", ["\\n \\' \\ "]),
        ("é 'ü ö'", ["é", "ü ö"]), ("a\u{a0}b", ["a\u{a0}b"]), ("'it'\\''s'", ["it's"]),
        ("-s 3,x=\"a b\"", ["-s", "3,x=a b"]),
    ]

    @Test("words are split and unquoted", arguments: splits)
    func wordsSplit(text: String, words: [String]) throws {
        try expect(ShellWords.split(text), equals: words)
    }

    @Test(
        "a shell splits the same words",
        arguments: splits.filter { !$0.1.isEmpty && !$0.0.contains("\n") && !$0.0.contains("\r") })
    func shellSplits(text: String, words: [String]) throws {
        try expect(Self.shell("printf '%s\\0' " + text), equals: words)
    }

    @Test(
        "comments, expansions and operators mean nothing",
        arguments: [
            ("# a b", ["#", "a", "b"]), ("a #b", ["a", "#b"]), ("a#b", ["a#b"]),
            ("$HOME `id` $(id)", ["$HOME", "`id`", "$(id)"]),
            ("a;b|c&d>e", ["a;b|c&d>e"]), ("* ~ ? {a,b}", ["*", "~", "?", "{a,b}"]), ("\"$HOME\"", ["$HOME"]),
        ])
    func commentsExpansions(text: String, words: [String]) throws {
        try expect(ShellWords.split(text), equals: words)
    }

    @Test(
        "what is left open is refused",
        arguments: [
            ("'", ValueError("the quote ' is not closed")), ("a 'b", ValueError("the quote ' is not closed")),
            ("\"", ValueError("the quote \" is not closed")),
            ("\"a", ValueError("the quote \" is not closed")),
            ("\"a\\\"", ValueError("the quote \" is not closed")), ("'a\\'b'", ValueError("the quote ' is not closed")),
            ("\"\\", ValueError("the quote \" is not closed")),
            ("'\"", ValueError("the quote ' is not closed")),
            ("\\", ValueError("nothing follows the backslash at the end")),
            ("a b\\", ValueError("nothing follows the backslash at the end")),
            ("''\\", ValueError("nothing follows the backslash at the end")),
        ] as [(String, ValueError)])
    func leftOpen(text: String, failure: ValueError) {
        #expect(throws: failure) { try ShellWords.split(text) }
    }

    @Test(
        "bytes decide what is a blank or a quote, not characters",
        arguments: [
            ("a\r\nb", ["a", "b"]), ("a \u{301}b", ["a", "\u{301}b"]), ("'\u{301}a b'", ["\u{301}a b"]),
            ("\"\u{301}a b\"", ["\u{301}a b"]), ("\\'\u{301}", ["'\u{301}"]),
        ])
    func bytesDecide(text: String, words: [String]) throws {
        try expect(ShellWords.split(text), equals: words)
    }

    @Test(
        "only what a shell would touch is quoted",
        arguments: [
            ("abc", "abc"), ("/dev/zvol/rdsk/a-b_c.d", "/dev/zvol/rdsk/a-b_c.d"), ("a=b,c:d%e@f+g", "a=b,c:d%e@f+g"),
            ("-s", "-s"),
            ("", "''"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("'", "''\\'''"), ("#x", "'#x'"), ("~", "'~'"),
            ("$x", "'$x'"),
            ("a\\b", "'a\\b'"), ("a\nb", "'a\nb'"), ("é", "'é'"), ("a*", "'a*'"), ("a;b", "'a;b'"), ("(", "'('"),
        ])
    func onlyShell(text: String, quoted: String) {
        #expect(ShellWords.quote(text) == quoted)
    }

    @Test("a command's words are quoted one by one")
    func commandsWords() {
        #expect(ShellWords.quote(["zonecfg", "-z", "a b", ""]) == "zonecfg -z 'a b' ''")
    }

    static let nasty: [String] = [
        "", " ", "'", "''", "\"", "\\", "\\'", "it's", "a'b'c", "$HOME", "`id`", "$(id)", "a\nb", "\n", "a\tb", "\r",
        "\r\n", "*", "?",
        "[a]", "~", "~root", "#", "!x", "-n", "--", "a;b", "a&b", "a|b", "<a>", "{a,b}", "%s", "\\0", "é", "😀",
        "\u{1b}[31m", "\u{7f}",
        "a=b", "=a", "\u{a0}", "e\u{301}", "' '\"' '",
    ]

    /// Words of awkward pieces put together.
    static let mixed: [String] = {
        let pieces = [
            "'", "\"", "\\", " ", "\n", "\t", "$", "`", "!", "*", "#", "~", ";", "&", "é", "😀", "a", "%", "\r", "-",
            "=",
        ]
        var random = FixedRandom(seed: 20_240_229)
        return (0..<400).map { _ in
            (0..<Int.random(in: 1...8, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
        }
    }()

    @Test("what is quoted is split into itself")
    func quotedSplit() throws {
        for text in Self.nasty + Self.mixed {
            try expect(ShellWords.split(ShellWords.quote(text)), equals: [text])
        }
        try expect(ShellWords.split(ShellWords.quote(Self.mixed)), equals: Self.mixed)
    }

    @Test("what is quoted is read back by a real shell")
    func quotedRead() throws {
        try expect(Self.shell("printf '%s\\0' " + ShellWords.quote(Self.nasty)), equals: Self.nasty)
        try expect(Self.shell("printf '%s\\0' " + ShellWords.quote(Self.mixed)), equals: Self.mixed)
    }

    @Test(
        "a quote that a combining mark follows cannot break out",
        arguments: ["'\u{301}", "x'\u{301}; echo intruder; '\u{301}", "a'\u{301}b'c"])
    func quoteCombining(text: String) throws {
        try expect(Self.shell("printf '%s\\0' " + ShellWords.quote(text)), equals: [text])
        try expect(ShellWords.split(ShellWords.quote(text)), equals: [text])
    }

    /// The words that a real shell makes of a command printing them with NULs behind.
    static func shell(_ script: String) throws -> [String] {
        let outcome = try Hooks.run(program: "/bin/sh", ["-c", script])
        try #require(outcome.errors == "")
        try #require(outcome.status == 0)
        return outcome.output.split(separator: "\0", omittingEmptySubsequences: false).dropLast().map { String($0) }
    }
}
