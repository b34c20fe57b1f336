import Text

/// Facts under a heading, each with its label; what does not fit goes on below itself.
struct FactSheet {
    let heading: String
    private var facts: [(label: String, lines: [String])] = []

    init(_ heading: String) {
        self.heading = heading
    }

    /// Adds a fact of one line or more; none without a line.
    mutating func add(_ label: String, _ lines: [String]) {
        if !lines.isEmpty { facts.append((label, lines)) }
    }

    mutating func add(_ label: String, _ line: String) { add(label, [line]) }

    private static let indent = 2

    func text(width: Int?) -> String {
        let column = Self.indent + facts.map { $0.label.count }.reduce(0) { max($0, $1) } + 2
        let room = width.map { max(20, $0 - column) } ?? .max
        let blank = String(repeating: " ", count: column)
        var text = "\(heading)\n"
        for fact in facts {
            let lines = fact.lines.flatMap { $0.wrapped(to: room) }
            let label = (String(repeating: " ", count: Self.indent) + fact.label).padded(to: column)
            for (index, line) in lines.enumerated() { text += (index == 0 ? label : blank) + "\(line)\n" }
        }
        return text
    }
}
