import Foundation
import TestSupport
import Testing

/// `hvm` itself: its words, its help, its versions.
@Suite struct HvmTests {
    static let words = [
        "list", "status", "explain", "verify", "attributes", "screen", "console", "uefi", "log", "stop", "doctor",
        "completion", "version", "help",
    ]

    @Test("help comes in every way one asks for it", arguments: [["-h"], ["--help"], ["help"], ["help", "-h"]])
    func help(_ arguments: [String]) throws {
        let outcome = try Hooks.run("hvm", arguments)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        expect(outcome.output, hasPrefix: arguments == ["help", "-h"] ? "usage: hvm help " : "usage: hvm WORD ")
    }

    @Test("the words are listed in one order, and nothing else is")
    func listed() throws {
        let lines = try Hooks.run("hvm", ["help"]).output.split(separator: "\n").filter { $0.hasPrefix("  ") }
        let names = lines.compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(names.dropLast() == Self.words[...])
    }

    @Test("each word tells what it takes, in every way one asks for it, on lines that fit", arguments: words)
    func usage(_ word: String) throws {
        let usage = try Hooks.run("hvm", ["help", word])
        #expect(usage.status == 0)
        #expect(usage.errors == "")
        expect(usage.output, hasPrefix: "usage: hvm \(word)")
        #expect(usage.output.hasSuffix("\n"))
        #expect(usage.output.split(separator: "\n").filter { $0.count > 120 } == [])
        for arguments in [["-h"], ["--help"], ["zone", "--help"]] {
            try expect(Hooks.run("hvm", [word] + arguments), equals: usage, "\(arguments)")
        }
    }

