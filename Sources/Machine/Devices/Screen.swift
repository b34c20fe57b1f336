import Platform
import Text
import ZoneConfig

extension Attributes {
    static let vnc = Attribute<VNCServer?>(
        "vnc", "screen over VNC", from: .page, elsewhere: ["graphics", "screen", "fbuf", "vnc_port", "spice"],
        .of(
            .bhyve, default: VNCServer?.none,
            syntax: "off, on, wait, or with commas between: unix=/PATH, tcp=[HOST:]PORT, w=PIXELS, h=PIXELS, wait, "
                + "password=TEXT or password=/PATH", example: "on,w=1024,h=768",
            parse: { text throws(ValueError) in try VNCServer.parse(text, brand: .bhyve) }),
        .of(
            .kvm, default: VNCServer?.none,
            syntax: "off, on, unix=/PATH, tcp=[HOST:]PORT, or [HOST]:DISPLAY then words of QEMU's -vnc",
            example: "127.0.0.1:1", parse: { text throws(ValueError) in try VNCServer.parse(text, brand: .kvm) }))
    static let vga = Attribute<String>(
        "vga", "VGA of the framebuffer", elsewhere: ["video"],
        .of(
            .bhyve, default: "off", syntax: "off, io or on", example: "io",
            parse: { text throws(ValueError) in try Choice.check(text, ["on", "io", "off"]) }))
    static let xhci = Attribute<Bool>(
        "xhci", "switch for the USB tablet", elsewhere: ["usb", "tablet", "xhci_mouse"],
        .of(.bhyve, default: true, syntax: Flag.syntax, example: "off", parse: Flag.parse))
}

extension VNCServer?: AttributeValue {
    var text: String { map { $0.text } ?? "off" }
    func shown(written: String) -> String { map { $0.text } ?? written }
}

/// The framebuffer, its VNC server and the tablet.
package struct Screen: Equatable, Sendable {
    /// How it is reached.
    package let server: Sourced<VNCServer>
    /// bhyve alone: the framebuffer's `vga=`.
    package let vga: Sourced<String>
    /// bhyve alone.
    package let tablet: Sourced<Bool>

    /// Where the framebuffer is.
    package static let place = PCIPlace(.framebuffer)
    /// Where the USB tablet is.
    package static let tabletPlace = PCIPlace(.framebuffer, .one)
}

/// Where a zone's screen is to be found, as its configuration says.
package enum ScreenLookup: Equatable, Sendable {
    /// At this socket in the zone.
    case socket(String)
    /// The hypervisor listens on TCP itself.
    case tcp(String)
    /// There is none.
    case off

    /// Throws the diagnostic of an attribute that cannot be understood.
    package static func read(_ zone: ZoneConfiguration, brand: Brand) throws(Failure) -> ScreenLookup {
        var settings = Settings(zone, brand: brand)
        let screen = settings.read(Attributes.vnc, otherwise: nil)
        if let problem = settings.diagnostics.first(where: { $0.severity == .error }) {
            throw Failure(problem)
        }
        guard let server = screen.value else { return .off }
        switch server.listener {
        case .unix(let path): return .socket(path)
        case .tcp(_, let address), .display(let address): return .tcp(address)
        }
    }
}

/// What VNC can do with a password.
package enum ScreenPassword {
    /// Bytes of a password that count (RFC 6143 §7.2.2).
    private static let significant = 8

    /// What is worth a warning about a password; `nil` when nothing is.
    package static func problem(_ password: Secret) -> ValueError? {
        guard password.revealed.utf8.count > significant else { return nil }
        return ValueError(
            "of the password only the first \(significant) bytes count",
            remedy: "VNC knows no longer ones; reach the screen through vnc(1) and SSH instead of over a network")
    }
}

extension MachineBuilder {
    mutating func screen() -> Screen? {
        let choice = settings.read(Attributes.vnc, otherwise: nil)
        let vga = settings.read(Attributes.vga, otherwise: "off")
        let tablet = settings.read(Attributes.xhci, otherwise: false)
        guard let server = choice.value else { return nil }
        if brand.hasFramebuffer {
            for (place, owner) in [(Screen.place, "the screen"), (Screen.tabletPlace, "the USB tablet")] {
                _ = take(place, for: owner, choice.origin)
            }
        }
        check(server, choice.origin)
        return Screen(server: Sourced(server, choice.origin), vga: vga, tablet: tablet)
    }

    /// Tells what cannot be as the zone says.
    private mutating func check(_ server: VNCServer, _ origin: Origin) {
        if case .text(let password) = server.password, let problem = ScreenPassword.problem(password) {
            report(.warning, origin, origin.prefix + problem.message, problem.remedy)
        }
        if brand.hasFramebuffer {
            for option in server.words {
                report(
                    .warning, origin,
                    "\(origin.prefix)\(option.key.quoted) is not an option that is known, and is passed on",
                    "the options are on, off, unix=, tcp=, w=, h=, wait and password=")
            }
            return
        }
        for option in server.options where ["w", "h"].contains(option.key) {
            report(
                .warning, origin,
                "\(origin.prefix)\(option.key.quoted) means nothing in a \(brand.rawValue) zone",
                "the guest sets the size of its screen")
        }
        if server.waits {
            report(
                .warning, origin, "\(origin.prefix)QEMU cannot wait for a client; wait means on here", "set it to on")
        }
    }
}
