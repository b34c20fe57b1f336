import Text

/// `key` or `key=value` in a comma list; split at the first `=` alone.
package struct DeviceOption: Equatable, Sendable {
    /// What is before the first `=`.
    package let key: String
    /// What is after it; `nil` for a bare word.
    package let value: String?

    init(_ part: String) {
        let (key, value) = part.splitOnce(at: "=")
        self.key = key.trimmed
        self.value = value?.trimmed
    }

    /// `KEY=VALUE`, or `KEY` alone.
    package var text: String { value.map { "\(key)=\($0)" } ?? key }
}
