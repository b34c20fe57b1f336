import Text

/// bhyve's exit statuses that a guest brings about (bhyve(8), EXIT STATUS). 4 and others are bhyve's own failures.
package enum BhyveEnd: Int32, Sendable {
    case reset = 0
    case poweredOff = 1
    case halted = 2
    case tripleFault = 3

    /// What a status means; `nil` when bhyve failed.
    static func meaning(of status: Int, words: [String]) -> String? {
        switch BhyveEnd(rawValue: Int32(clamping: status)) {
        case .reset: "the guest reset itself"
        // bhyve ends so, too, when it understands no word of its options, and when a CPU cannot go on.
        case .poweredOff:
            words.contains { line in failures.contains { line.beginsWith($0) } } ? nil : "the guest powered itself off"
        case .halted: "the guest halted its CPUs for good"
        case .tripleFault: "the guest crashed: its CPU met a triple fault"
        case nil: nil
        }
    }

    private static let failures = ["Usage: bhyve", "vm_run error"]
}
