import Platform
import Text

/// Booleans, in any letter case.
enum Flag {
    static let syntax = "on or off"

    static func parse(_ text: String) throws(ValueError) -> Bool {
        switch text.lowercasedASCII {
        case "true", "yes", "on", "1": true
        case "false", "no", "off", "0": false
        default:
            throw ValueError(text, isNot: "on or off", remedy: "use on or off (true, yes, 1, false, no and 0 do too)")
        }
    }
}

/// One word out of a few.
enum Choice {
    static func check(_ text: String, _ choices: [String]) throws(ValueError) -> String {
        guard choices.contains(text) else { throw error(text, choices) }
        return text
    }

    static func parse<Value: RawRepresentable<String>>(_ text: String, _ choices: [Value]) throws(ValueError) -> Value {
        guard let choice = choices.first(where: { $0.rawValue == text }) else {
            throw error(text, choices.map { $0.rawValue })
        }
        return choice
    }

    private static func error(_ text: String, _ choices: [String]) -> ValueError {
        let near = choices.first { $0.editDistance(to: text.lowercasedASCII, atMost: 2) != nil }
        return ValueError(
            text, isNot: "one of the choices",
            remedy: near.map { "did you mean \($0)?" } ?? "use " + list(choices, "or"))
    }
}

/// Another spelling of a value.
struct Alias: Equatable, Sendable {
    let from: String
    let to: String

    init(_ from: String, _ to: String) {
        self.from = from
        self.to = to
    }
}

/// The name of an emulated device's model.
enum Interface {
    static func resolve(_ text: String, _ aliases: [Alias]) throws(ValueError) -> String {
        guard text.utf8.allSatisfy({ $0 != 0x2c && $0 != 0x3d && !$0.isWhiteSpace }) else {
            throw ValueError(text, isNot: "the name of a device model", remedy: "use one word, such as virtio")
        }
        return aliases.first { $0.from == text }?.to ?? text
    }
}

/// A time to wait, in whole seconds.
enum Seconds {
    static func parse(_ text: String) throws(ValueError) -> Int {
        guard let seconds = text.decimal(in: 0...86400) else {
            throw ValueError(text, isNot: "a number of seconds from 0 to 86400", remedy: "use a number, such as 120")
        }
        return seconds
    }
}

/// A comma list of IP addresses.
package struct AddressList: Equatable, Sendable {
    /// In the order in which they are written.
    package let addresses: [IPAddress]

    init(_ text: String) throws(ValueError) {
        var addresses: [IPAddress] = []
        for part in text.trimmedParts(separator: ",") {
            guard let address = IPAddress(part) else {
                throw ValueError(
                    part, isNot: "an IP address", remedy: "use addresses with commas between, such as 192.0.2.53")
            }
            addresses.append(address)
        }
        self.addresses = addresses
    }
}

extension AddressList: AttributeValue {
    var text: String { addresses.map { $0.text }.joined(separator: ",") }
}

/// The name of a DNS domain.
enum DomainName {
    /// The text itself, when it is one: labels of letters, digits, hyphens and underscores (RFC 1035, RFC 8552).
    static func check(_ text: String) throws(ValueError) -> String {
        let labels = text.pieces(separator: ".")
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        }
        guard isName, text.utf8.count <= 253 else {
            throw ValueError(text, isNot: "a domain", remedy: "use one domain, such as example.com")
        }
        return text
    }
}

/// A secret given as itself, or by the absolute path of a host file that holds it.
package enum SecretSource: Equatable, Sendable {
    case text(Secret)
    case file(String)

    init(_ text: String) {
        self = text.beginsWith("/") ? .file(text) : .text(Secret(text))
    }
}

extension Bool: AttributeValue {
    var text: String { self ? "on" : "off" }
    func shown(written: String) -> String { written }
}

extension Int: AttributeValue {
    var text: String { String(self) }
}

extension String: AttributeValue {
    var text: String { self }
}

extension SecretSource: AttributeValue {
    var text: String { Secret.mask }
}
