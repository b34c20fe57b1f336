import Platform

/// What a brand's config.xml says: the programs that are run for its zones.
struct ZoneBrand {
    /// Where brands are, in the lab's global zone as on a host.
    static let directory = "/usr/lib/brand"

    let name: String
    private let configuration: XMLElement
    let platform: ZonePlatform

    /// What a hook is run for, as config.xml names it.
    enum Hook: String {
        case install, uninstall, boot, halt, shutdown, prestatechange, poststatechange
        case verifyConfiguration = "verify_cfg"
        case verifyZone = "verify_adm"
    }

    init(_ name: String) throws {
        let directory = ZoneBrand.directory + "/" + name
        guard !name.isEmpty, !name.contains("/"), Files.exists(directory + "/config.xml") else {
            throw LabError(
                "there is no brand \"" + name + "\"",
                remedy: "the brands are "
                    + list(Files.names(in: ZoneBrand.directory), "and") + ": zonecfg -z ZONE set brand=…")
        }
        self.name = name
        configuration = try XMLElement.read(directory + "/config.xml")
        platform = ZonePlatform(try XMLElement.read(directory + "/platform.xml"))
    }

    /// The program that the zone's first process becomes.
    var initProgram: String { configuration.text(of: "initname") ?? "/sbin/init" }

    /// Whether init is started again when it ends with this status; otherwise the zone halts.
    func restartsInit(after status: Int32) -> Bool {
        guard configuration.text(of: "restartinit") == "true" else { return false }
        guard configuration.text(of: "restartinit0") == "true" else { return true }
        return status == 0
    }

    /// The shell's command of a hook, with `%z` and `%R` replaced and words appended; `nil` when the brand has none. On
    /// Linux a hook asks dladm, and what else is an illumos host's, only in a directory it is given.
    func command(
        _ hook: Hook, zone: String, zonepath: String, appending words: [String] = [], hostCommands: String? = nil
    ) -> String? {
        guard var line = configuration.text(of: hook.rawValue) else { return nil }
        if let hostCommands {
            let (program, rest) = line.splitOnce(at: " ")
            line = program + " -C " + hostCommands + (rest.map { " " + $0 } ?? "")
        }
        var command = ""
        var rest = line[...]
        while let place = rest.firstIndex(of: "%") {
            command += rest[..<place]
            let letter = rest[place...].dropFirst().first
            switch letter {
            case "z": command += zone
            case "R": command += zonepath
            case "%": command += "%"
            default: command += "%" + (letter.map { String($0) } ?? "")
            }
            rest = rest[place...].dropFirst(2)
        }
        return (["exec " + command + rest] + words.map { ShellWords.quote($0) }).joined(separator: " ")
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
