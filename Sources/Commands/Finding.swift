import Text

/// What `hvm doctor` found out about one thing.
struct Finding: Equatable, Sendable {
    /// Whether machines can run so.
    enum Grade: String, Sendable {
        case pass, warn, fail

        /// How a line begins.
        var label: String {
            switch self {
            case .pass: "PASS"
            case .warn: "WARN"
            case .fail: "FAIL"
            }
        }
    }

    let grade: Grade
    /// What was looked at, in a word or two.
    let subject: String
    /// What is so.
    let message: String
    /// The way out.
    let remedy: [String]

    static func pass(_ subject: String, _ message: String) -> Finding {
        Finding(grade: .pass, subject: subject, message: message, remedy: [])
    }

    static func warn(_ subject: String, _ message: String, remedy: String...) -> Finding {
        Finding(grade: .warn, subject: subject, message: message, remedy: remedy)
    }

    static func fail(_ subject: String, _ message: String, remedy: String...) -> Finding {
        Finding(grade: .fail, subject: subject, message: message, remedy: remedy)
    }

    var json: JSON {
        .object([
            JSON.Member("grade", .string(grade.rawValue)), JSON.Member("subject", .string(subject)),
            JSON.Member("message", .string(message)), JSON.Member("remedy", .array(remedy.map { .string($0) })),
        ])
    }
}
