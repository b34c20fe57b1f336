/// The few things the hooks do with text. Bytes decide, not what Unicode counts as one character: a comma or slash with a
/// combining mark after it is a comma or slash to every hypervisor, shell and kernel.
extension String {
    /// Without the ASCII white space at both ends.
    package var trimmed: String {
        let bytes = utf8
        guard let first = bytes.firstIndex(where: { !$0.isWhiteSpace }) else { return "" }
        var end = bytes.endIndex
        while bytes[bytes.index(before: end)].isWhiteSpace { end = bytes.index(before: end) }
        return String(self[first..<end])
    }

    /// The text before the first separator and the text after it; `nil` after when there is no separator.
    package func splitOnce(at separator: Unicode.Scalar) -> (before: String, after: String?) {
        guard let place = utf8.firstIndex(of: UInt8(ascii: separator)) else { return (self, nil) }
        return (String(self[..<place]), String(self[utf8.index(after: place)...]))
    }

    /// The parts between separators.
    package func pieces(separator: Unicode.Scalar, omittingEmpty: Bool = false) -> [String] {
        utf8.split(separator: UInt8(ascii: separator), omittingEmptySubsequences: omittingEmpty).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// The parts between colons that stand outside double quotes, without the quotes, as /etc/zones/index has them;
    /// `nil` when a quote is not closed.
    package var colonFields: [String]? {
        var fields: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ":") where !isQuoted: fields.append([])
            default: fields[fields.count - 1].append(byte)
            }
        }
        return isQuoted ? nil : fields.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The parts between separators, each trimmed; empty ones stay.
    package func trimmedParts(separator: Unicode.Scalar) -> [String] {
        pieces(separator: separator).map { $0.trimmed }
    }

    /// True when these bytes are at its beginning.
    package func beginsWith(_ prefix: String) -> Bool {
        utf8.starts(with: prefix.utf8)
    }

    /// True when these bytes are at its end.
    package func endsWith(_ suffix: String) -> Bool {
        utf8.reversed().starts(with: suffix.utf8.reversed())
    }

    /// True when this ASCII character is in it.
    package func holds(_ character: Unicode.Scalar) -> Bool {
        utf8.contains(UInt8(ascii: character))
    }

    /// True when these bytes are in it.
    package func holds(text: String) -> Bool {
        let bytes = Array(utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: text.utf8) } || text.isEmpty
    }

    /// The text after a prefix, or `nil` when it does not start with it.
    package func dropping(prefix: String) -> String? {
        beginsWith(prefix) ? String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : nil
    }

    /// The first control character: an ASCII one (below 0x20, or 0x7f), or the second byte of a C1 one (U+0080–U+009F);
    /// `nil` when there is none.
    package var firstControlCharacter: UInt8? {
        var previous: UInt8 = 0
        for byte in utf8 {
            if byte.isControl(after: previous) { return byte }
            previous = byte
        }
        return nil
    }

    /// Filled up with blanks behind to a width in characters.
    package func padded(to width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }

    /// The last component of a path.
    package var baseName: String {
        pieces(separator: "/", omittingEmpty: true).last ?? self
    }

    /// A path without trailing slashes; the root stays `/`.
    package var withoutTrailingSlashes: String {
        var path = self
        while path.utf8.count > 1 && path.endsWith("/") { path = String(decoding: path.utf8.dropLast(), as: UTF8.self) }
        return path
    }

    /// True when this path is the other one or lies below it. Both are absolute and have no trailing slash.
    package func isPath(atOrBelow directory: String) -> Bool {
        utf8.elementsEqual(directory.utf8) || directory == "/" || beginsWith("\(directory)/")
    }

    /// The value of a non-empty run of ASCII digits, when it lies in the range; `nil` for anything else, however long.
    package func decimal(in range: ClosedRange<Int>) -> Int? {
        guard !isEmpty, utf8.allSatisfy({ $0.isDigit }), let value = Int(self), range.contains(value) else {
            return nil
        }
        return value
    }

    /// With `A`–`Z` as `a`–`z`. No other letter has a case where the hooks look for words.
    package var lowercasedASCII: String {
        String(decoding: utf8.map { $0.lowercasedASCII }, as: UTF8.self)
    }

    /// How many insertions, removals and replacements of a byte, and swaps of two that stand side by side, lead from one text
    /// to the other; `nil` when they are more than the limit.
    package func editDistance(to other: String, atMost limit: Int) -> Int? {
        let (from, to) = (Array(utf8), Array(other.utf8))
        // The distances of the text so far from each beginning of the other one, and the same one and two bytes before.
        var row = [Int](repeating: 0, count: to.count + 1)
        for j in row.indices { row[j] = j }
        var (last, lastButOne) = (row, row)
        var (smallest, lastSmallest) = (0, 0)
        for i in from.indices {
            (row, last, lastButOne) = (lastButOne, row, last)
            row[0] = i + 1
            (smallest, lastSmallest) = (i + 1, smallest)
            for j in to.indices {
                var distance = Swift.min(last[j] + (from[i] == to[j] ? 0 : 1), row[j] + 1, last[j + 1] + 1)
                if i > 0 && j > 0 && from[i] == to[j - 1] && from[i - 1] == to[j] {
                    distance = Swift.min(distance, lastButOne[j - 1] + 1)
                }
                row[j + 1] = distance
                smallest = Swift.min(smallest, distance)
            }
            // What follows is made of these two.
            guard Swift.min(smallest, lastSmallest) <= limit else { return nil }
        }
        return row[to.count] <= limit ? row[to.count] : nil
    }
}

extension UInt8 {
    /// Blank, tab, line feed, vertical tab, form feed or carriage return.
    package var isWhiteSpace: Bool { self == 0x20 || (0x09...0x0d).contains(self) }

    /// True for an ASCII control character, and for the second byte of a C1 one.
    func isControl(after previous: UInt8) -> Bool {
        self < 0x20 || self == 0x7f || (previous == 0xc2 && (0x80...0x9f).contains(self))
    }

    /// `a`–`z` for `A`–`Z`; any other byte is itself.
    package var lowercasedASCII: UInt8 { (0x41...0x5a).contains(self) ? self | 0x20 : self }

    /// `0`–`9`.
    package var isDigit: Bool { (0x30...0x39).contains(self) }

    /// `0`–`9`, `A`–`Z` or `a`–`z`.
    package var isLetterOrDigit: Bool { isDigit || (0x61...0x7a).contains(self | 0x20) }

    /// Two lower-case hexadecimal digits.
    package var hexadecimal: String {
        let digits = String(self, radix: 16)
        return digits.utf8.count == 1 ? "0\(digits)" : digits
    }
}

/// The texts between commas with "and" or "or" before the last: `K, M, G or T`.
package func list(_ items: [String], _ lastWord: String) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " \(lastWord) \(last)"
}
