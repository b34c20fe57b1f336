import Text

/// An SSH public key, as a line of authorized_keys has it (sshd(8)).
package struct SSHKey: Equatable, Sendable {
    /// The whole line: options, when there are any, the key's type, the key and a comment.
    package let line: String

    /// What the types of keys begin with.
    private static let types = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-sha2-"]

    /// From a trimmed line. The text is in no message: a slip may put a private key there.
    package init(_ line: String) throws(ValueError) {
        let remedy = "use a line of a .pub file, such as ssh-ed25519 AAAA… name; ssh-keygen(1) makes one"
        guard !line.beginsWith("-----BEGIN") else {
            throw ValueError("it is a private key, or no SSH key at all", remedy: remedy)
        }
        guard line.firstControlCharacter == nil, Self.holdsKey(Self.words(of: line)) else {
            throw ValueError("it is not an SSH public key", remedy: remedy)
        }
        self.line = line
    }

    /// True when the first word, or the second after options, is a type, and the next one can be a key.
    private static func holdsKey(_ words: [String]) -> Bool {
        for place in 0..<2 where place + 1 < words.count {
            guard types.contains(where: { words[place].beginsWith($0) }) else { continue }
            return words[place + 1].utf8.allSatisfy { $0.isBase64 }
        }
        return false
    }

    /// The words of a line; a blank in double quotes, as options have them, does not end one.
    private static func words(of line: String) -> [String] {
        var words: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in line.utf8 {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte.isWhiteSpace && !isQuoted {
                words.append([])
            } else {
                words[words.count - 1].append(byte)
            }
        }
        return words.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension UInt8 {
    /// A character of base 64 (RFC 4648), `=` at its end included.
    fileprivate var isBase64: Bool {
        isLetterOrDigit || self == UInt8(ascii: "+") || self == UInt8(ascii: "/") || self == UInt8(ascii: "=")
    }
}
