import Glibc

/// Signals that end a program, as something to wait for.
enum StopSignals {
    private static let pipe: PipeEnds? = try? PipeEnds()

    /// Has input once a noted signal has come.
    static var reader: Int32 { pipe?.reader ?? -1 }

    /// From now on this signal only makes ``reader`` readable. Whoever started this may have had it blocked.
    static func note(_ number: Int32) {
        _ = pipe
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        sigprocmask(SIG_UNBLOCK, &signals, nil)
        signal(number) { _ in
            var byte: UInt8 = 0
            _ = write(StopSignals.pipe?.writer ?? -1, &byte, 1)
        }
    }
}
