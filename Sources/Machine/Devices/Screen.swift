import Platform
import ZoneConfig

/// The framebuffer, its VNC server and the tablet.
public struct Screen: Equatable, Sendable {
    public let server: Sourced<VNCServer>
    /// bhyve alone: the framebuffer's `vga=`.
    public let vga: Sourced<String>
    /// bhyve alone.
    public let tablet: Sourced<Bool>

    public static let place = PCIPlace(.framebuffer)
    public static let tabletPlace = PCIPlace(.framebuffer, .one)
}

/// Where a zone's screen is to be found, as its configuration says.
public enum ScreenLookup: Equatable, Sendable {
    /// At this socket in the zone.
    case socket(String)
    /// The hypervisor listens on TCP itself.
    case tcp(String)
    /// There is none.
    case off

    /// Throws the diagnostic of an attribute that cannot be understood.
    public static func read(_ zone: ZoneConfiguration, brand: Brand) throws(ZoneReadError) -> ScreenLookup {
        let reader = SettingsReader(zone, brand: brand, only: [.vnc])
        if let problem = reader.diagnostics.first(where: { $0.severity == .error }) {
            throw ZoneReadError(diagnostic: problem)
        }
        guard case .vnc(let server?) = reader.settings.singles[.vnc]?.value else { return .off }
        switch server.listener {
        case .unix(let path): return .socket(path)
        case .tcp(_, let address), .display(let address): return .tcp(address)
        }
    }
}

/// What VNC can do with a password.
public enum ScreenPassword {
    /// Bytes of a password that count (RFC 6143 §7.2.2).
    private static let significant = 8

    /// What is worth a warning about a password; `nil` when nothing is.
    public static func problem(_ password: Secret) -> ValueError? {
        guard password.revealed.utf8.count > significant else { return nil }
        return ValueError(
            "of the password only the first " + String(significant) + " bytes count",
            remedy: "VNC knows no longer ones; reach the screen through vnc(1) and SSH instead of over a network")
    }
}

extension MachineBuilder {
    mutating func screen() -> Screen? {
        guard let setting = settings.singles[.vnc], case .vnc(let server?) = setting.value else { return nil }
        for option in server.words where brand == .bhyve {
            report(
                .warning, setting.origin,
                "attr \"vnc\": \"" + option.key + "\" is not an option that is known, and is passed on",
                "the options are unix=, tcp=, w=, h=, wait and password=")
        }
        if case .text(let password) = server.password, let problem = ScreenPassword.problem(password) {
            report(.warning, setting.origin, "attr \"vnc\": " + problem.message, problem.remedy)
        }
        for option in server.options where brand == .kvm && ["w", "h"].contains(option.key) {
            report(
                .warning, setting.origin, "attr \"vnc\": \"" + option.key + "\" means nothing in a kvm zone",
                "the guest sets the size of its screen")
        }
        if brand == .kvm && server.waits {
            report(
                .warning, setting.origin, "attr \"vnc\": QEMU cannot wait for a client; wait means on here",
                "set it to on")
        }
        if brand == .bhyve {
            for (place, owner) in [(Screen.place, "the screen"), (Screen.tabletPlace, "the USB tablet")] {
                _ = take(place, for: owner, setting.origin)
            }
        }
        return Screen(server: setting.sourced(server), vga: text(.vga), tablet: flag(.xhci))
    }
}
