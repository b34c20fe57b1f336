import Machine
import Platform

extension String {
    /// As a value of bhyve's configuration. bhyve expands `%(name)` in a value, and there, but in no other value, takes a
    /// backslash for an escape.
    var escapedForBhyve: String {
        guard holds("%") else { return self }
        let escaped = utf8.flatMap { byte in
            byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), byte] : [byte]
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