    @Test(
        "what is not a word is told, with the one that was likely meant",
        arguments: [
            (["uefy"], #""uefy" is not a word; did you mean "uefi"?"#),
            (["STATUS"], #""STATUS" is not a word; did you mean "status"?"#),
            (["list\u{1b}", "web"], #""list\x1b" is not a word; did you mean "list"?"#),
            (["help", "frobnicate"], #""frobnicate" is not a word"#),
        ])
    func unknown(_ arguments: [String], _ message: String) throws {
        try expect(
            Hooks.run("hvm", arguments),
            equals: Outcome(status: 253, output: "", errors: "hvm: \(message)\n  hvm help lists the words\n"))
    }

    @Test(
        "wrong usage of a word is told with its usage",
        arguments: [
            (["list", "web"], #"unexpected argument "web""#), (["list", "-x", "f"], "-x FILE goes with one zone"),
            (["list", "-j", "-q"], "-j and -q exclude each other"), (["status"], "no zone name given"),
            (["status", "/web"], #""/web" is not a zone name"#), (["explain", "a", "b"], #"unexpected argument "b""#),
            (["verify", "-q"], "unknown option -q"), (["attributes", "a", "b"], #"unexpected argument "b""#),
            (["attributes", "ramm"], #""ramm" is not an attribute; did you mean "ram"?"#),
            (["attributes", "zzz"], #""zzz" is not an attribute; hvm attributes lists them"#),
            (["console"], "no zone name given"), (["log", "-f", "-j", "web"], "-f and -j exclude each other"),
            (["log", "-n", "-1", "web"], "-n takes a count of lines"), (["completion"], "no shell given"),
            (["stop", "-n", "x", "web"], "-n takes seconds, 0 to 86400"),
            (["completion", "fish"], #""fish" is not bash or zsh"#), (["version", "1"], #"unexpected argument "1""#),
            (["status", "-p", "sparc", "web"], #""sparc" is not a platform; -p takes illumos or linux"#),
        ])
    func wrongUsage(_ arguments: [String], _ message: String) throws {
        let outcome = try Hooks.run("hvm", arguments)
        #expect(outcome.status == 253)
        #expect(outcome.output == "")
        expect(outcome.errors, hasPrefix: "hvm \(arguments[0]): \(message)\nusage: hvm \(arguments[0])")
    }

    @Test("every program tells the one version", arguments: UsageTests.hooks + ["init", "hvm"])
    func version(_ program: String) throws {
        let hvm = try Hooks.run("hvm", ["version", "-j"])
        let version = try #require(try hvm.json()["version"] as? String)
        for option in ["-V", "--version"] {
            try expect(
                Hooks.run(program, [option]),
                equals: Outcome(status: 0, output: "\(program) (hvm-brand) \(version)\n", errors: ""))
        }
        let help = try Hooks.run(program, ["--help"])
        #expect(help.status == 0)
        #expect(help.errors == "")
        expect(help.output, hasPrefix: "usage: \(program) ")
    }

    @Test("the change log begins with the version")
    func changes() throws {
        let version = try #require(try Hooks.run("hvm", ["version", "-j"]).json()["version"] as? String)
        let log = try String(contentsOfFile: BrandTests.project + "/CHANGELOG.md", encoding: .utf8)
        expect(log, contains: "\n## \(version)\n")
    }

    @Test("without zones on this machine, hvm alone tells its words, and list what is missing")
    func withoutZones() throws {
        let scratch = try Scratch()
        let directory = try StandIns(scratch).directory
        try FileManager.default.removeItem(atPath: directory + "/zoneadm")
        try expect(Hooks.run("hvm", ["-C", directory]), equals: Hooks.run("hvm", ["help"]))
        try expect(
            Hooks.run("hvm", ["list", "-C", directory]),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    error: there is no \(directory)/zoneadm
                      on a machine without zones, zonelab shell opens a lab that has them

                    """))
    }

    @Test("attributes are those of boot -A", arguments: [[], ["ram"], ["-j"], ["-j", "vcpus"]])
    func attributes(_ arguments: [String]) throws {
        try expect(Hooks.run("hvm", ["attributes"] + arguments), equals: Hooks.run("boot", ["-A"] + arguments))
    }

    @Test("the console is zlogin's")
    func console() throws {
        let scratch = try Scratch()
        let commands = try StandIns(scratch, ["zlogin": "echo here; exit 7"])
        try expect(
            Hooks.run("hvm", ["console", "-C", commands.directory, "web"]),
            equals: Outcome(status: 7, output: "here\n", errors: ""))
        try expect(commands.calls, equals: ["zlogin [-C] [web]"])
        try expect(
            Hooks.run("hvm", ["console", "-C", "/nonexistent", "web"]),
            equals: Outcome(
                status: 255, output: "",
                errors: "zone web: error: run /nonexistent/zlogin: No such file or directory\n"))
    }

    @Test(
        "bash completes words, zones and attributes",
        arguments: [
            ("hvm st", ["status", "stop"]), ("hvm c", ["console", "completion"]), ("hvm status d", ["db1", "db2"]),
            ("hvm attributes vn", ["vnc"]), ("hvm help ver", ["verify", "version"]),
            ("hvm completion ", ["bash", "zsh"]),
            ("hvm version ", []), ("hvm nonsense ", []),
        ])
    func bash(_ line: String, _ choices: [String]) throws {
        let script = """
            eval "$("$0" completion bash)"
            hvm() { [ "$*" = 'list -q' ] && printf 'db1\\nweb\\ndb2\\n'; }
            IFS=' ' read -ra COMP_WORDS <<<"$1"
            [ "${1% }" = "$1" ] || COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            complete -p hvm >&2
            _hvm
            echo "${COMPREPLY[*]}"
            """
        try expect(
            Hooks.run(program: "/bin/bash", ["-c", script, Hooks.directory + "/hvm", line]),
            equals: Outcome(
                status: 0, output: choices.joined(separator: " ") + "\n", errors: "complete -F _hvm hvm\n"))
    }

    @Test(
        "zsh completes words with what they do, zones and attributes",
        arguments: [
            ("hvm st", ["status", "stop", "all about one", "ask a guest"]), ("hvm status d", ["db1", "db2"]),
            ("hvm attributes vn", ["vnc"]), ("hvm help ver", ["verify", "version"]),
            ("hvm completion ", ["bash", "zsh"]),
        ])
    func zsh(_ line: String, _ choices: [String]) throws {
        // Completion wants a terminal, which zsh's own zpty makes. Two tabs ask for the choices; what is shown is read for 20 s
        // at most.
        let script = #"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "PS1=; autoload -U compinit; compinit -D -u"
            zpty -w shell "eval \"\$('$1' completion zsh)\""
            zpty -w shell "hvm() { [ \"\$*\" = 'list -q' ] && printf 'db1\\nweb\\ndb2\\n' }; print rea''dy"
            zpty -r shell shown '*ready*'
            zpty -n -w shell "$2"$'\t\t'
            all=
            for i in {1..200}; do
                while zpty -r -t shell shown; do all+=$shown; done
                for choice in $@[3,-1]; do [[ $all = *$choice* ]] || { sleep 0.1; continue 2 } done
                break
            done
            zpty -d shell
            print -r -- $all
            """#
        let outcome = try Hooks.run(
            program: "/usr/bin/zsh", ["-f", "-c", script, "zsh", Hooks.directory + "/hvm", line] + choices)
        for choice in choices { expect(outcome.output, contains: choice) }
        expect(outcome.errors, equals: "")
    }
}
