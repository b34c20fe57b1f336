import Testing

@testable import ZoneLab

/// The language of zonecfg's input.
@Suite struct ZonecfgInputTests {
    static let texts: [(text: String, commands: [[String]])] = [
        ("", []), (" \n;; # nothing\n", []),
        ("create -b; set brand=bhyve", [["create", "-b"], ["set", "brand=bhyve"]]),
        ("set\tbrand=bhyve\r\nend", [["set", "brand=bhyve"], ["end"]]),
        ("set a = b", [["set", "a=b"]]), ("set a= b", [["set", "a=b"]]), ("set a =b", [["set", "a=b"]]),
        ("set a=b c", [["set", "a=b", "c"]]),
        ("set value=\"a; b # c\" # d; e", [["set", "value=a; b # c"]]),
        ("set value=\"\"", [["set", "value="]]), ("set value=a#b", [["set", "value=a#b"]]),
        ("select attr name=a type=b", [["select", "attr", "name=a", "type=b"]]),
        ("add options [ro, nodevices]; end", [["add", "options", "[ro,nodevices]"], ["end"]]),
        ("add property ( name=a, value=\"b c\" )", [["add", "property", "(name=a,value=\"b c\")"]]),
        ("remove property (name=a)", [["remove", "property", "(name=a)"]]),
        ("set value=(a b)", [["set", "value=(a", "b)"]]),
    ]

    @Test("commands are split at newlines and semicolons, words at blanks", arguments: texts)
    func split(_ row: (text: String, commands: [[String]])) throws {
        #expect(try ZonecfgInput.commands(row.text).map(\.words) == row.commands)
    }

    @Test("every command has the number of its line")
    func lines() throws {
        #expect(try ZonecfgInput.commands("a; b\n\n# c\nd", firstLine: 7).map(\.line) == [7, 7, 10])
    }

    static let open: [(text: String, line: Int)] = [("set a=\"b", 1), ("a\nset a=\"b\nc\"", 2)]

    @Test("a double quote is closed on its line", arguments: open)
    func quote(_ row: (text: String, line: Int)) {
        #expect(throws: LabError("On line \(row.line): a double quote is not closed")) {
            try ZonecfgInput.commands(row.text)
        }
    }

    static let lists: [(word: String, isPairs: Bool, parts: [String]?)] = [
        ("ro", false, ["ro"]), ("[ro]", false, ["ro"]), ("[ro,nodevices]", false, ["ro", "nodevices"]),
        ("[ro", false, nil), ("(ro)", false, nil), ("[]", false, nil), ("[ro,]", false, nil),
        ("(name=a,value=b)", true, ["name=a", "value=b"]), ("(name=a,value=\"b,c\")", true, ["name=a", "value=b,c"]),
        ("name=a", true, nil), ("[name=a]", true, nil), ("()", true, nil),
    ]

    @Test("a list has its brackets, and no empty part", arguments: lists)
    func list(_ row: (word: String, isPairs: Bool, parts: [String]?)) {
        #expect(ZonecfgInput.list(row.word, isPairs: row.isPairs) == row.parts)
    }

    static let assignments: [(word: String, name: String, value: String)] = [
        ("a=b", "a", "b"), ("a=", "a", ""), ("a=b=c", "a", "b=c"),
    ]

    @Test("a value is what is after the first =", arguments: assignments)
    func assign(_ row: (word: String, name: String, value: String)) throws {
        let (name, value) = try ZonecfgInput.assignment(row.word, of: "set")
        #expect(name == row.name)
        #expect(value == row.value)
    }

    @Test("what is not an assignment is refused", arguments: ["a", "=b", "", "="])
    func noAssignment(_ word: String) {
        #expect(throws: LabError("set: \"\(word)\" is not NAME=VALUE", remedy: "such as set name=vnc")) {
            try ZonecfgInput.assignment(word, of: "set")
        }
    }
}
