import Platform
import Text

/// The screen's VNC server (attr `vnc`).
package struct VNCServer: Equatable, Sendable {
    /// Where it listens.
    package enum Listener: Equatable, Sendable {
        /// On this socket in the zone.
        case unix(String)
        /// On TCP: the key (`tcp` or `rfb`) and `[HOST:]PORT`.
        case tcp(key: String, address: String)
        /// On a display as QEMU names it, such as `0.0.0.0:1` (kvm alone).
        case display(String)
    }

    /// Where it listens.
    package let listener: Listener
    /// The guest waits until a client has come.
    package let waits: Bool
    /// What a viewer has to know; `nil`: nothing.
    package let password: SecretSource?
    /// Everything but unix, wait and password, as given; includes tcp or rfb.
    package let options: [DeviceOption]

    /// Where it listens when nothing else is said.
    package static let defaultSocket = "/tmp/vm.vnc"

    /// The value of one of the options, such as `w`.
    package func option(_ key: String) -> String? {
        options.first { $0.key == key }?.value
    }

    /// What the brand's hypervisor is handed as it is: words of QEMU's `-vnc`, and, in a bhyve zone, words that nobody knows.
    package var words: [DeviceOption] {
        options.filter { !Self.knownKeys.contains($0.key) && listener != .display($0.text) }
    }

    private static let knownKeys = ["tcp", "rfb", "w", "h"]

    /// What QEMU 0.14's `-vnc` takes after the display (qemu(1)), with a value or without.
    private static let wordsOfQEMU = [
        "reverse", "password", "to", "tls", "x509", "x509verify", "sasl", "acl", "lossy", "no-lock-key-sync",
        "non-adaptive",
    ]

    /// The options in one order, whatever the order written: unix, wait, the others. The password is not among them.
    package var text: String {
        var parts = options.map { $0.text }
        if waits { parts.insert("wait", at: 0) }
        if case .unix(let path) = listener { parts.insert("unix=\(path)", at: 0) }
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
            let option = part.dropping(prefix: "unix:").map { DeviceOption("unix=\($0)") } ?? DeviceOption(part)
            switch (option.key, option.value) {
            case ("wait", nil): waits = true
            case (let key, nil) where (try? Flag.parse(key)) == true: break
            case ("unix", let path): socket = try Self.checkSocket(path)
            case ("password", let value?): password = try Self.checkPassword(value)
            case ("password", nil) where brand == .bhyve: throw Self.emptyPassword
            default:
                try Self.check(option)
                try Self.checkIsKnown(option, brand)
                if let index = others.firstIndex(where: { $0.key == option.key }) {
                    others[index] = option
                } else {
                    others.append(option)
                }
            }
        }
        let displays = brand == .kvm ? others.filter { $0.isDisplay } : []
        let display = displays.first
        guard displays.isEmpty || (displays.count == 1 && socket == nil) else { throw Self.unknown(brand) }
        if let tcp = others.first(where: { $0.key == "tcp" || $0.key == "rfb" }), let address = tcp.value {
            listener = .tcp(key: tcp.key, address: address)
        } else if let display {
            listener = .display(display.key)
        } else {
            listener = .unix(socket ?? Self.defaultSocket)
        }
        self.waits = waits
        self.password = password
        options = others
        // A word that nobody knows may be the rest of a password with a comma in it.
        if brand == .bhyve && password != nil && !words.isEmpty { throw Self.unknown(brand) }
    }

    /// An option that is not known may hold a password, so it is neither shown nor passed on. A bare word of a bhyve zone is:
    /// other tools take any.
    private static func checkIsKnown(_ option: DeviceOption, _ brand: Brand) throws(ValueError) {
        let isKnown =
            switch brand {
            case .bhyve: knownKeys.contains(option.key) || (option.value == nil && !option.key.looksLikePassword)
            case .kvm:
                knownKeys.contains(option.key) || wordsOfQEMU.contains(option.key) && option.key != "password"
                    || option == DeviceOption("password") || option.isDisplay
            }
        guard isKnown else { throw unknown(brand) }
    }

    private static func unknown(_ brand: Brand) -> ValueError {
        ValueError(
            "it holds an option that is not known, and that is not shown since it may be part of a password",
            remedy: "the options are on, off, unix=, tcp=, w=, h=, wait and password="
                + (brand == .kvm ? ", or a display with words of QEMU's -vnc" : "")
                + "; put a password with a comma into a file: password=/PATH")
    }

    private static func checkSocket(_ path: String?) throws(ValueError) -> String {
        guard let path, path.beginsWith("/"), path.utf8.count <= 103, path.isPlace else {
            throw ValueError(
                "unix= is not the absolute path of a socket, of at most 103 bytes without blank, ; and =",
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
            guard let address = option.value, !address.isEmpty, address.isPlace else {
                throw ValueError("\(option.key)= has no address", remedy: "use [HOST:]PORT, such as tcp=127.0.0.1:5900")
            }
        default: break
        }
    }
}

extension DeviceOption {
    /// A place as QEMU's `-vnc` names it: `HOST:DISPLAY`, with a number.
    fileprivate var isDisplay: Bool {
        guard value == nil, key.holds(":"), key.isPlace, !key.looksLikePassword else { return false }
        return key.pieces(separator: ":").last?.decimal(in: 0...65535) != nil
    }
}

extension String {
    /// True for what can be where a screen listens. A slip puts a second option there, which may be a password.
    fileprivate var isPlace: Bool { !utf8.contains { $0.isWhiteSpace || $0 == 0x3b || $0 == 0x3d } }

    fileprivate var looksLikePassword: Bool {
        let key = lowercasedASCII
        return key.holds(text: "pass") || key.editDistance(to: "password", atMost: 2) != nil
    }
}
