/// The few things the hooks do with text, over UTF-8 and without Unicode tables where ASCII decides.
extension String {
    /// Without the ASCII white space at both ends.
    public var trimmed: String {
        let bytes = utf8
        guard let first = bytes.firstIndex(where: { !$0.isWhiteSpace }) else { return "" }
        var end = bytes.endIndex
        while bytes[bytes.index(before: end)].isWhiteSpace { end = bytes.index(before: end) }
        return String(self[first..<end])
    }

    /// The text before the first separator and the text after it; `nil` after when there is no separator.
    public func splitOnce(at separator: Character) -> (before: String, after: String?) {
        guard let place = firstIndex(of: separator) else { return (self, nil) }
        return (String(self[..<place]), String(self[index(after: place)...]))
    }

    /// The parts between separators, each trimmed; empty ones stay.
    public func trimmedParts(separator: Character) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map { String($0).trimmed }
    }

    /// The text after a prefix, or `nil` when it does not start with it.
    public func dropping(prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }

    /// The first ASCII control character (below 0x20, or 0x7f), or `nil`.
    public var firstControlCharacter: UInt8? {
        utf8.first { $0 < 0x20 || $0 == 0x7f }
    }

    /// With control characters written as `\xNN`, so that hostile text can do nothing to a terminal or a log.
    public var printable: String {
        guard firstControlCharacter != nil else { return self }
        var text: [UInt8] = []
        for byte in utf8 {
            text += byte < 0x20 || byte == 0x7f ? Array(("\\x" + byte.hexadecimal).utf8) : [byte]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Filled up with blanks behind to a width in characters.
    public func padded(to width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }

    /// The last component of a path.
    public var baseName: String {
        split(separator: "/").last.map { String($0) } ?? self
    }

    /// A path without trailing slashes; the root stays `/`.
    public var withoutTrailingSlashes: String {
        var path = self
        while path.utf8.count > 1 && path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// True when this path is the other one or lies below it. Both are absolute and have no trailing slash.
    public func isPath(atOrBelow directory: String) -> Bool {
        self == directory || directory == "/" || hasPrefix(directory + "/")
    }

    /// The value of a non-empty run of ASCII digits, when it lies in the range; `nil` for anything else, however long.
    public func decimal(in range: ClosedRange<Int>) -> Int? {
        guard !isEmpty, utf8.allSatisfy({ $0.isDigit }), let value = Int(self), range.contains(value) else { return nil }
        return value
    }

    /// How many single-character insertions, removals and replacements lead from one text to the other.
    public func editDistance(to other: String) -> Int {
        let from = Array(utf8)
        let to = Array(other.utf8)
        var row = Array(0...to.count)
        for (i, byte) in from.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, otherByte) in to.enumerated() {
                let replaced = diagonal + (byte == otherByte ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = Swift.min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[to.count]
    }
}

extension UInt8 {
    /// Blank, tab, line feed, vertical tab, form feed or carriage return.
    public var isWhiteSpace: Bool { self == 0x20 || (0x09...0x0d).contains(self) }

    /// `0`–`9`.
    public var isDigit: Bool { (0x30...0x39).contains(self) }

    /// Two lower-case hexadecimal digits.
    public var hexadecimal: String {
        let digits = String(self, radix: 16)
        return digits.utf8.count == 1 ? "0" + digits : digits
    }
}

/// The texts between commas with "and" or "or" before the last: `K, M, G or T`.
public func list(_ items: [String], _ lastWord: String) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " " + lastWord + " " + last
}
