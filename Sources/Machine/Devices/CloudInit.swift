import Platform
import ZoneConfig

extension Attributes {
    static let cloudInit = Attribute<CloudInit>(
        "cloud-init", "source of the guest's first configuration",
        .of(
            .bhyve, default: .off,
            syntax: "on, off, the absolute path of a file with user-data, or an http or https URL",
            example: "http://192.0.2.1/seed/", parse: CloudInit.init))
    static let password = Attribute<SecretSource>(
        "password", "password for cloud-init", isOption: false,
        .of(
            .bhyve, effect: noSeed, syntax: "the password, or the absolute path of a file that holds it",
            example: "/root/vm0.password",
            parse: { text throws(ValueError) in SecretSource(text) }))
    static let sshkey = Attribute<String>(
        "sshkey", "SSH key for cloud-init", isOption: false,
        .of(
            .bhyve, effect: noSeed, syntax: "the key, or the absolute path of a file with keys",
            example: "/root/.ssh/id_ed25519.pub",
            parse: Words.asIs))
    static let dnsDomain = Attribute<String>(
        "dns-domain", "DNS domain for cloud-init", isOption: false,
        .of(.bhyve, effect: noSeed, syntax: "one domain", example: "example.com", parse: Words.asIs))
    static let resolvers = Attribute<String>(
        "resolvers", "DNS servers for cloud-init", isOption: false,
        .of(
            .bhyve, effect: noSeed, syntax: "IP addresses with commas between", example: "192.0.2.53,2001:db8::53",
            parse: Addresses.check))

    private static let noSeed = AttributeForm.Effect.nothing("no seed image is built for cloud-init yet")
}

/// How the guest gets its first configuration (attr `cloud-init`).
public enum CloudInit: Equatable, Sendable {
    case off
    /// From a seed image that we build; with this file of the host as user-data, when there is one.
    case seed(userData: String?)
    /// From this URL.
    case url(String)

    /// Where the zone has its seed image.
    public static let seedImage = "/cloud-init.iso"

    init(_ text: String) throws(ValueError) {
        if let flag = try? Flag.parse(text) {
            self = flag ? .seed(userData: nil) : .off
        } else if text.beginsWith("/") {
            self = .seed(userData: text)
        } else if text.beginsWith("http://") || text.beginsWith("https://") {
            guard !text.holds(",") else {
                throw ValueError(
                    text.quoted + " holds a comma, which bhyve takes for the end of the SMBIOS serial number",
                    remedy: "write the comma as %2C")
            }
            self = .url(text)
        } else {
            throw ValueError(text, isNot: "a cloud-init source", remedy: "use on, off, an absolute path or an http URL")
        }
    }
}

extension CloudInit: AttributeValue {
    var text: String {
        switch self {
        case .off: "off"
        case .seed(let userData): userData ?? "on"
        case .url(let url): url
        }
    }

    func shown(written: String) -> String { written }
}

extension ResourceCheck {
    /// The seed image is not built here: until the zone root has one, the zone is shown but does not boot.
    var seedDiagnostics: [Diagnostic] {
        guard machine.hasSeed else { return [] }
        if case .holds(let paths) = zoneRoot, paths.contains(CloudInit.seedImage) { return [] }
        let origin = machine.cloudInit.origin
        return [
            Diagnostic(
                .warning, file: zone.file, line: origin.line,
                message: origin.prefix + "this version builds no seed image, and the zone does not boot without one",
                remedy: ["put a NoCloud image at ZONEPATH/root" + CloudInit.seedImage + ", or give a URL"])
        ]
    }
}

extension Machine {
    /// What SMBIOS gives as the serial number; cloud-init looks there.
    public var systemSerial: String {
        let uuid = uuid?.value ?? ""
        switch cloudInit.value {
        case .off: return uuid
        case .seed: return "ds=nocloud;i=" + uuid
        case .url(let url): return "ds=nocloud-net;s=" + url + ";i=" + uuid
        }
    }

    /// True when a seed image is built for cloud-init.
    public var hasSeed: Bool {
        if case .seed = cloudInit.value { true } else { false }
    }
}

extension MachineBuilder {
    mutating func cloudInit() -> Sourced<CloudInit> {
        // What a seed image will be made of is checked already.
        _ = settings.read(Attributes.password)
        _ = settings.read(Attributes.sshkey)
        _ = settings.read(Attributes.dnsDomain)
        _ = settings.read(Attributes.resolvers)
        return settings.read(Attributes.cloudInit, otherwise: .off)
    }
}
