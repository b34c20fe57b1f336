/// The version of the hooks and of `hvm`: this is the one place that says it.
package enum Version {
    package static let text = "0.1.0"

    /// What a program says when it is asked: `boot (hvm-brand) 0.1.0`.
    package static func line(of program: String) -> String { "\(program) (hvm-brand) \(text)\n" }
}
