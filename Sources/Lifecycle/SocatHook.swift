import Platform
import Text

/// `socat`: relays a zone's UNIX socket to a TCP port, so that a VNC client can reach it.
package enum SocatHook {
    static let usage = """
        usage: socat [-l ADDRESS] SOCKET [PORT]

          SOCKET      a UNIX socket, such as /data/zone/bhyve/root/tmp/vm.vnc
          PORT        the TCP port to listen on (default: 5900)
          -l ADDRESS  the address to listen on (default: 127.0.0.1, this host alone)
          -h          show this text; -V the version

        """

    /// Runs the program with its arguments; returns its exit status.
    @export(interface)
    package static func run(_ arguments: [String]) -> ExitStatus {
        Hook.run("socat", arguments, usage: usage, letters: "hl:") { options throws(ValueError) in
            let address = try ListenAddress(options.value("l"))
            guard let socket = options.operands.first else { throw ValueError("no socket given") }
            guard options.operands.count <= 2 else {
                throw ValueError("unexpected argument \(options.operands[2].printable.quoted)")
            }
            guard socket.beginsWith("/"), socket.withoutTrailingSlashes != "/" else {
                throw ValueError("\(socket.quoted) is not the absolute path of a socket")
            }
            let port = try ListenAddress.port(options.operands.count == 2 ? options.operands[1] : "5900")
            return relay(HostedSocket(absolute: socket), address.text, port)
        }
    }

    private static func relay(_ socket: HostedSocket, _ address: String, _ port: Int) -> ExitStatus {
        Program.holdInterrupts()
        do {
            let listener = try Listener(address: address, port: port)
            Program.print("\(socket.shown) is at \(Listener.spell(address, listener.port)) until you press Ctrl-C\n")
            if !socket.isThere { Program.print("  it is not there yet: each client looks for it anew\n") }
            socket.relay(listener, name: "socat")
            return .ok
        } catch {
            Program.printError(
                "socat: \(error.description)\n" + (error.isAddressInUse ? "  name another port\n" : ""))
            return .fatal
        }
    }
}
