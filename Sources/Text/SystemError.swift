/// Something the operating system was asked for that cannot be had.
package struct SystemError: Error, Equatable, Sendable {
    /// The `errno` value, positive; 0 when no call failed. Its number differs between systems.
    package let code: Int32
    /// What was being done and to what, such as `open /etc/zones/debian.xml`.
    package let action: String
    /// Why it cannot be done.
    package let reason: String

    /// A call that failed with this `errno` value, whose reason is what strerror(3C) says of it.
    package init(code: Int32, action: String, reason: String) {
        self.code = code
        self.action = action
        self.reason = reason
    }

    /// No call failed; the reason is in words of its own.
    package init(_ action: String, reason: String) {
        self.init(code: 0, action: action, reason: reason)
    }

    /// The same failure, told of another action.
    package init(_ error: SystemError, action: String) {
        self.init(code: error.code, action: action, reason: error.reason)
    }

    /// `open /etc/zones/debian.xml: No such file or directory`.
    package var description: String { "\(action): \(reason)" }
}
