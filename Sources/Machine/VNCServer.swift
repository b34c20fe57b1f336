import Platform

/// The screen's VNC server (attr `vnc`).
public struct VNCServer: Equatable, Sendable {
    /// Where it listens.
    public enum Listener: Equatable, Sendable {
        /// On this socket in the zone.
        case unix(String)
        /// On TCP: the key (`tcp` or `rfb`) and `[HOST:]PORT`.
        case tcp(key: String, address: String)
        /// On a display as QEMU names it, such as `0.0.0.0:1` (kvm alone).
        case display(String)
    }

    public let listener: Listener
    /// The guest waits until a client has come.
    public let waits: Bool
    public let password: SecretSource?
    /// Everything but unix, wait and password, as given; includes tcp or rfb.
    public let options: [DeviceOption]

    /// Where it listens when nothing else is said.
    public static let defaultSocket = "/tmp/vm.vnc"

    /// The value of one of the options, such as `w`.
    public func option(_ key: String) -> String? {
        options.first { $0.key == key }?.value
    }

    /// Options that are not among those bhyve's framebuffer or QEMU's `-vnc` are known to have.
    public var unknownOptions: [DeviceOption] {
        options.filter { !Self.knownKeys.contains($0.key) && listener != .display($0.text) }
    }

    private static let knownKeys = ["tcp", "rfb", "w", "h"]

    /// The options as bhyve's framebuffer takes them; the password is not among them.
    public var bhyveText: String {
        var parts = options.map { $0.text }
        if waits { parts.insert("wait", at: 0) }
        if case .unix(let path) = listener { parts.insert("unix=" + path, at: 0) }
        return parts.joined(separator: ",")
    }

    /// `nil` when the text switches it off.
    static func parse(_ text: String, brand: Brand) throws(ValueError) -> VNCServer? {
        if let flag = try? Flag.parse(text), !flag { return nil }
        if brand == .kvm && text == "none" { return nil }
        return try VNCServer(text, brand: brand)
    }

    private init(_ text: String, brand: Brand) throws(ValueError) {
        var socket: String?
        var password: SecretSource?
        var waits = false
        var others: [DeviceOption] = []
        for part in text.trimmedParts(separator: ",") where !part.isEmpty {
            let option = part.dropping(prefix: "unix:").map { DeviceOption("unix=" + $0) } ?? DeviceOption(part)
            switch (option.key, option.value) {
            case ("wait", nil): waits = true
            case (let key, nil) where (try? Flag.parse(key)) == true: break
            case ("unix", let path): socket = try Self.checkSocket(path)
            case ("password", let value?): password = try Self.checkPassword(value)
            case ("password", nil) where brand == .bhyve: throw Self.emptyPassword
            default:
                try Self.check(option)
                if let index = others.firstIndex(where: { $0.key == option.key }) {
                    others[index] = option
                } else {
                    others.append(option)
                }
            }
        }
        let display = brand == .kvm ? others.first { $0.value == nil && $0.key.holds(":") } : nil
        if let tcp = others.first(where: { $0.key == "tcp" || $0.key == "rfb" }), let address = tcp.value {
            listener = .tcp(key: tcp.key, address: address)
        } else if let display, socket == nil {
            listener = .display(display.key)
        } else {
            listener = .unix(socket ?? Self.defaultSocket)
        }
        self.waits = waits
        self.password = password
        options = others
        try checkNothingSecretIsLeft(brand)
    }

    /// What is left is shown and passed on, so nothing in it may be a password: not behind a key that is misspelt, and
    /// not the rest of one that holds a comma.
    private func checkNothingSecretIsLeft(_ brand: Brand) throws(ValueError) {
        for option in options where !Self.knownKeys.contains(option.key) {
            if brand == .kvm && option == DeviceOption("password") { continue }
            let key = option.key.lowercased()
            let looksSecret = key.holds(text: "pass") || key.editDistance(to: "password") <= 2
            guard looksSecret || (password != nil && listener != .display(option.text)) else { continue }
            throw ValueError(
                "an option that is not known looks like a password, or like part of one",
                remedy: "write it as password=TEXT; a TEXT with a comma must be put into a file: password=/PATH")
        }
    }

    private static func checkSocket(_ path: String?) throws(ValueError) -> String {
        guard let path, path.beginsWith("/"), path.utf8.count <= 103 else {
            throw ValueError(
                "unix= is not the absolute path of a socket, of at most 103 bytes",
                remedy: "use unix=/tmp/vm.vnc, for instance")
        }
        return path
    }

    private static func checkPassword(_ text: String) throws(ValueError) -> SecretSource {
        guard !text.isEmpty else { throw emptyPassword }
        return SecretSource(text)
    }

    private static let emptyPassword = ValueError(
        "password= is empty", remedy: "give a password, or the absolute path of a file that holds it, or leave it out")

    private static func check(_ option: DeviceOption) throws(ValueError) {
        switch option.key {
        case "w", "h":
            guard option.value?.decimal(in: 1...16384) != nil else {
                throw ValueError(
                    option.text, isNot: "a screen size", remedy: "use pixels from 1 to 16384, such as w=1024,h=768")
            }
        case "tcp", "rfb":
            guard let address = option.value, !address.isEmpty else {
                throw ValueError(option.key + "= has no address", remedy: "use [HOST:]PORT, such as tcp=127.0.0.1:5900")
            }
        default: break
        }
    }
}
