import Text

/// A session as it is printed in documents: lines after `omnios#` are commands, the lines up to the next prompt are
/// what is typed into them.
enum Transcript {
    private static let prompt = "omnios#"
    private static let inputEnd = "END-OF-INPUT-OF-THIS-COMMAND"

    /// What every script starts with: how a command is shown, bold on a terminal.
    private static let prelude = """
        set -e
        if [ -t 1 ]; then bold=$(printf '\\033[1m') plain=$(printf '\\033[0m'); else bold= plain=; fi
        show() { printf '%s%s%s\\n' "$bold" "$1" "$plain"; }

        """

    /// True when the first line that says something is a prompt.
    static func isOne(_ text: String) -> Bool {
        lines(text).first { !$0.trimmed.isEmpty }?.hasPrefix(prompt) ?? false
    }

    /// The same as a shell script: every command is shown, then run; the first that fails ends it.
    static func script(_ text: String) throws -> String {
        var script = prelude
        var command: String?
        var input: [String] = []
        for line in lines(text) {
            if let next = line.dropping(prefix: prompt) {
                if let command { script += step(command, input) }
                command = next.trimmed
                input = []
            } else {
                input.append(withoutPrompt(line))
            }
        }
        if let command { script += step(command, input) }
        return script
    }

    /// Lines of the text; a document's fences are none of the session.
    private static func lines(_ text: String) -> [String] {
        text.pieces(separator: "\n").map { line in
            line.hasSuffix("\r") ? String(line.dropLast()) : line
        }.filter { !$0.hasPrefix("```") }
    }

    /// zonecfg's own prompt is printed too.
    private static func withoutPrompt(_ line: String) -> String {
        guard line.hasPrefix("zonecfg:"), let end = line.firstIndex(of: ">") else { return line }
        return String(line[line.index(after: end)...]).trimmed
    }

    private static func step(_ command: String, _ input: [String]) -> String {
        guard !command.isEmpty else { return "" }
        let shown = "show " + ShellWords.quote("\(prompt) \(command)") + "\n"
        guard input.contains(where: { !$0.trimmed.isEmpty }) else { return "\(shown)\(command)\n" }
        let typed = input.map { "\($0)\n" }.joined()
        return "\(shown)cat <<'\(inputEnd)'\n\(typed)\(inputEnd)\n\(command) <<'\(inputEnd)'\n\(typed)\(inputEnd)\n"
    }
}
