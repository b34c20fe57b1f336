import Platform

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

/// What starts the guest.
public struct BootFirmware: Equatable, Sendable {
    /// bhyve's boot ROM; kvm zones have QEMU's own BIOS.
    public let rom: Sourced<BootROM>?
    /// True when UEFI variables are kept in the zone.
    public let keepsVariables: Bool
    /// What says whether they are.
    public let variablesOrigin: Origin

    /// Where a zone keeps its UEFI variables.
    public static let variablesFile = "/etc/uefivars"
}

extension MachineBuilder {
    func firmware() -> BootFirmware {
        guard let setting = settings.singles[.bootrom], case .bootROM(let rom) = setting.value else {
            return BootFirmware(rom: nil, keepsVariables: false, variablesOrigin: .brand)
        }
        let wanted = flag(.uefivars)
        return BootFirmware(
            rom: setting.sourced(rom), keepsVariables: !rom.isCSM && wanted.value, variablesOrigin: wanted.origin)
    }
}
