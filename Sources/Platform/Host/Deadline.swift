/// A moment at which everything that was given it is over.
package struct Deadline: Sendable {
    private let end: Int

    /// So many seconds from now.
    package init(seconds: Int) {
        end = Clock.milliseconds + seconds * 1000
    }

    /// 0 once it has passed.
    package var millisecondsLeft: Int { max(0, end - Clock.milliseconds) }

    /// These milliseconds, or what is left when that is less.
    package func limit(_ milliseconds: Int) -> Int { min(milliseconds, millisecondsLeft) }
}
