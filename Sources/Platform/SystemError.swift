import CPlatform

/// Something the operating system was asked for that cannot be had.
public struct SystemError: Error, Equatable, Sendable {
    /// The `errno` value, positive; 0 when no call failed.
    public let code: Int32
    /// What was being done and to what, such as `open /etc/zones/debian.xml`.
    public let action: String
    /// Why it cannot be done.
    public let reason: String

    /// A call that failed: the reason is what strerror(3) says of the code.
    public init(code: Int32, action: String) {
        self.code = code
        self.action = action
        reason = String(cString: cp_error_text(code))
    }

    /// No call failed; the reason is in words of its own.
    public init(_ action: String, reason: String) {
        code = 0
        self.action = action
        self.reason = reason
    }

    /// The same failure, told of another action.
    public init(_ error: SystemError, action: String) {
        code = error.code
        self.action = action
        reason = error.reason
    }

    /// `open /etc/zones/debian.xml: No such file or directory`.
    public var description: String { action + ": " + reason }

    /// ENOENT, the same number on illumos and Linux.
    public var isNotFound: Bool { code == 2 }
    /// EPIPE, the same number on illumos and Linux.
    var isNotRead: Bool { code == 32 }
    /// EINTR, the same number on illumos and Linux.
    static let interrupted: Int32 = 4
    /// EAGAIN, the same number on illumos and Linux.
    static let again: Int32 = 11
    /// EFBIG, the same number on illumos and Linux.
    static let fileTooBig: Int32 = 27
}

/// Gives the result of a CPlatform call, or throws what its `-errno` says. The action is worded only on failure.
@discardableResult
func check<Result: SignedInteger & FixedWidthInteger>(_ result: Result, _ action: @autoclosure () -> String)
    throws(SystemError) -> Result
{
    guard result >= 0 else { throw SystemError(code: -Int32(truncatingIfNeeded: result), action: action()) }
    return result
}
