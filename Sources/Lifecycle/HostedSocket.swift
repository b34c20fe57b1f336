import Platform
import Text

/// Where to listen, as the command line says.
package struct ListenAddress {
    package let text: String

    /// This host alone unless another address is named.
    package init(_ given: String?) throws(ValueError) {
        text = given ?? "127.0.0.1"
        guard AddressFamily(address: text) != nil else {
            throw ValueError("\(text.quoted) is not an IP address to listen on")
        }
    }

    /// Throws for what is not a TCP port.
    package static func port(_ text: String) throws(ValueError) -> Int {
        guard let port = text.decimal(in: 0...65535) else {
            throw ValueError("\(text.quoted) is not a TCP port")
        }
        return port
    }
}

/// A UNIX socket that may lie below a zone root, where the zone must not lead us elsewhere.
package struct HostedSocket {
    /// A directory of the global zone.
    let root: String
    /// Below it; no link on this part of the way is followed.
    let path: String
    /// On illumos whoever listens must be in this zone; when none is named, in the one whose root ``root`` is.
    let zone: String?

    package init(root: String, path: String, zone: String?) {
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
    package func relay(_ listener: borrowing Listener, name: String, helper: HelperProcess? = nil) {
        var relay = Relay(
            open: { () throws(SystemError) -> FileDescriptor in try self.connect() },
            say: { Program.printError("\(name): \($0.printable)\n") })
        relay.serve(listener, helper: helper)
    }

    /// Its path on the host, for messages.
    var shown: String { "\(root.withoutTrailingSlashes)/\(path.dropping(prefix: "/") ?? path)".printable }

    /// True when there is a socket now.
    var isThere: Bool {
        guard let directory = try? RootedDirectory(root) else { return false }
        return (try? directory.status(path))??.kind == .socket
    }

    /// How long the socket of a zone that is just booting is waited for.
    private static let patience = Duration.seconds(5)

    /// Throws when there is no socket. One of a zone that is just booting is waited for, which is said. Nobody connects: a
    /// hypervisor that waits for its first client would take that for one.
    package func checkIsThere() throws(Failure) {
        let deadline = Deadline(in: Self.patience)
        let boot = zone.map { ": zoneadm -z \($0) boot" } ?? ""
        do throws(SystemError) {
            let directory = try RootedDirectory(root)
            if try directory.status(path) == nil {
                Program.printError(
                    "waiting \(Self.patience.text) for \(directory.shown(path)), as a zone that boots has it soon\n")
            }
            while true {
                switch try directory.status(path)?.kind {
                case .socket: return
                case nil where !deadline.hasPassed && !Program.isInterrupted: Clock.sleep(.milliseconds(100))
                case nil: throw SystemError.notFound("look for \(directory.shown(path))")
                default: throw SystemError("use \(directory.shown(path))", reason: "it is not a socket")
                }
            }
        } catch {
            throw Failure(error, remedy: "the zone must be running for its screen to be seen\(boot)")
        }
    }

    private func connect() throws(SystemError) -> FileDescriptor {
        try RootedDirectory(root).connect(to: path, zone: zone)
    }
}
