import Foundation
import Glibc

/// What bubblewrap writes to its `--json-status-fd`: a line of JSON once the namespace is there.
struct BubblewrapStatus: Decodable {
    private let child: pid_t?
    private let status: Int?

    private enum CodingKeys: String, CodingKey {
        case child = "child-pid"
        case status = "exit-code"
    }

    /// The first process of the namespace, as it is numbered outside; `nil` when no line says so.
    static func child(in text: String) -> pid_t? {
        lines(text).compactMap(\.child).first
    }

    /// True when the command in the namespace was run and has ended.
    static func hasRun(_ text: String) -> Bool {
        lines(text).contains { $0.status != nil }
    }

    private static func lines(_ text: String) -> [BubblewrapStatus] {
        text.split(separator: "\n").compactMap { try? JSONDecoder().decode(BubblewrapStatus.self, from: Data($0.utf8)) }
    }
}
