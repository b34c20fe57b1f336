import Platform
import Text

/// `socat`: relays a zone's UNIX socket to a TCP port, so that a VNC client can reach it.
package enum SocatHook {
    static let usage = """
        usage: socat [-l ADDRESS] SOCKET [PORT]

          SOCKET      a UNIX socket, such as /data/zone/bhyve/root/tmp/vm.vnc
          PORT        the TCP port to listen on (default: 5900)
          -l ADDRESS  the address to listen on (default: 127.0.0.1, this host alone)
          -h          show this text

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
            socket.relay(listener, name: "socat")
            return .ok
        } catch {
            Program.printError(
                "socat: \(error.description)\n" + (error.isAddressInUse ? "  name another port\n" : ""))
            return .fatal
        }
    }
}

/// Where to listen, as the command line says.
struct ListenAddress {
    let text: String

    /// This host alone unless another address is named.
    init(_ given: String?) throws(ValueError) {
        text = given ?? "127.0.0.1"
        guard AddressFamily(address: text) != nil else {
            throw ValueError("\(text.quoted) is not an IP address to listen on")
        }
    }

    static func port(_ text: String) throws(ValueError) -> Int {
        guard let port = text.decimal(in: 0...65535) else {
            throw ValueError("\(text.quoted) is not a TCP port")
        }
        return port
    }
}

/// A UNIX socket that may lie below a zone root, where the zone must not lead us elsewhere.
struct HostedSocket {
    /// A directory of the global zone.
    let root: String
    /// Below it; no link on this part of the way is followed.
    let path: String
    /// On illumos whoever listens must be in this zone; when none is named, in the one whose root ``root`` is.
    let zone: String?

    init(root: String, path: String, zone: String?) {
        self.root = root
        self.path = path
        self.zone = zone
    }

    /// From the first component called `root` on, the path is a zone's.
    init(absolute path: String) {
        let components = path.pieces(separator: "/", omittingEmpty: true)
        let place = components.dropLast().firstIndex(of: "root").map { $0 + 1 } ?? components.count - 1
        root = "/" + components[..<place].joined(separator: "/")
        self.path = components[place...].joined(separator: "/")
        zone = nil
    }

    /// Serves the listener's clients until an interrupt comes. A hypervisor that is not there now may be later.
    func relay(_ listener: borrowing Listener, name: String, helper: HelperProcess? = nil) {
        var relay = Relay(
            open: { () throws(SystemError) -> FileDescriptor in try self.connect() },
            say: { Program.printError("\(name): \($0.printable)\n") })
        relay.serve(listener, helper: helper)
    }

    /// Throws when there is no socket. One of a zone that is just booting is waited for, up to five seconds. Nobody
    /// connects: a hypervisor that waits for its first client would take that for one.
    func checkIsThere() throws(Failure) {
        let deadline = Deadline(in: .seconds(5))
        do throws(SystemError) {
            let directory = try RootedDirectory(root)
            while true {
                switch try directory.status(path)?.kind {
                case .socket: return
                case nil where !deadline.hasPassed && !Program.isInterrupted: Clock.sleep(.milliseconds(100))
                case nil: throw SystemError.notFound("look for \(directory.shown(path))")
                default: throw SystemError("use \(directory.shown(path))", reason: "it is not a socket")
                }
            }
        } catch {
            throw Failure(error, remedy: "the zone must be running for its screen to be seen")
        }
    }

    private func connect() throws(SystemError) -> FileDescriptor {
        try RootedDirectory(root).connect(to: path, zone: zone)
    }
}
