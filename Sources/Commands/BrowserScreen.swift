import Lifecycle
import Platform
import Text

/// A zone's screen in a browser: websockify(1) serves noVNC's pages and carries the connections to a relay of ours, which
/// follows no link that the zone puts in its way.
///
/// Whoever knows the URL reaches the screen and its keyboard. So other users of the host are shut out by a token in it, which
/// is in no argument, and pages from elsewhere by their origin.
struct BrowserScreen {
    private let zone: String
    private let socket: HostedSocket
    private let origins: [String]
    /// Where noVNC's pages are.
    private let pages: String

    private static let websockify = "/usr/bin/websockify"

    init(zone: String, socket: HostedSocket, origins: [String], pages: String?) {
        self.zone = zone
        self.socket = socket
        self.origins = origins
        self.pages = pages ?? "/usr/share/novnc"
    }

    /// The origins that `-o` names. Throws for one that is not an origin (RFC 6454), and when an address that stands for all
    /// of the host's has none.
    static func origins(_ options: Options, address: String) throws(ValueError) -> [String] {
        let named = options.value("o")?.trimmedParts(separator: ",") ?? []
        guard options.has("w") else {
            guard named.isEmpty else { throw ValueError("-o goes with -w") }
            return []
        }
        for origin in named {
            let host = origin.dropping(prefix: "http://") ?? origin.dropping(prefix: "https://")
            let isOrigin = host.map { !$0.isEmpty && !$0.utf8.contains { $0.isWhiteSpace || $0 == 0x2f } }
            guard isOrigin == true else {
                throw ValueError(origin.printable.quoted + " is not an origin, such as http://host.example:6080")
            }
        }
        // However it is spelled: ::, 0.0.0.0, 0:0:0:0:0:0:0:0 …
        let isEveryAddress = address.utf8.allSatisfy { $0 == 0x30 || $0 == 0x2e || $0 == 0x3a }
        guard !named.isEmpty || !isEveryAddress else {
            throw ValueError("to listen on every address, name with -o where the browser finds the page")
        }
        return named
    }

    /// Serves the screen until an interrupt comes.
    func serve(_ listener: borrowing Listener) throws(Failure) {
        guard HostFiles.exists(Self.websockify) else {
            throw Failure("there is no \(Self.websockify)", remedy: "apt-get install websockify novnc")
        }
        guard HostFiles.exists("\(pages)/vnc.html") else {
            throw Failure(
                "there is no vnc.html in \(pages)", remedy: "apt-get install novnc, or name noVNC's directory with -n")
        }
        try socket.checkIsThere()
        do throws(SystemError) {
            try run(listener)
        } catch {
            throw Failure(error)
        }
    }

    private func run(_ listener: borrowing Listener) throws(SystemError) {
        let directory = try PrivateDirectory(prefix: "hvm-vnc")
        let relay = try Listener(path: "\(directory.path)/relay")
        let token = randomBytes(16).map { $0.hexadecimal }.joined()
        let tokens = try directory.write("tokens", "\(token): unix_socket:\(relay.address)\n")
        // Without a page of this name websockify lists the directory.
        let web = try directory.mirror(pages, as: "web", adding: "index.html", for: "vnc.html")
        let allowed = origins.isEmpty ? Self.origins(of: listener) : origins
        let words = [
            "--inetd", "--web=\(web)", "--token-plugin=TokenFile", "--token-source=\(tokens)",
            "--auth-plugin=ExpectOrigin", "--auth-source=" + allowed.joined(separator: " "),
        ]
        // It tells of every connection, as a server in the background would.
        let helper = try HelperProcess(Command(Self.websockify, words), input: listener, log: "\(directory.path)/log")
        Program.print(
            "The screen of zone \(zone) is in your browser until you press Ctrl-C:\n  "
                + "\(allowed[0])/vnc.html?autoconnect=true&resize=scale&path=websockify%3Ftoken%3D\(token)\n")
        socket.relay(relay, name: "vnc", helper: helper)
        let status = helper.end()
        guard Program.isInterrupted else {
            let log = (try? RootedDirectory(directory.path).readEnd(of: "log", count: 1000)) ?? []
            let words = String(decoding: log, as: UTF8.self).pieces(separator: "\n", omittingEmpty: true).last
            throw SystemError(
                "run \(Self.websockify)",
                reason: "it ended with status \(status)" + (words.map { ": \($0.printable)" } ?? ""))
        }
    }

    /// Where a browser on this host finds what the listener serves. Port 80 is in no origin.
    private static func origins(of listener: borrowing Listener) -> [String] {
        let isLoopback = ["127.0.0.1", "::1"].contains(listener.address)
        let hosts = [listener.address.holds(":") ? "[\(listener.address)]" : listener.address]
        let port = listener.port == 80 ? "" : ":\(listener.port)"
        return (hosts + (isLoopback ? ["localhost"] : [])).map { "http://" + $0 + port }
    }
}
