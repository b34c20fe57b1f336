import Testing

@testable import ZoneLab

/// Texts that the lab takes apart: boot arguments, consoles, transcripts, what bubblewrap says.
@Suite struct TextTests {
    struct Boot: Sendable {
        let text: String
        var program: String?
        var words: [String] = []
        var invalid = ""
        var dropsWords = false
    }

    static let boots = [
        Boot(text: ""), Boot(text: "-s", words: ["-s"]), Boot(text: "-f -s", words: ["-s"]),
        Boot(text: " -m  verbose\t-s ", words: ["-m", "verbose", "-s"]),
        Boot(text: "-mverbose", words: ["-m", "verbose"]),
        Boot(text: "-sm a,b", words: ["-s", "-m", "a,b"]), Boot(text: "kernel/unix -s", words: ["-s"]),
        Boot(text: "-i /sbin/other -s", program: "/sbin/other", words: ["-s"]),
        Boot(text: "-i/sbin/other", program: "/sbin/other"),
        Boot(text: "-sq", words: ["-s", "-q"], invalid: " -q"), Boot(text: "-m", words: ["-m"], invalid: " -m"),
        Boot(text: "-i", words: ["-i"], invalid: " -i"),
        Boot(text: "-s a b", words: ["-s"], invalid: "a b", dropsWords: true),
        Boot(text: "-- -s", invalid: "-s", dropsWords: true),
        Boot(text: "-s -", words: ["-s"], invalid: "-", dropsWords: true),
    ]

    @Test("boot arguments are read as zoneadmd reads them", arguments: boots)
    func boot(_ row: Boot) {
        let arguments = BootArguments(row.text)
        #expect(arguments.program == row.program)
        #expect(arguments.words == row.words)
        #expect(arguments.invalid == row.invalid)
        #expect(arguments.dropsWords == row.dropsWords)
    }

    static let streams: [(text: String, pieces: [String], count: Int)] = [
        ("ready", ["ready"], 1), ("ready", ["re", "a", "dy"], 1), ("ready", ["readyready"], 2), ("aa", ["aaa"], 1),
        ("aab", ["aa", "ab"], 1), ("ready", ["", "read", ""], 0), ("ready", ["reready"], 1), ("ä", ["\u{e4}"], 1),
    ]

    @Test("a text is found across pieces of a stream, each time once", arguments: streams)
    func search(_ row: (text: String, pieces: [String], count: Int)) {
        var search = TextSearch(row.text)
        for piece in row.pieces { search.take(Array(piece.utf8)) }
        #expect(search.count == row.count)
    }

    static let sequences: [(pieces: [String], text: String)] = [
        (["plain"], "plain"), (["a\u{1b}[2Jb"], "ab"), (["a\u{1b}[0", "1;31", "mb\u{1b}", "[Hc"], "abc"),
        (["\u{1b}cb"], "b"), (["a\u{1b}"], "a"), (["[a]\n"], "[a]\n"),
    ]

    @Test("control sequences are taken out of a stream", arguments: sequences)
    func filter(_ row: (pieces: [String], text: String)) {
        var filter = EscapeFilter()
        #expect(String(decoding: row.pieces.flatMap { filter.take(Array($0.utf8)) }, as: UTF8.self) == row.text)
    }

    static let typed: [(pieces: [String], passed: String, isLeaving: Bool)] = [
        (["ls\r"], "ls\r", false), (["~."], "", true), (["ls\r~", ".rest"], "ls\r", true), (["a~."], "a~.", false),
        (["~~."], "~.", false), (["~x"], "~x", false), (["~?a", "\r~?~."], "a\r", true), (["\n~."], "\n", true),
        (["~"], "", false),
    ]

    @Test("~. at the start of a line leaves the console, ~~ is a tilde", arguments: typed)
    func escape(_ row: (pieces: [String], passed: String, isLeaving: Bool)) {
        var escape = EscapeSequence()
        #expect(String(decoding: row.pieces.flatMap { escape.take(Array($0.utf8)) }, as: UTF8.self) == row.passed)
        #expect(escape.isLeaving == row.isLeaving)
    }

    static let transcripts: [(text: String, isOne: Bool)] = [
        ("omnios# ls\n", true), ("\n \n```terminal\nomnios# ls\n```\n", true), ("ls\nomnios# ls\n", false),
        ("#!/bin/sh\n", false), ("", false),
    ]

    @Test("a transcript begins with a prompt", arguments: transcripts)
    func transcript(_ row: (text: String, isOne: Bool)) {
        #expect(Transcript.isOne(row.text) == row.isOne)
    }

    @Test("a transcript's commands are shown and run, with what is typed into them")
    func script() throws {
        let script = try Transcript.script(
            "```\nomnios# a 'b'\r\nomnios#\nomnios# zonecfg -z x\nzonecfg:x> create -b\n```\n")
        #expect(
            script.components("show() {").last?.components("\n").dropFirst().joined(separator: "\n") == """
                show 'omnios# a '\\''b'\\'''
                a 'b'
                show 'omnios# zonecfg -z x'
                cat <<'END-OF-INPUT-OF-THIS-COMMAND'
                create -b

                END-OF-INPUT-OF-THIS-COMMAND
                zonecfg -z x <<'END-OF-INPUT-OF-THIS-COMMAND'
                create -b

                END-OF-INPUT-OF-THIS-COMMAND

                """)
    }

    static let statuses: [(text: String, child: Int32?, hasRun: Bool)] = [
        ("", nil, false), ("{ \"child-pid\": 42, \"cgroup-namespace\": 1 }\n", 42, false),
        ("{ \"child-pid\": 42 }\n{ \"exit-code\": 0 }\n", 42, true), ("{ \"child-pid\"", nil, false),
        ("no JSON\n{ \"exit-code\": 1 }\n", nil, true),
    ]

    @Test("bubblewrap's status names the first process and the end", arguments: statuses)
    func status(_ row: (text: String, child: Int32?, hasRun: Bool)) {
        #expect(BubblewrapStatus.child(in: row.text) == row.child)
        #expect(BubblewrapStatus.hasRun(row.text) == row.hasRun)
    }

    static let texts: [(text: String, lines: [String], records: [String])] = [
        ("", [], []), ("a", ["a"], ["a"]), ("a\n", ["a"], ["a"]), ("a\n\nb\n", ["a", "", "b"], ["a", "b"]),
        ("\n", [""], []), ("# a\n b", ["# a", " b"], [" b"]),
    ]

    @Test("a text's lines, and its records", arguments: texts)
    func lines(_ row: (text: String, lines: [String], records: [String])) {
        #expect(row.text.lines == row.lines)
        #expect(row.text.records == row.records)
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
