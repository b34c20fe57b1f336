import Text

/// How the host's commands read their arguments.
extension Options {
    /// Reads a command's arguments, options among operands too. Throws wrong usage, with the usage text.
    static func read(_ arguments: [String], _ letters: String, usage: String) throws -> Options {
        try telling(usage) { () throws(ValueError) in try Options(arguments, letters: letters) }
    }

    /// The same for a command whose options end where the first operand stands, as getopt(3) has it on illumos.
    static func readLeading(_ arguments: [String], _ letters: String, usage: String) throws -> Options {
        try telling(usage) { () throws(ValueError) in try leading(arguments, letters) }
    }

    /// The options before the first operand, and the operands.
    static func leading(_ arguments: [String], _ letters: String) throws(ValueError) -> Options {
        let (own, words) = split(arguments, letters: letters)
        let isEnded = own.last == "--" || words.isEmpty
        return try Options(own + (isEnded ? [] : ["--"]) + words, letters: letters)
    }

    private static func telling(_ usage: String, _ body: () throws(ValueError) -> Options) throws -> Options {
        do {
            return try body()
        } catch {
            throw LabError.usage("\(error.message)\n\(usage)")
        }
    }
}
