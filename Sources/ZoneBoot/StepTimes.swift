import Platform

/// How long the steps of a boot took.
struct StepTimes {
    private let steps: [BootStep]
    /// `nil` for what was not begun.
    private var taken: [Duration?]

    /// How long it took to plan them.
    private let planning: Duration

    init(_ steps: [BootStep], plannedIn time: Duration) {
        planning = time
        self.steps = steps
        taken = steps.map { _ in nil }
    }

    /// Adds the time since a moment (``Clock/now``) to a step.
    mutating func add(since start: Duration, to step: Int) {
        taken[step] = (taken[step] ?? .zero) + Clock.now - start
    }

    /// A line for the plan and each step that takes time, for the zone's log: `step: 12 ms for memory set aside`.
    var lines: [String] {
        [line(planning, "the plan of the boot")]
            + zip(steps, taken).compactMap { step, time in
                if case .log = step { return nil }
                return time.map { line($0, step.purpose) }
            }
    }

    private func line(_ time: Duration, _ purpose: String) -> String {
        "step: \(Int(time.milliseconds)) ms for \(purpose)"
    }
}
