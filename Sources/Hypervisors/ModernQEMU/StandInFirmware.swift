import Machine
import Platform
import Text

/// The firmware that stands in for bhyve's ROMs on Linux: OVMF for the UEFI ones, QEMU's own SeaBIOS for the others.
package enum StandInFirmware {
    /// The ROMs of an OmniOS host that it stands in for.
    package static let names = [
        "BHYVE", "BHYVE_CSM", "BHYVE_DEBUG", "BHYVE_DEBUG_CSM", "BHYVE_RELEASE", "BHYVE_RELEASE_CSM",
    ]
    /// Code alone, to which a file with variables belongs.
    package static let code = "/usr/share/OVMF/OVMF_CODE.fd"
    /// The variables' template: the stand-in for BHYVE_VARS.fd.
    package static let variables = "/usr/share/OVMF/OVMF_VARS.fd"
    /// Code that keeps its variables in memory.
    package static let volatile = "/usr/share/ovmf/OVMF.fd"

    /// Why nothing stands in for a ROM.
    static func problem(_ rom: BootROM, keepsVariables: Bool) -> ValueError? {
        guard rom.isOfHost, names.contains(rom.withoutExtension) else {
            return ValueError(
                "QEMU on Linux has no stand-in for the boot ROM \(rom.name.quoted)",
                remedy: "use " + list(names, "or"))
        }
        guard !rom.isCSM else { return nil }
        let needed = keepsVariables ? [code, variables] : [volatile]
        guard let missing = needed.first(where: { !HostFiles.exists($0) }) else { return nil }
        return ValueError(
            "its stand-in \(missing) is not installed", remedy: "install OVMF: apt-get install ovmf")
    }
}

extension BootROM {
    fileprivate var withoutExtension: String { name.endsWith(".fd") ? String(name.dropLast(3)) : name }
}
