/// A moment at which everything that was given it is over.
public struct Deadline: Sendable {
    private let end: Int

    /// So many seconds from now.
    public init(seconds: Int) {
        end = Clock.milliseconds + seconds * 1000
    }

    /// 0 once it has passed.
    public var millisecondsLeft: Int { max(0, end - Clock.milliseconds) }

    /// What is left of so many milliseconds.
    public func limit(_ milliseconds: Int) -> Int { min(milliseconds, millisecondsLeft) }
}
