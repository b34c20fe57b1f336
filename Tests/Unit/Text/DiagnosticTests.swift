import Testing
import Text

@Suite struct DiagnosticTests {
    @Test(
        "a diagnostic is zone, file, line, severity and message, then the way out",
        arguments: [
            (
                Diagnostic(
                    .error, file: "/etc/zones/debian.xml", line: 14, message: "attr \"ram\": \"1Q\" is not a size",
                    remedy: ["use a number with K, M, G or T, such as 4G"]),
                "debian",
                "zone debian: /etc/zones/debian.xml:14: error: attr \"ram\": \"1Q\" is not a size\n"
                    + "  use a number with K, M, G or T, such as 4G\n"
            ),
            (
                Diagnostic(.warning, file: "zone.xml", line: nil, message: "m", remedy: ["first", "second"]), "z",
                "zone z: zone.xml: warning: m\n  first\n  second\n"
            ),
            (Diagnostic(.info, file: nil, line: nil, message: "m"), "z", "zone z: info: m\n"),
            (Diagnostic(.error, file: nil, line: nil, message: "m"), nil, "error: m\n"),
            (Diagnostic(.error, file: "f", line: 1, message: "m"), nil, "f:1: error: m\n"),
            (Diagnostic(.error, file: nil, line: 7, message: "m"), nil, "error: m\n"),
        ] as [(Diagnostic, String?, String)])
    func diagnosticZone(
        diagnostic: Diagnostic, zone: String?, text: String
    ) {
        #expect(diagnostic.text(zone: zone) == text)
    }

    @Test("a file's diagnostics are in the order of its lines, and the others behind them")
    func filesDiagnostics() {
        let all = [("a", nil), ("a", 9), ("b", 1), ("a", 2), (nil, 3), ("a", 9), ("a", 1)] as [(String?, Int?)]
        let diagnostics = all.enumerated().map { place, found in
            Diagnostic(.error, file: found.0, line: found.1, message: String(place))
        }
        #expect(diagnostics.inOrder(of: "a").map { $0.message } == ["6", "3", "1", "5", "0", "2", "4"])
    }

    @Test("control characters are visible in every part, and add no line")
    func controlCharacters() {
        let diagnostic = Diagnostic(
            .error, file: "a\nb", line: 1, message: "\u{1b}]0;x\u{7}\u{0}", remedy: ["c\rd", "tab\there"])
        #expect(
            diagnostic.text(zone: "z\u{1b}")
                == "zone z\\x1b: a\\x0ab:1: error: \\x1b]0;x\\x07\\x00\n  c\\x0dd\n  tab\\x09here\n")
    }

    @Test("a diagnostic for programs has the same parts")
    func diagnosticPrograms() {
        let full = Diagnostic(.warning, file: "f", line: 3, attribute: "ram", message: "m\n", remedy: ["r"])
        let bare = Diagnostic(.error, file: nil, line: nil, message: "m")
        #expect(
            full.json.text
                == "{\"severity\":\"warning\",\"file\":\"f\",\"line\":3,\"attribute\":\"ram\",\"message\":\"m\\n\",\"remedy\":[\"r\"]}"
        )
        #expect(
            bare.json.text
                == "{\"severity\":\"error\",\"file\":null,\"line\":null,\"attribute\":null,\"message\":\"m\",\"remedy\":[]}"
        )
    }

    @Test(
        "only errors forbid going on",
        arguments: [
            ([], false), ([.info, .warning], false), ([.error], true), ([.warning, .error, .info], true),
        ] as [([Diagnostic.Severity], Bool)])
    func onlyErrors(severities: [Diagnostic.Severity], forbids: Bool) {
        let diagnostics = severities.map { Diagnostic($0, file: nil, line: nil, message: "m") }
        #expect(diagnostics.hasErrors == forbids)
    }
}

@Suite struct SecretTests {
    @Test("a secret describes itself as a mask of no telling length")
    func secretDescribes() {
        #expect(Secret("hunter2").description == "********")
        #expect(Secret("").description == "********")
        #expect(Secret("hunter2").revealed == "hunter2")
    }

    @Test("a secret does not show in an interpolation")
    func secretDoes() {
        let secret = Secret("hunter2")
        for text in ["\(secret)", "\([secret])", String(describing: secret), String(reflecting: secret)] {
            #expect(!text.contains("hunter2"))
        }
    }
}

@Suite struct TableTests {
    @Test("columns are as wide as their widest cell, and the last one ends where it ends")
    func columnsWide() {
        let text = Table.text(
            header: ["FOR", "FROM", "ARGUMENT"],
            rows: [["memory", "default", "-m 1G"], ["Größe", "attr vnc, line 14", ""], ["", "", "x"]])
        #expect(
            text == """
                FOR     FROM               ARGUMENT
                memory  default            -m 1G
                Größe   attr vnc, line 14
                                           x

                """)
    }

    @Test(
        "a cell that does not fit goes on below itself, and nothing is lost",
        arguments: [
            (nil, "A    ARGUMENT\none  -s 4:0,virtio-blk,/dev/zvol/rdsk/rpool/a\n"),
            (45, "A    ARGUMENT\none  -s 4:0,virtio-blk,/dev/zvol/rdsk/rpool/a\n"),
            (34, "A    ARGUMENT\none  -s 4:0,virtio-blk,/dev/zvol/\n     rdsk/rpool/a\n"),
            (1, "A    ARGUMENT\none  -s 4:0,\n     virtio-b\n     lk,/dev/\n     zvol/\n     rdsk/\n     rpool/a\n"),
        ] as [(Int?, String)])
    func narrowCell(width: Int?, expected: String) {
        let table = Table(["A", "ARGUMENT"], [["one", "-s 4:0,virtio-blk,/dev/zvol/rdsk/rpool/a"]])
        #expect(table.text(width: width) == expected)
    }

    @Test(
        "lines end where they best can",
        arguments: [
            ("", [""]), ("one two", ["one two"]), ("one two three", ["one two", "three"]),
            ("0123456789", ["01234567", "89"]),
            ("a b,c,d,e,f", ["a b,c,d,", "e,f"]), ("eight888 x", ["eight888", "x"]), ("/ab", ["/ab"]),
        ])
    func lines(text: String, lines: [String]) {
        #expect(text.wrapped(to: 8) == lines)
    }

    @Test("what is painted takes no room")
    func painted() {
        let table = Table(["A", "B"], [["1", "2"], ["long", "3"]])
        let painted = table.text { row, column, cell in row == 1 && column == 0 ? "<\(cell)>" : cell }
        #expect(painted == "A     B\n1     2\n<long>  3\n")
    }

    @Test("a table without rows is its header")
    func tableWithout() {
        #expect(Table.text(header: ["A", "B"], rows: []) == "A  B\n")
    }
}
