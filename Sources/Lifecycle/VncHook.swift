import Machine
import Platform
import ZoneConfig

/// `vnc`: makes a zone's screen reachable, for a VNC client or for a browser.
public enum VncHook {
    static let usage = """
        usage: vnc [-w] [-l ADDRESS] [-p PORT] [-n DIR] [-x zone.xml] [-z] ZONE

          -w          show the screen in a browser, through websockify and noVNC
          -l ADDRESS  the address to listen on (default: 127.0.0.1, this host alone)
          -p PORT     the TCP port (default: the first free one from 5900, or from 6080 for a browser)
          -n DIR      where noVNC's pages are (default: /usr/share/novnc)
          -x FILE     the zone's XML (default: /etc/zones/ZONE.xml)
          -h          show this text

        """

    private static let websockify = "/usr/bin/websockify"

    @export(interface)
    public static func run(_ arguments: [String]) -> ExitStatus {
        let options: Options
        let zone: String
        let address: String
        let port: Int?
        do throws(Options.Failure) {
            options = try Options(arguments, letters: "hwl:p:n:x:z:")
            if options.has("h") {
                Program.print(usage)
                return .ok
            }
            zone = try options.zoneName()
            address = try ListenAddress(options.value("l")).text
            port = if let text = options.value("p") { try ListenAddress.port(text) } else { nil }
        } catch {
            Program.printError("vnc: " + error.message.printable + "\n" + usage)
            return .usage
        }
        do throws(HookFailure) {
            Program.holdInterrupts()
            let socket = try find(zone, file: options.value("x") ?? "/etc/zones/" + zone + ".xml")
            if options.has("w") {
                try browse(socket, zone, address, port, pages: options.value("n") ?? "/usr/share/novnc")
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
    private static func find(_ name: String, file: String) throws(HookFailure) -> HostedSocket {
        let zone: ZoneConfiguration
        let screen: ScreenLookup
        do throws(ZoneReadError) {
            zone = try ZoneConfiguration.read(file: file)
            screen = try ScreenLookup.read(zone, brand: zone.brand.flatMap { Brand(rawValue: $0) } ?? .bhyve)
        } catch {
            throw HookFailure(error.diagnostic)
        }
        guard zone.name == name, let zoneroot = zone.zoneroot else {
            throw HookFailure("the file is of another zone", file: file, remedy: "name the zone as the file does")
        }
        let set = "zonecfg -z " + name + " "
        switch screen {
        case .socket(let path): return HostedSocket(root: zoneroot, path: path, zone: name)
        case .tcp(let address):
            throw HookFailure(
                "the zone's hypervisor listens on TCP itself: " + address, file: file,
                remedy: "connect there, or let it use a socket: " + set + "'select attr name=vnc; set value=on; end'")
        case .off:
            throw HookFailure(
                "the zone has no screen: its attr \"vnc\" is off", file: file,
                remedy: set + "'add attr; set name=vnc; set type=string; set value=on; end', then boot it anew")
        }
    }

    private static func serve(
        _ socket: HostedSocket, _ zone: String, _ address: String, _ port: Int?
    ) throws(HookFailure) {
        let listener = try listen(address, port.map { $0...$0 } ?? 5900...5999)
        try socket.checkIsThere()
        Program.print(
            "The screen of zone " + zone + " is at " + Listener.spell(address, listener.port)
                + " until you press Ctrl-C:\n"
                + "  vncviewer " + (address.holds(":") ? "[" + address + "]" : address) + "::" + String(listener.port)
                + "\n")
        socket.relay(listener, name: "vnc")
    }

    /// The first port of the range that is free.
    private static func listen(_ address: String, _ ports: ClosedRange<Int>) throws(HookFailure) -> Listener {
        var port = ports.lowerBound
        while true {
            do {
                return try Listener(address: address, port: port)
            } catch {
                guard error.isAddressInUse, port < ports.upperBound else {
                    throw HookFailure(error, remedy: "name another port with -p, or an address of this host with -l")
                }
            }
            port += 1
        }
    }

    /// websockify connects to a port of ours, on this host alone: it would follow a link that the zone put in its way.
    private static func browse(
        _ socket: HostedSocket, _ zone: String, _ address: String, _ port: Int?, pages: String
    ) throws(HookFailure) {
        guard HostFiles.exists(websockify) else {
            throw HookFailure("there is no " + websockify, remedy: "apt-get install websockify novnc")
        }
        guard HostFiles.exists(pages + "/vnc.html") else {
            throw HookFailure(
                "there is no vnc.html in " + pages, remedy: "apt-get install novnc, or name noVNC's directory with -n")
        }
        try socket.checkIsThere()
        let listener = try listen("127.0.0.1", 0...0)
        // websockify says only later, and elsewhere, that a port is taken.
        let place = Listener.spell(address, try listen(address, port.map { $0...$0 } ?? 6080...6179).port)
        let helper: HelperProcess
        do {
            helper = try HelperProcess(
                Command(websockify, ["--web=" + pages, place, "127.0.0.1:" + String(listener.port)]))
        } catch {
            throw HookFailure(error)
        }
        Program.print(
            "The screen of zone " + zone + " is in your browser until you press Ctrl-C:\n  http://" + place
                + "/vnc.html?autoconnect=true\n")
        socket.relay(listener, name: "vnc", helper: helper)
        let status = helper.end()
        guard Program.isInterrupted else {
            throw HookFailure(
                "websockify ended with status " + String(status),
                remedy: "what it says stands above; -p names another port")
        }
    }
}
