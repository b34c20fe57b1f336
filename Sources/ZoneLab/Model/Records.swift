import Text

extension String {
    /// Its lines; what is after the last newline is one when it is not empty.
    var lines: [String] {
        let all = pieces(separator: "\n")
        return all.last == "" ? all.dropLast() : all
    }

    /// The lines that are no comments and not empty, as the lab's lists have them.
    var records: [String] {
        pieces(separator: "\n").filter { !$0.hasPrefix("#") && !$0.trimmed.isEmpty }
    }
}
