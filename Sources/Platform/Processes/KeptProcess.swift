import CPlatform
import Text

/// How a process ended.
package enum ProcessEnd: Equatable, Sendable {
    case status(Int)
    /// By the signal of this number.
    case signal(Int)

    /// What a shell has for it: the status, or 128 + the signal.
    package var status: Int {
        switch self {
        case .status(let status): status
        case .signal(let signal): 128 + signal
        }
    }

    /// A signal's number and name: `9 (SIGKILL)`.
    package static func signalName(_ number: Int) -> String {
        guard let name = cp_signal_name(Int32(clamping: number)) else { return String(number) }
        return "\(number) (\(String(cString: name)))"
    }
}

/// The one program that a zone's init starts, to wait for its end.
package struct KeptProcess {
    package let pid: Int32

    /// Starts it in the place of this process: with its standard descriptors, no signal ignored or blocked, and, on Linux,
    /// never longer than this one. Throws what execve(2) says when it cannot be run.
    package init(_ path: String, _ arguments: [String], environment: [String]) throws(SystemError) {
        var failure: Int32 = 0
        let result = CStrings.with(arguments) { argv in
            CStrings.with(environment) { cp_begin(path, argv, $0, &failure) }
        }
        pid = try check(result, "start a process for \(path)")
        if failure != 0 { throw SystemError(code: failure, action: "run \(path)") }
    }

    /// Waits for its end. Meanwhile nothing but /dev/null is open here, signals are handed on, and processes whose parents
    /// have ended are reaped.
    package func keep() -> ProcessEnd {
        var signal: Int32 = 0
        let status = cp_keep(pid, &signal)
        if signal != 0 { return .signal(Int(signal)) }
        // Its end cannot be unknown to its parent; were it, the zone would not start again by itself.
        return .status(status < 0 ? 255 : Int(status))
    }
}
