import Foundation

/// A terminal for a program whose output is compared.
package enum PseudoTerminal {
    /// Runs a program on a terminal of this width; returns what appears on it, with plain line ends.
    package static func run(
        columns: Int, _ command: [String], environment: [String: String] = [:]
    ) throws -> String {
        let script = """
            import fcntl, os, pty, struct, sys, termios
            pid, terminal = pty.fork()
            if pid == 0:
                fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
                os.execv(sys.argv[2], sys.argv[2:])
            seen = b""
            while True:
                try:
                    piece = os.read(terminal, 65536)
                except OSError:
                    break
                if not piece:
                    break
                seen += piece
            os.waitpid(pid, 0)
            sys.stdout.buffer.write(seen.replace(b"\\r\\n", b"\\n"))
            """
        let outcome = try Hooks.run(
            program: "/usr/bin/python3", ["-c", script, String(columns)] + command, environment: environment)
        return outcome.output + outcome.errors
    }
}
