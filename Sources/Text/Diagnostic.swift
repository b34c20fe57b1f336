/// One thing to tell the administrator, in the one shape that every hook uses:
///
///     zone debian: /etc/zones/debian.xml:14: error: attr "ram": "1Q" is not a size
///       use a number with K, M, G or T, such as 4G
package struct Diagnostic: Equatable, Sendable {
    /// How much it matters.
    package enum Severity: String, Sendable {
        case error
        case warning
        /// Worth knowing when someone asks for an explanation; never printed otherwise.
        case info
    }

    /// Whether it stops what was to be done.
    package let severity: Severity
    /// The file it is about, if it is about one.
    package let file: String?
    /// The line in the file, from 1.
    package let line: Int?
    /// The zone's attribute it is about, if it is about one.
    package let attribute: String?
    /// What is wrong: names the attribute and the value.
    package let message: String
    /// The way out, a line each; may be empty.
    package let remedy: [String]

    package init(
        _ severity: Severity, file: String?, line: Int?, attribute: String? = nil, message: String,
        remedy: [String] = []
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.attribute = attribute
        self.message = message
        self.remedy = remedy
    }

    /// The lines to print, each with its end. Control characters are made visible.
    @export(interface)
    package func text(zone: String?) -> String {
        ((zone.map { "zone \($0): " } ?? "") + sentence).printable + "\n"
            + remedy.map { "  \($0.printable)\n" }.joined()
    }

    /// What is wrong, and where: the text without the zone and the way out.
    package var sentence: String {
        let place = file.map { $0 + (line.map { ":\($0)" } ?? "") + ": " } ?? ""
        return "\(place)\(severity.rawValue): \(message)"
    }

    /// The same for programs.
    @export(interface)
    package var json: JSON {
        .object([
            JSON.Member("severity", .string(severity.rawValue)),
            JSON.Member("file", .optional(file)),
            JSON.Member("line", line.map { .number($0) } ?? .null),
            JSON.Member("attribute", .optional(attribute)),
            JSON.Member("message", .string(message)),
            JSON.Member("remedy", .array(remedy.map { .string($0) })),
        ])
    }
}

extension Array where Element == Diagnostic {
    /// True when one of them forbids going on.
    package var hasErrors: Bool { contains { $0.severity == .error } }

    /// In the order of a file's lines. What is about no line, or about another file, comes last, in the order it has.
    package func inOrder(of file: String) -> [Diagnostic] {
        func line(_ diagnostic: Diagnostic) -> Int { diagnostic.file == file ? diagnostic.line ?? .max : .max }
        return sorted { line($0) < line($1) }
    }
}
