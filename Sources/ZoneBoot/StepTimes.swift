import Platform

/// How long the steps of a boot took.
package struct StepTimes {
    private let steps: [BootStep]
    /// `nil` for what was not begun.
    private var taken: [Duration?]

    init(_ steps: [BootStep]) {
        self.steps = steps
        taken = steps.map { _ in nil }
    }

    /// Adds the time since a moment (``Clock/now``) to a step.
    mutating func add(since start: Duration, to step: Int) {
        taken[step] = (taken[step] ?? .zero) + Clock.now - start
    }

    /// A line for each step that takes time, for the zone's log.
    var lines: [String] {
        zip(steps, taken).compactMap { step, time in
            if case .log = step { return nil }
            return time.map { Self.line($0, step.purpose) }
        }
    }

    /// `step: 12 ms for memory set aside`.
    package static func line(_ time: Duration, _ purpose: String) -> String {
        "step: \(Int(time.milliseconds)) ms for \(purpose)"
    }
}
