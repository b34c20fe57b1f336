import CEdit
import Glibc

/// Lines of the terminal with cursor keys, a history that is kept, and completion; by libedit.
final class LineEditor {
    /// Returns the last word of what is typed, and the words that it could become.
    typealias Completion = (String) -> (word: String, found: [String])

    enum Line: Equatable {
        case text(String)
        /// Ctrl-C, after this was typed.
        case interrupted(String)
        case end
    }

    /// The C library has one callback, and a process one terminal.
    nonisolated(unsafe) private static var completion: Completion = { _ in ("", []) }

    /// Keeps the history in a file. `nil` when this terminal cannot be edited.
    init?(history: String, _ completion: @escaping Completion) {
        Self.completion = completion
        let begun = ce_begin(history) { line in
            let (word, found) = LineEditor.completion(line.map { String(cString: $0) } ?? "")
            return strdup(found.map { "\($0.dropFirst(word.count))\t\($0)\n" }.joined())
        }
        guard begun == 0 else { return nil }
    }

    deinit { ce_end() }

    func line(_ prompt: String) -> Line {
        var interrupted: Int32 = 0
        let text = prompt.withCString { ce_line($0, &interrupted).map { String(cString: $0) } }
        guard let text else { return .end }
        return interrupted == 1 ? .interrupted(text) : .text(text)
    }
}
