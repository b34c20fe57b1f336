/// Why a text, or the bytes of a file, are not what they should be: an attribute's value, a command line, a variable store.
/// The place it is in is named by whoever reports it.
package struct ValueError: Error, Equatable, Sendable {
    /// What is wrong, with the value: `"1Q" is not a size`.
    package let message: String
    /// What would be right; empty where the message says it, or a usage text follows.
    package let remedy: String

    package init(_ message: String, remedy: String = "") {
        self.message = message
        self.remedy = remedy
    }

    /// The usual sentence: the value in quotes, and what it is not.
    package init(_ value: String, isNot what: String, remedy: String) {
        self.init("\(value.quoted) is not \(what)", remedy: remedy)
    }
}
