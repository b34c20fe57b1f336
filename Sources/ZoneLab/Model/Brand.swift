import Platform
import Text

/// What a brand's config.xml says: the programs that are run for its zones.
struct ZoneBrand {
    /// Where brands are, in the lab's global zone as on a host.
    static let directory = "/usr/lib/brand"

    let name: String
    private let configuration: XMLElement
    let platform: ZonePlatform

    /// What a hook is run for, as config.xml names it.
    enum Hook: String {
        case install, preuninstall, uninstall, boot, halt, shutdown, prestatechange, poststatechange
        case clone, postclone, predetach, detach, attach, postattach
        case verifyConfiguration = "verify_cfg"
        case verifyZone = "verify_adm"
    }

    /// A brand by what its two files hold.
    init(name: String, configuration: XMLElement, platform: XMLElement) {
        self.name = name
        self.configuration = configuration
        self.platform = ZonePlatform(platform)
    }

    /// A brand of the lab's. Throws when there is none of this name.
    init(_ name: String) throws {
        let directory = "\(ZoneBrand.directory)/\(name)"
        guard !name.isEmpty, !name.contains("/"), Files.exists("\(directory)/config.xml") else {
            let brands = list(Files.names(in: ZoneBrand.directory), "and")
            throw LabError(
                "there is no brand \"\(name)\"", remedy: "the brands are \(brands): zonecfg -z ZONE set brand=…")
        }
        self.init(
            name: name, configuration: try XMLElement.read("\(directory)/config.xml"),
            platform: try XMLElement.read("\(directory)/platform.xml"))
    }

    /// The program that the zone's first process becomes.
    var initProgram: String { configuration.text(of: "initname") ?? "/sbin/init" }

    /// Whether init is started again when it ends with this status; otherwise the zone halts.
    func restartsInit(after status: Int32) -> Bool {
        guard configuration.text(of: "restartinit") == "true" else { return false }
        guard configuration.text(of: "restartinit0") == "true" else { return true }
        return status == 0
    }

    /// True when the brand says how one logs in to its zones.
    var hasLogin: Bool { configuration.text(of: "login_cmd") != nil }

    /// The shell's command of a hook, as libbrand makes it: `%z` and `%R` are replaced, and what is appended follows as it
    /// is, without a blank before it, unquoted. `nil` when the brand has no such hook. A hook finds the lab's dladm, zoneadm
    /// and the others only in a directory it is given, so it is given that.
    func command(_ hook: Hook, zone: String, zonepath: String, appending words: String = "") -> String? {
        guard let text = configuration.text(of: hook.rawValue) else { return nil }
        let (program, arguments) = text.splitOnce(at: " ")
        let line = "\(program) -C \(GlobalZone.commandDirectory)" + (arguments.map { " \($0)" } ?? "")
        var command = ""
        var rest = line[...]
        while let place = rest.firstIndex(of: "%") {
            command += rest[..<place]
            switch rest[place...].dropFirst().first {
            case "z": command += zone
            case "R": command += zonepath
            case "%": command += "%"
            default: break
            }
            rest = rest[place...].dropFirst(2)
        }
        return "exec \(command)\(rest)\(words)"
    }
}

/// What a brand's platform.xml says: what a zone sees of the host.
struct ZonePlatform {
    /// `<global_mount>` and `<mount>`, in order.
    let mounts: [Mount]
    /// `<device>`: patterns below /dev, and the name in the zone where it is another one.
    let devices: [Device]
    /// `<symlink>` below the zone's /dev.
    let links: [Link]

    struct Mount {
        let special: String
        let directory: String
        let type: String
        let options: [String]

        var isReadOnly: Bool { options.contains("ro") }
    }

    struct Device {
        let pattern: String
        let name: String?
    }

    struct Link {
        let source: String
        let target: String
    }

    init(_ file: XMLElement) {
        mounts = file.children.filter { $0.name == "global_mount" || $0.name == "mount" }.map {
            Mount(
                special: $0.attributes["special"] ?? "", directory: $0.attributes["directory"] ?? "",
                type: $0.attributes["type"] ?? "",
                options: ($0.attributes["opt"] ?? "").split(separator: ",").map(String.init))
        }
        devices = file.all("device").map {
            Device(pattern: $0.attributes["match"] ?? "", name: $0.attributes["name"])
        }
        links = file.all("symlink").map {
            Link(source: $0.attributes["source"] ?? "", target: $0.attributes["target"] ?? "")
        }
    }
}
