import Lifecycle
import Machine
import Platform
import Text
import ZoneConfig

/// `hvm screen`, and the brand's `vnc`: make a zone's screen reachable, for a VNC client or for a browser.
package enum ScreenCommand {
    static let word = Word(
        name: "screen", summary: "show a screen to a VNC client, or with -w in a browser", operand: .zone,
        usage: usage("hvm screen")
    ) { run("hvm screen", $0) }

    private static func usage(_ program: String) -> String {
        """
        usage: \(program) [-w] [-l ADDRESS] [-p PORT] [-o ORIGIN,…] [-n DIR] [-x zone.xml] [-z] ZONE

          -w          show the screen in a browser, through websockify and noVNC
          -o ORIGIN   with -w: where the browser finds the page, such as http://host.example:6080, when that is not the
                      address; an address that stands for all of this host's needs it. Pages from elsewhere are refused
          -l ADDRESS  the address to listen on (default: 127.0.0.1, this host alone)
          -p PORT     the TCP port (default: the first free one from 5900, or from 6080 for a browser)
          -n DIR      where noVNC's pages are (default: /usr/share/novnc)
          -x FILE     the zone's XML (default: /etc/zones/ZONE.xml)
          -h          show this text; -V the version

        """
    }

    /// Runs it under the name of the program that was called; returns its exit status.
    @export(interface)
    package static func run(_ program: String, _ arguments: [String]) -> ExitStatus {
        Hook.run(program, arguments, usage: usage(program), letters: "hwl:p:o:n:x:z:") { options throws(ValueError) in
            let zone = try options.zoneName()
            let address = try ListenAddress(options.value("l")).text
            let port: Int? = if let text = options.value("p") { try ListenAddress.port(text) } else { nil }
            let origins = try BrowserScreen.origins(options, address: address)
            return show(zone, address: address, port: port, origins: origins, options)
        }
    }

    private static func show(
        _ zone: String, address: String, port: Int?, origins: [String], _ options: Options
    ) -> ExitStatus {
        do throws(Failure) {
            Program.holdInterrupts()
            let socket = try find(zone, file: options.value("x") ?? "/etc/zones/\(zone).xml")
            if options.has("w") {
                let listener = try listen(address, port.map { $0...$0 } ?? 6080...6179)
                try BrowserScreen(zone: zone, socket: socket, origins: origins, pages: options.value("n")).serve(
                    listener)
            } else {
                try serve(socket, zone, address, port)
            }
            return .ok
        } catch {
            Program.printError(error.diagnostic.text(zone: zone))
            return .fatal
        }
    }

    /// The zone's socket, as its configuration names it.
    private static func find(_ name: String, file: String) throws(Failure) -> HostedSocket {
        let zone = try ZoneConfiguration.read(file: file)
        let screen = try ScreenLookup.read(zone, brand: zone.brand.flatMap { Brand(rawValue: $0) } ?? .bhyve)
        guard zone.name == name, let zoneroot = zone.zoneroot else {
            throw Failure("the file is of another zone", file: file, remedy: "name the zone as the file does")
        }
        let set = "zonecfg -z \(name) "
        switch screen {
        case .socket(let path): return HostedSocket(root: zoneroot, path: path, zone: name)
        case .tcp(let address):
            throw Failure(
                "the zone's hypervisor listens on TCP itself: \(address)", file: file,
                remedy: "connect there, or let it use a socket: \(set)'select attr name=vnc; set value=on; end'")
        case .off:
            throw Failure(
                "the zone has no screen: its attr \"vnc\" is off", file: file,
                remedy: "\(set)'add attr; set name=vnc; set type=string; set value=on; end', then boot it anew")
        }
    }

    private static func serve(
        _ socket: HostedSocket, _ zone: String, _ address: String, _ port: Int?
    ) throws(Failure) {
        let listener = try listen(address, port.map { $0...$0 } ?? 5900...5999)
        try socket.checkIsThere()
        Program.print(
            "The screen of zone \(zone) is at \(Listener.spell(address, listener.port)) until you press "
                + "Ctrl-C:\n  vncviewer " + (address.holds(":") ? "[\(address)]" : address) + "::\(listener.port)\n")
        socket.relay(listener, name: "vnc")
    }

    /// The first port of the range that is free.
    private static func listen(_ address: String, _ ports: ClosedRange<Int>) throws(Failure) -> Listener {
        var port = ports.lowerBound
        while true {
            do {
                return try Listener(address: address, port: port)
            } catch {
                guard error.isAddressInUse, port < ports.upperBound else {
                    throw Failure(error, remedy: "name another port with -p, or an address of this host with -l")
                }
            }
            port += 1
        }
    }
}
