/// Why bytes are not a variable store, or why one cannot take a value.
public struct StoreFault: Error, Equatable, Sendable {
    /// `the name of a variable has no end`.
    public let what: String
    /// Where in the file, in bytes; `nil` when the fault has no place.
    public let offset: Int?

    public init(_ what: String, at offset: Int? = nil) {
        self.what = what
        self.offset = offset
    }

    /// `the name of a variable has no end, at 0x64`.
    public var text: String { what + (offset.map { ", at 0x" + String($0, radix: 16) } ?? "") }
}
