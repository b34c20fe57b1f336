import Glibc

/// The administrator's terminal.
enum Terminal {
    static var hasInput: Bool { isatty(0) == 1 }
    static var hasOutput: Bool { isatty(1) == 1 }

    /// A question on the terminal; true for a yes.
    static func asks(_ question: String) -> Bool {
        Stream.write(1, "\(question) (y/[n])? ")
        let answer = readLine() ?? ""
        return answer.lowercased().hasPrefix("y")
    }

    /// Runs, and gives the terminal back as it was, however what runs leaves it: its settings, and whose it is.
    static func kept<R>(_ body: () throws -> R) rethrows -> R {
        var before = termios()
        guard hasInput, tcgetattr(0, &before) == 0 else { return try body() }
        let isOurs = tcgetpgrp(0) == getpgrp()
        defer {
            // One that is not in the foreground would be stopped.
            let handler = signal(SIGTTOU, SIG_IGN)
            if isOurs { tcsetpgrp(0, getpgrp()) }
            tcsetattr(0, TCSANOW, &before)
            signal(SIGTTOU, handler)
        }
        return try body()
    }

    /// Makes the terminal this process' own, after a shell that has had it: interrupts come here then.
    static func take() {
        guard hasInput, tcgetpgrp(0) != getpgrp() else { return }
        signal(SIGTTOU, SIG_IGN)
        setpgid(0, 0)
        tcsetpgrp(0, getpgrp())
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
