/// What text from elsewhere looks like in messages, logs and JSON: it may be hostile, and long.
extension String {
    /// With what does not show written as `\xNN`, byte by byte, so that hostile text can do nothing to a terminal or a log.
    package var printable: String {
        guard unicodeScalars.contains(where: { $0.isHidden }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isHidden {
                for byte in String(Character(scalar)).utf8 { text += "\\x\(byte.hexadecimal)" }
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// The first so many characters, with a mark where that is not all.
    package func cut(to length: Int) -> String {
        let scalars = unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: length, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return self }
        return "\(String(scalars[..<end]))…"
    }

    /// In double quotes, for a message: 64 characters of it, which is enough to know it by.
    package var quoted: String { "\"\(cut(to: 64))\"" }
}

extension Unicode.Scalar {
    /// Shows nothing by itself, but does something to a terminal, or to what is around it: a control character, a line
    /// or paragraph separator, or one that turns the direction of text.
    var isHidden: Bool {
        switch value {
        case 0..<0x20, 0x7f..<0xa0, 0x61c, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069: true
        default: false
        }
    }
}
