/// Why a hook cannot go on: what it tells the administrator at its end.
package struct Failure: Error, Equatable, Sendable {
    /// What is told; an error.
    package let diagnostic: Diagnostic

    package init(_ diagnostic: Diagnostic) {
        self.diagnostic = diagnostic
    }

    /// A failure with these words, about a file where one is named.
    package init(_ message: String, file: String? = nil, line: Int? = nil, remedy: String...) {
        diagnostic = Diagnostic(.error, file: file, line: line, message: message, remedy: Array(remedy))
    }

    /// A call of the system that failed: it names the path itself.
    package init(_ error: SystemError, remedy: String...) {
        diagnostic = Diagnostic(.error, file: nil, line: nil, message: error.description, remedy: Array(remedy))
    }
}
