import Text

/// `key` or `key=value` in a comma list; split at the first `=` alone.
package struct DeviceOption: Equatable, Sendable {
    package let key: String
    package let value: String?

    init(_ part: String) {
        let (key, value) = part.splitOnce(at: "=")
        self.key = key.trimmed
        self.value = value?.trimmed
    }

    package var text: String { value.map { "\(key)=\($0)" } ?? key }
}
