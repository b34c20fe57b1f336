import Machine
import Text

// How bhyve wants values written. A value is what it stores under one key: one option's right side.

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

    /// True for digits that start with a 0, which bhyve's base 0 takes for an octal number: `010`, `08`.
    var hasLeadingZero: Bool {
        let bytes = utf8
        return bytes.count > 1 && bytes.first == UInt8(ascii: "0") && bytes.dropFirst().first?.isDigit == true
    }

    /// A number, unit and all, without the zeros that it starts with.
    var withoutLeadingZeros: String {
        var text = self
        while text.hasLeadingZero { text = String(decoding: text.utf8.dropFirst(), as: UTF8.self) }
        return text
    }
}

extension DeviceOption {
    var bhyveText: String { value.map { "\(key)=\($0.escapedForBhyve)" } ?? key }
}

extension Topology {
    var bhyveText: String {
        let parts = text.pieces(separator: ",").map { part in
            let (key, count) = part.splitOnce(at: "=")
            return count.map { "\(key)=\($0.withoutLeadingZeros)" } ?? key.withoutLeadingZeros
        }
        return parts.joined(separator: ",")
    }
}

extension MemorySize {
    var bhyveText: String { text.withoutLeadingZeros }
}

extension SerialBackend {
    /// Without `wait`: bhyve never waits, and refuses the word.
    var bhyveText: String {
        switch self {
        case .socket(let path, _): "socket,\(path.escapedForBhyve)"
        case .device, .standardInputOutput, .other: text.escapedForBhyve
        }
    }
}

extension DriveSource {
    var bhyveText: String { ([path.escapedForBhyve] + options.map { $0.bhyveText }).joined(separator: ",") }
}

extension Share {
    var bhyveText: String {
        "\(name.escapedForBhyve)=\(path.escapedForBhyve)" + (isReadOnly ? ",ro" : "")
    }
}

extension VNCServer {
    /// The options of the framebuffer; the password is not among them.
    var bhyveText: String {
        var parts: [String] = []
        if case .unix(let path) = listener { parts.append("unix=\(path)") }
        if waits { parts.append("wait") }
        parts += options.map { option in
            guard ["w", "h"].contains(option.key), let size = option.value else { return option.bhyveText }
            return "\(option.key)=\(size.withoutLeadingZeros)"
        }
        return parts.joined(separator: ",")
    }
}
