import Platform
import Text

/// What every program answers when it is the first thing asked: `-h` or `--help`, and `-V` or `--version`.
package enum Answer {
    /// Prints the usage text or the version; `nil` when neither is asked for.
    package static func first(_ program: String, _ arguments: [String], usage: String) -> ExitStatus? {
        switch arguments.first {
        case "-h", "--help": Program.print(usage) ? .ok : .fatal
        case "-V", "--version": Program.print(Version.line(of: program)) ? .ok : .fatal
        default: nil
        }
    }
}
