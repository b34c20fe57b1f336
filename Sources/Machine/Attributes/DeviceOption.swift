import Text

/// `key` or `key=value` in a comma list; split at the first `=` alone.
public struct DeviceOption: Equatable, Sendable {
    public let key: String
    public let value: String?

    init(_ part: String) {
        let (key, value) = part.splitOnce(at: "=")
        self.key = key.trimmed
        self.value = value?.trimmed
    }

    public var text: String { value.map { key + "=" + $0 } ?? key }
}
