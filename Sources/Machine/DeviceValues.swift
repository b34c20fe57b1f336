import Platform

/// `key` or `key=value` in a comma list; split at the first `=` alone.
public struct DeviceOption: Equatable, Sendable {
    public let key: String
    public let value: String?

    init(_ part: String) {
        let (key, value) = part.splitOnce(at: "=")
        self.key = key.trimmed
        self.value = value?.trimmed
    }

    public var text: String { value.map { key + "=" + $0 } ?? key }
}

extension String {
    /// True for a path with `..` in it, which could pass for another path than it is.
    var goesUp: Bool { pieces(separator: "/").contains("..") }
}

/// What a disk or CD-ROM holds: `pool/vol` or an absolute path, then options for the device.
public struct DriveSource: Equatable, Sendable {
    /// Where the zone sees it.
    public let path: String
    /// The ZFS volume behind it, when it was named by one.
    public let volume: String?
    public let options: [DeviceOption]

    /// Path and options as both hypervisors' device arguments want them.
    public var text: String { ([path] + options.map { $0.text }).joined(separator: ",") }

    /// A volume's raw device below this directory is what the zone gets.
    static let volumeDirectory = "/dev/zvol/rdsk/"

    /// The volume whose device, raw or not, a path names.
    private static func volume(ofDevice path: String) -> String? {
        path.dropping(prefix: volumeDirectory) ?? path.dropping(prefix: "/dev/zvol/dsk/")
    }

    init(disk text: String) throws(ValueError) {
        let (name, options) = try Self.split(text, "a disk", "a volume, such as rpool/vm0, or a path")
        if name.beginsWith("/") {
            path = name
            volume = Self.volume(ofDevice: name)
        } else {
            path = Self.volumeDirectory + name
            volume = name
        }
        self.options = options
    }

    init(iso text: String) throws(ValueError) {
        (path, options) = try Self.split(text, "an ISO image", "its path, such as /rpool/iso/debian.iso")
        volume = Self.volume(ofDevice: path)
    }

    private static func split(_ text: String, _ noun: String, _ example: String) throws(ValueError) -> (
        String, [DeviceOption]
    ) {
        let parts = text.trimmedParts(separator: ",")
        let remedy = "use " + example + "; options follow after commas"
        guard let name = parts.first, !name.isEmpty, name != "/" else {
            throw ValueError(text, isNot: noun, remedy: remedy)
        }
        guard !parts.contains("") else {
            throw ValueError("\"" + text + "\" has an empty option behind a comma", remedy: remedy)
        }
        guard !name.goesUp else { throw ValueError("\"" + name + "\" goes up with \"..\"", remedy: remedy) }
        let options = parts.dropFirst().map { DeviceOption($0) }
        for option in options { try checkSectorSize(option) }
        return (name, options)
    }

    /// `sectorsize=LOGICAL[/PHYSICAL]`, as bhyve(8) has it: powers of two from 512, the logical one at most the other.
    private static func checkSectorSize(_ option: DeviceOption) throws(ValueError) {
        guard option.key == "sectorsize" else { return }
        let sizes = (option.value ?? "").pieces(separator: "/").map { $0.decimal(in: 512...1 << 24) }
        guard let logical = sizes[0], sizes.count <= 2, let physical = sizes[sizes.count - 1], logical <= physical,
            [logical, physical].allSatisfy({ $0 & ($0 - 1) == 0 })
        else {
            throw ValueError(
                option.text, isNot: "a sector size",
                remedy: "use powers of two from 512, such as sectorsize=512 or sectorsize=512/4096")
        }
    }
}

/// A directory of the zone that the guest can mount over 9P (attr `virtfs`): `name,path[,ro]`.
public struct Share: Equatable, Sendable {
    /// The tag the guest mounts it by.
    public let name: String
    /// Where the zone sees it.
    public let path: String
    public let isReadOnly: Bool

    init(_ text: String) throws(ValueError) {
        let parts = text.trimmedParts(separator: ",")
        guard (2...3).contains(parts.count), !parts[0].isEmpty, parts[1].beginsWith("/"), !parts[1].goesUp,
            parts.count == 2 || parts[2] == "ro"
        else {
            throw ValueError(text, isNot: "a share", remedy: "use NAME,/PATH or NAME,/PATH,ro")
        }
        name = parts[0]
        path = parts[1]
        isReadOnly = parts.count == 3
    }
}

/// Whether and where a PCI device is passed through (attr `pptN`).
public enum PassthroughChoice: Equatable, Sendable {
    case off
    /// At the first free function of the slot.
    case anywhere
    /// At this function.
    case function(PCIFunction)

    init(_ text: String) throws(ValueError) {
        if let flag = try? Flag.parse(text) {
            self = flag ? .anywhere : .off
        } else if let function = text.dropping(prefix: "slot")?.decimal(in: 0...7).flatMap({ PCIFunction($0) }) {
            self = .function(function)
        } else {
            throw ValueError(
                text, isNot: "a place for a passed-through device", remedy: "use on, off or slot0 to slot7")
        }
    }
}

/// Where a serial port's bytes go, as bhyve(8) spells it.
public enum SerialBackend: Equatable, Sendable {
    case device(String)
    case standardInputOutput
    case socket(path: String, waits: Bool)
    /// A form that bhyve may know and we don't.
    case other(String)

