import CPlatform
import Text

extension SystemError {
    /// A call that failed with this `errno` value: the reason is what strerror(3C) says of it.
    package init(code: Int32, action: String) {
        self.init(code: code, action: action, reason: String(cString: cp_error_text(code)))
    }

    /// ENOENT, for what is not there.
    package static func notFound(_ action: String) -> SystemError { SystemError(code: cp_enoent, action: action) }

    /// EISDIR, for what finds a directory where it is to write a file.
    package static func isDirectory(_ action: String) -> SystemError { SystemError(code: cp_eisdir, action: action) }

    /// ENOENT: there is no such file.
    package var isNotFound: Bool { code == cp_enoent }
    /// EPIPE: nobody reads any more.
    var isNotRead: Bool { code == cp_epipe }
    /// EADDRINUSE: the port is taken.
    package var isAddressInUse: Bool { code == cp_eaddrinuse }
    /// ECONNREFUSED: there is a socket, and nobody who listens.
    package var isRefused: Bool { code == cp_econnrefused }
}

/// Returns the result of a CPlatform call, or throws what its `-errno` says. The action is worded only on failure.
@discardableResult
func check<Result: SignedInteger & FixedWidthInteger>(_ result: Result, _ action: @autoclosure () -> String)
    throws(SystemError) -> Result
{
    guard result >= 0 else { throw SystemError(code: -Int32(truncatingIfNeeded: result), action: action()) }
    return result
}
