/// A JSON value to be written (RFC 8259). Objects keep the order they are given in.
package indirect enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Int)
    case string(String)
    case array([JSON])
    case object([Member])

    /// One name and value of an object.
    package struct Member: Equatable, Sendable {
        package let name: String
        package let value: JSON

        package init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// A string, or `null`.
    package static func optional(_ text: String?) -> JSON {
        text.map { .string($0) } ?? .null
    }

    /// A number, or `null`.
    package static func optional(number: Int?) -> JSON {
        number.map { .number($0) } ?? .null
    }

    /// The value, or `null`.
    package static func optional(value: JSON?) -> JSON {
        value ?? .null
    }

    /// The value on one line, without blanks between its parts.
    @export(interface)
    package var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let value): String(value)
        case .string(let value): JSON.quoted(value)
        case .array(let values): "[" + values.map { $0.text }.joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { "\(JSON.quoted($0.name)):\($0.value.text)" }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(Character(scalar))"
            case "\n": quoted += "\\n"
            // They all have four digits at most.
            case let hidden where hidden.isHidden:
                quoted += "\\u\(UInt8(hidden.value >> 8).hexadecimal)\(UInt8(hidden.value & 0xff).hexadecimal)"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return "\(quoted)\""
    }
}