    init(_ text: String) throws(ValueError) {
        let parts = text.trimmedParts(separator: ",")
        if parts == ["stdio"] {
            self = .standardInputOutput
        } else if parts.count == 1, parts[0].beginsWith("/") {
            self = .device(parts[0])
        } else if parts[0] == "socket" {
            guard (2...3).contains(parts.count), parts[1].beginsWith("/"), parts.count == 2 || parts[2] == "wait" else {
                throw ValueError(text, isNot: "a serial port's socket", remedy: "use socket,/PATH or socket,/PATH,wait")
            }
            self = .socket(path: parts[1], waits: parts.count == 3)
        } else {
            self = .other(parts.joined(separator: ","))
        }
    }

    public var text: String {
        switch self {
        case .device(let path): path
        case .standardInputOutput: "stdio"
        case .socket(let path, let waits): "socket," + path + (waits ? ",wait" : "")
        case .other(let text): text
        }
    }

    /// What it opens, which no other port can open too.
    var endpoint: String {
        switch self {
        case .device(let path), .socket(let path, _): path
        case .standardInputOutput, .other: text
        }
    }
}

/// A QEMU character device (attr `console` of a kvm zone), `-chardev TYPE[,key=value …]`.
public struct CharacterDevice: Equatable, Sendable {
    public let type: String
    /// What `-serial chardev:ID` refers to.
    public let id: String
    /// The other options.
    public let options: [DeviceOption]
    /// True when the id was given, and not put in.
    public let namesItself: Bool

    init(_ text: String) throws(ValueError) {
        let parts = text.trimmedParts(separator: ",")
        guard !parts.contains(""), !parts[0].beginsWith("/") else {
            throw ValueError(
                text, isNot: "a QEMU -chardev", remedy: "use a form such as pipe,id=console0,path=/dev/zconsole")
        }
        type = parts[0]
        let all = parts.dropFirst().map { DeviceOption($0) }
        let given = all.first { $0.key == "id" }?.value
        id = given ?? "console0"
        namesItself = given != nil
        options = all.filter { $0.key != "id" }
        self.parts = namesItself ? parts : [type, "id=" + id] + parts.dropFirst()
    }

    private let parts: [String]

    /// The value of `-chardev`, in the order written; an id that is missing stands behind the type.
    public var text: String { parts.joined(separator: ",") }

    /// The value of one option.
    public func option(_ key: String) -> String? {
        options.first { $0.key == key }?.value
    }
}

/// The host bridge at slot 0 (attr `hostbridge`).
public enum HostBridge: Equatable, Sendable {
    case none
    case model(String)
    /// `vendor=…,devid=…`.
    case options(String)

    private static let models = ["i440fx", "q35", "amd", "netapp"]

    init(_ text: String) throws(ValueError) {
        if text == "none" {
            self = .none
        } else if text == "intel" {
            self = .model("netapp")
        } else if Self.models.contains(text) {
            self = .model(text)
        } else if let options = Self.options(text) {
            self = .options(options)
        } else {
            throw ValueError(
                text, isNot: "a host bridge",
                remedy: "use " + list(Self.models + ["none"], "or") + ", or vendor=…,devid=…")
        }
    }

    /// Every part has a key and a value.
    private static func options(_ text: String) -> String? {
        let parts = text.trimmedParts(separator: ",").map { DeviceOption($0) }
        guard parts.allSatisfy({ !$0.key.isEmpty && $0.value?.isEmpty == false }) else { return nil }
        return parts.map { $0.text }.joined(separator: ",")
    }

    var text: String {
        switch self {
        case .none: "none"
        case .model(let text), .options(let text): text
        }
    }
}

/// The boot ROM (attr `bootrom`).
public struct BootROM: Equatable, Sendable {
    /// The name with aliases resolved, or the absolute path, as written.
    public let name: String
    /// Where the zone sees it.
    public let path: String
    /// True when it lies in the firmware directory of the host.
    public let isOfHost: Bool

    /// Where OmniOS keeps boot ROMs; zones see it at the same place.
    public static let directory = "/usr/share/bhyve/firmware"
    /// The UEFI variables' template among them.
    public static let variablesTemplate = "BHYVE_VARS.fd"

    private static let aliases = [
        Alias("BHYVE_DEBUG-2.70", "BHYVE_DEBUG"), Alias("BHYVE_DEBUG_CSM-2.40", "BHYVE_DEBUG_CSM"),
        Alias("BHYVE_RELEASE-2.70", "BHYVE_RELEASE"), Alias("BHYVE_RELEASE_CSM-2.40", "BHYVE_RELEASE_CSM"),
    ]

    public init(_ text: String) throws(ValueError) {
        guard !text.holds(",") else {
            throw ValueError(
                "\"" + text + "\" holds a comma, which bhyve takes for the end of the ROM's name",
                remedy: "name one ROM; uefivars=on adds the variables")
        }
        name = Self.aliases.first { $0.from == text }?.to ?? text
        isOfHost = !name.beginsWith("/")
        path = isOfHost ? Self.directory + "/" + name + (name.endsWith(".fd") ? "" : ".fd") : name
        guard !isOfHost || !name.holds("/") else {
            throw ValueError(
                text, isNot: "a boot ROM", remedy: "use a name in " + Self.directory + " or an absolute path")
        }
        guard path.baseName != Self.variablesTemplate else {
            throw ValueError(
                "\"" + text + "\" is the template of UEFI variables, not a ROM",
                remedy: "use BHYVE_RELEASE, for instance")
        }
    }

    /// True for a ROM with a compatibility module, which boots as a BIOS: its own file name says so, no directory's.
    public var isCSM: Bool { path.baseName.holds(text: "_CSM") }
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
                    "\"" + text + "\" holds a comma, which bhyve takes for the end of the SMBIOS serial number",
                    remedy: "write the comma as %2C")
            }
            self = .url(text)
        } else {
            throw ValueError(text, isNot: "a cloud-init source", remedy: "use on, off, an absolute path or an http URL")
        }
    }
}
