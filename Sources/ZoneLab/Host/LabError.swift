import Glibc
import Text

/// Why a command of the lab cannot go on: what is wrong, the way out, and the exit status.
struct LabError: Error, Equatable {
    let message: String
    let remedy: [String]
    let status: Int32

    /// The exit status for wrong usage.
    static let wrongUsage: Int32 = 2

    init(_ message: String, remedy: String..., status: Int32 = 1) {
        self.init(message, remedies: remedy, status: status)
    }

    init(_ message: String, remedies: [String], status: Int32 = 1) {
        self.message = message
        remedy = remedies
        self.status = status
    }

    /// A system call that failed, by `errno`.
    init(errno code: Int32, _ action: String, remedy: String...) {
        message = "\(action): \(String(cString: strerror(code)))"
        self.remedy = remedy
        status = 1
    }

    /// A failure that everything has been said about.
    static let told = LabError("")

    var isTold: Bool { self == .told }

    /// Wrong usage of a command: its usage text follows.
    static func usage(_ text: String) -> LabError { LabError(text, status: wrongUsage) }

    /// What the lab leaves out, said as such.
    static func notInTheLab(_ what: String) -> LabError { LabError("\(what): not in the lab") }

    /// The lines for standard error.
    func text(_ program: String) -> String {
        "\(program): \(message)\n" + remedy.map { "  \($0)\n" }.joined()
    }
}
