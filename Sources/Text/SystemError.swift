/// Something the operating system was asked for that cannot be had.
public struct SystemError: Error, Equatable, Sendable {
    /// The `errno` value, positive; 0 when no call failed. Its number differs between systems.
    public let code: Int32
    /// What was being done and to what, such as `open /etc/zones/debian.xml`.
    public let action: String
    /// Why it cannot be done.
    public let reason: String

    /// A call that failed with this `errno` value, whose reason is what strerror(3C) says of it.
    public init(code: Int32, action: String, reason: String) {
        self.code = code
        self.action = action
        self.reason = reason
    }

    /// No call failed; the reason is in words of its own.
    public init(_ action: String, reason: String) {
        self.init(code: 0, action: action, reason: reason)
    }

    /// The same failure, told of another action.
    public init(_ error: SystemError, action: String) {
        self.init(code: error.code, action: action, reason: error.reason)
    }

    /// `open /etc/zones/debian.xml: No such file or directory`.
    public var description: String { "\(action): \(reason)" }
}
