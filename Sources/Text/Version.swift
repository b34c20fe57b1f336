/// The version of the hooks and of `hvm`: this is the one place that says it.
package enum Version {
    package static let text = "0.1.0"

    /// What a program says when it is asked: `boot (hvm-brand) 0.1.0`.
    package static func line(of program: String) -> String { "\(beginning(program))\(text)\n" }

    /// The version in what a program said; `nil` when it is not one of ours.
    package static func told(by program: String, in line: String) -> String? {
        line.dropping(prefix: beginning(program))?.trimmed
    }

    private static func beginning(_ program: String) -> String { "\(program) (hvm-brand) " }
}
