import Text

extension Attributes {
    static let bootrom = Attribute<BootROM>(
        "bootrom", "boot ROM", from: .page, elsewhere: ["loader", "bios", "firmware", "uefi"],
        .of(
            .bhyve, default: .usual, syntax: "the name of a ROM in \(BootROM.directory), or a ROM's absolute path",
            example: "BHYVE_RELEASE", parse: BootROM.init))
    static let uefivars = Attribute<Bool>(
        "uefivars", "switch for keeping UEFI variables", elsewhere: ["nvram", "uefi_vars", "efivars", "efidisk"],
        .of(.bhyve, default: true, syntax: Flag.syntax, example: "off", parse: Flag.parse))
    static let acpi = Attribute<Bool>(
        "acpi", "switch for ACPI tables, which are always built", from: .page, isLenient: true,
        .of(
            .bhyve, default: true, effect: .nothing("the boot ROM brings its own tables"), syntax: Flag.syntax,
            example: "off", parse: Flag.parse))
}

/// The boot ROM (attr `bootrom`).
package struct BootROM: Equatable, Sendable {
    /// The name with aliases resolved, or the absolute path, as written.
    package let name: String
    /// Where the zone sees it.
    package let path: String
    /// True when it lies in the firmware directory of the host.
    package let isOfHost: Bool

    /// Where OmniOS keeps boot ROMs; zones see it at the same place.
    package static let directory = "/usr/share/bhyve/firmware"
    /// The UEFI variables' template among them.
    package static let variablesTemplate = "BHYVE_VARS.fd"

    private static let aliases = [
        Alias("BHYVE_DEBUG-2.70", "BHYVE_DEBUG"), Alias("BHYVE_DEBUG_CSM-2.40", "BHYVE_DEBUG_CSM"),
        Alias("BHYVE_RELEASE-2.70", "BHYVE_RELEASE"), Alias("BHYVE_RELEASE_CSM-2.40", "BHYVE_RELEASE_CSM"),
    ]

    package init(_ text: String) throws(ValueError) {
        guard !text.holds(",") else {
            throw ValueError(
                "\(text.quoted) holds a comma, which bhyve takes for the end of the ROM's name",
                remedy: "name one ROM; uefivars=on adds the variables")
        }
        self.init(named: Self.aliases.first { $0.from == text }?.to ?? text)
        guard !isOfHost || !name.holds("/") else {
            throw ValueError(
                text, isNot: "a boot ROM", remedy: "use a name in \(Self.directory) or an absolute path")
        }
        guard path.baseName != Self.variablesTemplate else {
            throw ValueError(
                "\(text.quoted) is the template of UEFI variables, not a ROM",
                remedy: "use BHYVE_RELEASE, for instance")
        }
    }

    private init(named name: String) {
        self.name = name
        isOfHost = !name.beginsWith("/")
        path = isOfHost ? "\(Self.directory)/\(name)" + (name.endsWith(".fd") ? "" : ".fd") : name
    }

    /// What starts a zone that names none: a BIOS.
    static let usual = BootROM(named: "BHYVE_RELEASE_CSM")

    /// True for a ROM with a compatibility module, which boots as a BIOS: its own file name says so, no directory's.
    package var isCSM: Bool { path.baseName.holds(text: "_CSM") }
}

/// What starts the guest.
package struct BootFirmware: Equatable, Sendable {
    /// bhyve's boot ROM; kvm zones have QEMU's own BIOS.
    package let rom: Sourced<BootROM>?
    /// True when UEFI variables are kept in the zone.
    package let keepsVariables: Bool
    /// What says whether they are.
    package let variablesOrigin: Origin

    /// Where a zone keeps its UEFI variables.
    package static let variablesFile = "/etc/uefivars"
}

extension BootROM: AttributeValue {
    var text: String { name }
}

extension Machine {
    /// True for a machine that starts as UEFI and keeps its variables.
    package var isUEFI: Bool { firmware.keepsVariables }
}

extension MachineBuilder {
    mutating func firmware() -> BootFirmware {
        _ = settings.read(Attributes.acpi)
        let variables = settings.read(Attributes.uefivars, otherwise: false)
        let rom = settings.read(Attributes.bootrom)
        return BootFirmware(
            rom: rom, keepsVariables: rom.map { !$0.value.isCSM && variables.value } ?? false,
            variablesOrigin: variables.origin)
    }
}
