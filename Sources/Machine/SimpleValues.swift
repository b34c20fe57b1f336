import Platform

/// Booleans, in any letter case.
enum Flag {
    static func parse(_ text: String) throws(ValueError) -> Bool {
        switch text.lowercased() {
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
        guard choices.contains(text) else {
            let near = choices.first { $0.editDistance(to: text.lowercased()) <= 2 }
            throw ValueError(
                text, isNot: "one of the choices",
                remedy: near.map { "did you mean " + $0 + "?" } ?? "use " + list(choices, "or"))
        }
        return text
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

/// UUIDs as RFC 4122 writes them.
public enum UUIDText {
    /// The text itself, when it is a UUID.
    static func check(_ text: String) throws(ValueError) -> String {
        guard isValid(text) else {
            throw ValueError(
                text, isNot: "a UUID", remedy: "use the form 8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11; uuidgen(1) makes one"
            )
        }
        return text
    }

    /// True for 8-4-4-4-12 hexadecimal digits.
    public static func isValid(_ text: String) -> Bool {
        let groups = text.pieces(separator: "-")
        return groups.map { $0.utf8.count } == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.utf8.allSatisfy { $0.isHexadecimalDigit } }
    }

    /// A version 4 UUID of 16 random bytes (RFC 4122, 4.4).
    public static func random(_ bytes: [UInt8]) -> String {
        var bytes = bytes
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text += "-" }
            text += byte.hexadecimal
        }
        return text
    }
}

extension UInt8 {
    var isHexadecimalDigit: Bool { isDigit || (0x61...0x66).contains(self | 0x20) }
}

/// A comma list of IP addresses.
enum Addresses {
    static func check(_ text: String) throws(ValueError) -> String {
        let parts = text.trimmedParts(separator: ",")
        for part in parts where AddressFamily(address: part) == nil {
            throw ValueError(
                part, isNot: "an IP address", remedy: "use addresses with commas between, such as 192.0.2.53")
        }
        return parts.joined(separator: ",")
    }
}

/// Arguments as a shell splits them.
enum Words {
    static func parse(_ text: String) throws(ValueError) -> [String] {
        do {
            return try ShellWords.split(text)
        } catch {
            let problem =
                switch error {
                case .unclosedQuote(let quote): "the quote " + String(quote) + " is not closed"
                case .nothingEscaped: "nothing follows the backslash at the end"
                }
            throw ValueError("in \"" + text + "\" " + problem, remedy: "quote the words as a shell wants them")
        }
    }
}

/// A secret given as itself, or by the absolute path of a host file that holds it.
public enum SecretSource: Equatable, Sendable {
    case text(Secret)
    case file(String)

    init(_ text: String) {
        self = text.beginsWith("/") ? .file(text) : .text(Secret(text))
    }
}

/// What VNC can do with a password.
public enum ScreenPassword {
    /// Bytes of a password that count (RFC 6143 §7.2.2).
    private static let significant = 8

    /// What is worth a warning about a password; `nil` when nothing is.
    public static func problem(_ password: Secret) -> ValueError? {
        guard password.revealed.utf8.count > significant else { return nil }
        return ValueError(
            "of the password only the first " + String(significant) + " bytes count",
            remedy: "VNC knows no longer ones; reach the screen through vnc(1) and SSH instead of over a network")
    }
}

/// The kinds of guests that are treated differently (attr `type`).
public enum GuestType: String, CaseIterable, Sendable {
    case generic
    /// The LPC bridge stands at slot 31, the CD-ROMs always at slot 3.
    case windows
    /// Accesses to unknown model-specific registers are ignored.
    case openbsd
}
