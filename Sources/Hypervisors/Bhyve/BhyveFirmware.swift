import Machine
import Platform
import Text

/// bhyve's boot ROMs, as OmniOS installs them.
enum BhyveFirmware {
    /// Why bhyve cannot start from a ROM. An absolute path may lie in the zone, which is not built up yet: bhyve looks for it.
    static func problem(_ rom: BootROM, in directory: String) -> ValueError? {
        guard rom.isOfHost, !HostFiles.exists("\(directory)/\(rom.path.baseName)") else { return nil }
        let names = (try? HostFiles.names(in: directory)) ?? []
        let roms = names.filter { $0.endsWith(".fd") && $0 != BootROM.variablesTemplate }.map { String($0.dropLast(3)) }
        return ValueError(
            "there is no boot ROM \(rom.name.quoted) in \(directory)",
            remedy: roms.isEmpty
                ? "there are no ROMs at all: install them, or name another directory with -F"
                : "use " + list(roms, "or"))
    }

    static func variablesTemplate(in directory: String) -> String { "\(directory)/\(BootROM.variablesTemplate)" }
}
