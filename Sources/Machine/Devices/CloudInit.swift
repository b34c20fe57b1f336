import Platform
import Text
import ZoneConfig

extension Attributes {
    static let cloudInit = Attribute<CloudInitSource>(
        "cloud-init", "source of the guest's first configuration", elsewhere: ["userdata", "user-data"],
        .of(
            .bhyve, default: .off,
            syntax: "on, off, the absolute path of a file with user-data, or an http or https URL",
            example: "http://192.0.2.1/seed/", parse: CloudInitSource.init))
    static let password = Attribute<SecretSource>(
        "password", "password of the guest's default user, for cloud-init", isOption: false, elsewhere: ["cipassword"],
        .of(
            .bhyve, effect: inSeed,
            syntax: "the password or its crypt(3) hash, or the absolute path of a file that holds it",
            example: "/root/vm0.password",
            parse: { text throws(ValueError) in SecretSource(text) }))
    static let sshkey = Attribute<SSHKeySource>(
        "sshkey", "SSH keys of the guest's default user and of root, for cloud-init", isOption: false,
        elsewhere: ["authorized_keys"],
        .of(
            .bhyve, effect: inSeed, syntax: "a public key, or the absolute path of a file with one a line",
            example: "/root/.ssh/id_ed25519.pub",
            parse: SSHKeySource.init))
    static let dnsDomain = Attribute<String>(
        "dns-domain", "domain in which the guest looks for names, for cloud-init", isOption: false,
        elsewhere: ["searchdomain"],
        .of(.bhyve, effect: inSeed, syntax: "one domain", example: "example.com", parse: DomainName.check))
    static let resolvers = Attribute<AddressList>(
        "resolvers", "DNS servers of the guest, for cloud-init", isOption: false,
        elsewhere: ["nameserver", "nameservers", "dns"],
        .of(
            .bhyve, effect: inSeed, syntax: "IP addresses with commas between", example: "192.0.2.53,2001:db8::53",
            parse: AddressList.init))

    private static let inSeed = AttributeForm.Effect.elsewhere("the seed that cloud-init=on builds")
}

/// Where the guest gets its first configuration from (attr `cloud-init`).
package enum CloudInitSource: Equatable, Sendable {
    case off
    /// From a seed image that we build; with this file of the host as user-data, when there is one.
    case seed(userData: String?)
    /// From this URL.
    case url(String)

    /// Where the zone has its seed image.
    package static let seedImage = "/cloud-init.iso"

    /// True when we build a seed image.
    var isSeed: Bool {
        if case .seed = self { true } else { false }
    }

    init(_ text: String) throws(ValueError) {
        if let flag = try? Flag.parse(text) {
            self = flag ? .seed(userData: nil) : .off
        } else if text.beginsWith("/") {
            self = .seed(userData: text)
        } else if text.beginsWith("http://") || text.beginsWith("https://") {
            try Self.check(url: text)
            self = .url(text)
        } else {
            throw ValueError(text, isNot: "a cloud-init source", remedy: "use on, off, an absolute path or an http URL")
        }
    }

    /// The URL reaches cloud-init inside the SMBIOS serial number, whose parts end at these.
    private static func check(url: String) throws(ValueError) {
        guard !url.holds(",") else {
            throw ValueError(
                "\(url.quoted) holds a comma, which bhyve takes for the end of the SMBIOS serial number",
                remedy: "write the comma as %2C")
        }
        guard !url.holds(";"), !url.holds(" ") else {
            throw ValueError(
                "\(url.quoted) holds a blank or semicolon, which cloud-init takes for the end of the URL",
                remedy: "write a blank as %20 and a semicolon as %3B")
        }
    }
}

extension CloudInitSource: AttributeValue {
    var text: String {
        switch self {
        case .off: "off"
        case .seed(let userData): userData ?? "on"
        case .url(let url): url
        }
    }

    func shown(written: String) -> String { written }
}

/// SSH public keys: one, or the absolute path of a host file with some.
package enum SSHKeySource: Equatable, Sendable {
    case key(SSHKey)
    case file(String)

    init(_ text: String) throws(ValueError) {
        self = text.beginsWith("/") ? .file(text) : .key(try SSHKey(text))
    }
}

extension SSHKeySource: AttributeValue {
    var text: String {
        switch self {
        case .key(let key): key.line
        case .file(let path): path
        }
    }
}

/// What a seed image is made of, the machine's networks aside. It counts when ``Machine/hasSeed``.
package struct SeedInputs: Equatable, Sendable {
    /// The default user's password; `nil` without one.
    package let password: Sourced<SecretSource>?
    /// The public keys that let a user in.
    package let sshKeys: Sourced<SSHKeySource>?
    /// The domain that the guest's resolver searches.
    package let domain: Sourced<String>?
    /// The name servers of the guest.
    package let resolvers: Sourced<AddressList>?

    /// True when a zone's boot builds a seed image. For what must be known before the machine is: what is wrong with the
    /// attribute is told when that is read.
    package static func areWanted(_ zone: ZoneConfiguration, brand: Brand) -> Bool {
        var settings = Settings(zone, brand: brand)
        return settings.read(Attributes.cloudInit, otherwise: .off).value.isSeed
    }
}

extension Machine {
    /// What SMBIOS gives as the serial number; cloud-init looks there.
    package var systemSerial: String {
        let uuid = uuid?.value ?? ""
        switch cloudInit.value {
        case .off: return uuid
        case .seed: return "ds=nocloud;i=\(uuid)"
        case .url(let url): return "ds=nocloud-net;s=\(url);i=\(uuid)"
        }
    }

    /// True when a seed image is built for cloud-init.
    package var hasSeed: Bool { cloudInit.value.isSeed }
}

extension MachineBuilder {
    mutating func cloudInit() -> (source: Sourced<CloudInitSource>, inputs: SeedInputs) {
        let source = settings.read(Attributes.cloudInit, otherwise: .off)
        let inputs = SeedInputs(
            password: settings.read(Attributes.password), sshKeys: settings.read(Attributes.sshkey),
            domain: settings.read(Attributes.dnsDomain), resolvers: settings.read(Attributes.resolvers))
        if case .seed(let file?) = source.value {
            for origin in [inputs.password?.origin, inputs.sshKeys?.origin] {
                guard let origin else { continue }
                report(
                    .warning, origin, "\(origin.prefix)it has no effect: the user-data is \(file.quoted)",
                    "say it in that file, or set cloud-init=on")
            }
        }
        return (source, inputs)
    }
}
