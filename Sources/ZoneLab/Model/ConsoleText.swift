/// Counts how often a text comes by in a stream.
struct TextSearch {
    private(set) var count = 0
    private let text: [UInt8]
    private var tail: [UInt8] = []

    init(_ text: String) { self.text = Array(text.utf8) }

    mutating func take(_ bytes: [UInt8]) {
        tail += bytes
        var start = 0
        while start + text.count <= tail.count {
            if tail[start] == text[0], tail[start..<(start + text.count)].elementsEqual(text) {
                count += 1
                start += text.count
            } else {
                start += 1
            }
        }
        tail.removeFirst(start)
    }
}

/// Takes terminals' control sequences (ECMA-48: ESC, `[`, parameters, a final byte) out of a stream: firmware clears
/// the screen many times.
struct EscapeFilter {
    private enum State { case text, escape, sequence }
    private var state = State.text

    /// What is left.
    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        bytes.filter { byte in
            switch state {
            case .text:
                if byte == 0x1b { state = .escape }
                return state == .text
            case .escape:
                state = byte == UInt8(ascii: "[") ? .sequence : .text
            case .sequence:
                if (0x40...0x7e).contains(byte) { state = .text }
            }
            return false
        }
    }
}
