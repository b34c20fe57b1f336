/// A moment at which everything that was given it is over.
package struct Deadline: Sendable {
    private let end: Duration

    /// This long from now.
    package init(in time: Duration) {
        end = Clock.now + time
    }

    /// Nothing once it has passed.
    package var timeLeft: Duration { max(.zero, end - Clock.now) }

    /// True when no time is left.
    package var hasPassed: Bool { timeLeft == .zero }
}
