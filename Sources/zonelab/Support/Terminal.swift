import Glibc

/// The administrator's terminal.
enum Terminal {
    static var hasInput: Bool { isatty(0) == 1 }
    static var hasOutput: Bool { isatty(1) == 1 }

    /// A question on the terminal; true for a yes.
    static func asks(_ question: String) -> Bool {
        Stream.write(1, question + " (y/[n])? ")
        let answer = readLine() ?? ""
        return answer.lowercased().hasPrefix("y")
    }

    /// Runs with the terminal in raw mode, when standard input is one, and restores it however the body ends.
    static func raw<R>(_ body: () throws -> R) rethrows -> R {
        var before = termios()
        guard hasInput, tcgetattr(0, &before) == 0 else { return try body() }
        var raw = before
        cfmakeraw(&raw)
        tcsetattr(0, TCSANOW, &raw)
        defer { tcsetattr(0, TCSADRAIN, &before) }
        return try body()
    }
}
