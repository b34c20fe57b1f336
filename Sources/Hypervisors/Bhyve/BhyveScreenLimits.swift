import Machine
import Platform
import Text

/// The framebuffer and its VNC server: pci_fbuf.c and rfb.c.
extension Findings {
    mutating func checkBhyveScreen() {
        guard let screen = machine.screen else { return }
        if screen.vga.value == "on" {
            report(
                .error, screen.vga.origin, "\"on\" ends bhyve, which renders no VGA", "use io or off")
        }
        checkSize("w", BhyveLimits.screenWidths, screen.server)
        checkSize("h", BhyveLimits.screenHeights, screen.server)
        checkListener(screen.server)
        for word in screen.server.value.words where !checkReserved(word, screen.server.origin) && word.key == "vga" {
            report(
                .error, screen.server.origin, "\"vga\" without a value ends bhyve", "use the attr vga, with io or off")
        }
    }

    private mutating func checkSize(_ key: String, _ range: ClosedRange<Int>, _ server: Sourced<VNCServer>) {
        guard let text = server.value.option(key), text.decimal(in: range) == nil else { return }
        report(
            .error, server.origin,
            "\"\(key)=\(text)\" is not a number from \(range.lowerBound) to \(range.upperBound)",
            "use w=1024,h=768, for instance; bhyve before 2024 takes at most 1920x1200")
    }

    // MARK: Where it listens

    private mutating func checkListener(_ server: Sourced<VNCServer>) {
        if case .unix(let path) = server.value.listener, path.holds("%") {
            report(
                .error, server.origin, "\"unix=\(path)\" holds %, which bhyve reads wrongly here",
                "use a path without %, such as unix=/tmp/vm.vnc")
        }
        let addresses = server.value.options.filter { ["tcp", "rfb"].contains($0.key) }
        for option in addresses { checkAddress(option, server.origin) }
        if addresses.count > 1 {
            report(
                .error, server.origin, "tcp= and rfb= are both given, and bhyve listens at rfb= alone",
                "remove one of them")
        }
    }

    private mutating func checkAddress(_ option: DeviceOption, _ origin: Origin) {
        switch ListenAddress(option.value ?? "") {
        case .complete: break
        case .portAlone:
            report(
                .warning, origin,
                "\"\(option.text)\" names a port alone: which addresses bhyve then listens at depends on its "
                    + "build",
                "name one: \(option.key)=127.0.0.1:" + (option.value ?? ""))
        case nil:
            report(
                .error, origin,
                "\(option.text.quoted) is not PORT, IPv4:PORT or [IPv6]:PORT with a port from 1 to 65535",
                "use \(option.key)=127.0.0.1:5900, for instance; names of hosts are not looked up")
        }
    }
}

/// Where bhyve's VNC server listens on TCP.
private enum ListenAddress {
    case portAlone
    case complete

    /// `nil` for what is read as another address than it says: `192.0.2.1` is port 192, `::1:5901` none at all.
    init?(_ text: String) {
        let host: String
        let port: String?
        if let inside = text.dropping(prefix: "[") {
            let (address, rest) = inside.splitOnce(at: "]")
            // A scope, as in fe80::1%net0, is the system's to know.
            host = address.splitOnce(at: "%").before
            port = rest?.dropping(prefix: ":")
            guard AddressFamily(address: host) == .ipv6 else { return nil }
        } else {
            let parts = text.splitOnce(at: ":")
            (host, port) = parts.after == nil ? ("", parts.before) : parts
            guard parts.after == nil || AddressFamily(address: host) == .ipv4 else { return nil }
        }
        guard port?.decimal(in: 1...65535) != nil else { return nil }
        self = host.isEmpty ? .portAlone : .complete
    }
}
