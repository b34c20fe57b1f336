/// Finds `~.` and `~?` at the start of a line among what is typed; `~~` is one `~`.
struct EscapeSequence {
    private(set) var isLeaving = false
    /// True after `~?`, until it is answered.
    private(set) var isAsking = false
    private var isAtLineStart = true
    private var hasTilde = false

    /// The question has been answered.
    mutating func answer() { isAsking = false }

    /// What goes on to the other side.
    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        var passed: [UInt8] = []
        for byte in bytes where !isLeaving {
            if hasTilde {
                hasTilde = false
                if byte == UInt8(ascii: ".") {
                    isLeaving = true
                    continue
                }
                if byte == UInt8(ascii: "?") {
                    isAsking = true
                    isAtLineStart = true
                    continue
                }
                passed.append(UInt8(ascii: "~"))
                if byte == UInt8(ascii: "~") { continue }
            } else if isAtLineStart && byte == UInt8(ascii: "~") {
                hasTilde = true
                isAtLineStart = false
                continue
            }
            passed.append(byte)
            isAtLineStart = byte == 0x0d || byte == 0x0a
        }
        return passed
    }
}
