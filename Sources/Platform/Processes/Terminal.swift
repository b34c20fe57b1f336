import CPlatform

/// How what is printed is seen.
extension Program {
    /// The columns of the terminal that standard output is; `nil` when it is something else, where lines are not broken.
    package static var outputWidth: Int? { width(of: 1) }

    /// True when standard error is a terminal.
    package static var hasErrorTerminal: Bool { width(of: 2) != nil }

    /// True when standard output takes colour: it is a terminal, and NO_COLOR is not set to anything.
    package static var outputHasColour: Bool {
        outputWidth != nil && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
    }

    /// A terminal that does not tell its width has 80 columns.
    private static func width(of descriptor: Int32) -> Int? {
        let columns = cp_terminal_columns(descriptor)
        return columns < 0 ? nil : columns == 0 ? 80 : Int(columns)
    }
}
