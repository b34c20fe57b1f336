import CPlatform

/// A call of the operating system that failed.
public struct SystemError: Error, Equatable, Sendable {
    /// The `errno` value, positive.
    public let code: Int32
    /// What was being done and to what, such as `open /etc/zones/debian.xml`.
    public let action: String

    public init(code: Int32, action: String) {
        self.code = code
        self.action = action
    }

    /// What strerror(3) says of the code.
    public var reason: String { String(cString: cp_error_text(code)) }

    /// `open /etc/zones/debian.xml: No such file or directory`.
    public var description: String { action + ": " + reason }

    /// ENOENT, the same number on illumos and Linux.
    public var isNotFound: Bool { code == 2 }
}

/// Gives the result of a CPlatform call, or throws what its `-errno` says. The action is worded only on failure.
@discardableResult
func check<Result: SignedInteger & FixedWidthInteger>(_ result: Result, _ action: @autoclosure () -> String)
    throws(SystemError) -> Result
{
    guard result >= 0 else { throw SystemError(code: -Int32(truncatingIfNeeded: result), action: action()) }
    return result
}
