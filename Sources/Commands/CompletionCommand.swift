import Machine
import Platform
import Text

/// `hvm completion`: what a shell needs to complete words, zones and attributes, from the table of words.
enum CompletionCommand {
    static let word = Word(
        name: "completion", summary: "completion for a shell: eval \"$(hvm completion bash)\"", operand: .shell,
        usage: usage, run: run)

    private static let usage = """
        usage: hvm completion bash | zsh

          -h  show this text

        """

    private static let shells = ["bash", "zsh"]

    private static func run(_ arguments: [String]) -> ExitStatus {
        Call.run("completion", arguments, usage: usage, zone: .none, words: 1) { call throws(ValueError) in
            switch call.words.first {
            case "bash": return Program.print(bash) ? .ok : .fatal
            case "zsh": return Program.print(zsh) ? .ok : .fatal
            case let name?: throw ValueError("\(name.printable.quoted) is not bash or zsh")
            case nil: throw ValueError("no shell given")
            }
        }
    }

    private static var bash: String {
        """
        _hvm() {
            local current=${COMP_WORDS[COMP_CWORD]} choices=
            if [ "$COMP_CWORD" -eq 1 ]; then
                choices='\(names.joined(separator: " "))'
            else
                case ${COMP_WORDS[1]} in
        \(branches { "choices=\"\($0)\"" }.joined(separator: "\n"))
                esac
            fi
            COMPREPLY=($(compgen -W "$choices" -- "$current"))
        }
        complete -F _hvm hvm

        """
    }

    private static var zsh: String {
        """
        #compdef hvm
        _hvm() {
            if (( CURRENT == 2 )); then
                local -a hvm_words=(
        \(Word.all.map { "            \(ShellWords.quote("\($0.name):\($0.summary)"))" }.joined(separator: "\n"))
                )
                _describe word hvm_words
            else
                case $words[2] in
        \(branches { "compadd -- \($0)" }.joined(separator: "\n"))
                esac
            fi
        }
        compdef _hvm hvm

        """
    }

    private static var names: [String] { Word.all.map { $0.name } }

    /// The branches of a `case` over words, with what stands for the choices of each.
    private static func branches(_ act: (String) -> String) -> [String] {
        Word.Operand.allCases.compactMap { operand in
            let words = Word.all.filter { $0.operand == operand }.map { $0.name }
            let choices: String? =
                switch operand {
                case .zone: "$(hvm list -q 2>/dev/null)"
                case .attribute: AttributeTable.rows.map { $0.name }.unique.joined(separator: " ")
                case .word: names.joined(separator: " ")
                case .shell: shells.joined(separator: " ")
                case .nothing: nil
                }
            return choices.map { "        \(words.joined(separator: " | "))) \(act($0)) ;;" }
        }
    }
}

extension Array where Element == String {
    /// Each of them once, in the order in which they come first.
    fileprivate var unique: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
