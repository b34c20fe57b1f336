/// Why a text, or the bytes of a file, are not what they should be: an attribute's value, a command line, a variable store.
/// The place it stands in is named by whoever reports it.
public struct ValueError: Error, Equatable, Sendable {
    /// What is wrong, with the value: `"1Q" is not a size`.
    public let message: String
    /// What would be right; empty where the message says it, or a usage text follows.
    public let remedy: String

    public init(_ message: String, remedy: String = "") {
        self.message = message
        self.remedy = remedy
    }

    /// The usual sentence: the value in quotes, and what it is not.
    public init(_ value: String, isNot what: String, remedy: String) {
        self.init("\(value.quoted) is not \(what)", remedy: remedy)
    }
}
