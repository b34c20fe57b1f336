import Machine
import Platform

/// Whether the boot ROM a machine names is there.
public struct BootROMLookup {
    let platform: HostPlatform
    /// Where the host's ROMs are looked for; what the hypervisor is told names ``BootROM/directory`` all the same.
    let directory: String

    /// `directory` is `-F DIR`, else the host's own.
    public init(platform: HostPlatform, directory: String? = nil) {
        self.platform = platform
        self.directory = directory ?? BootROM.directory
    }

    /// The file that a zone's UEFI variables start as.
    public var variablesTemplate: String {
        switch platform {
        case .illumos: directory + "/" + BootROM.variablesTemplate
        case .linux: StandInFirmware.variables
        }
    }

    /// What is wrong with the machine's ROM, if anything is.
    @export(interface)
    public func diagnostics(_ machine: Machine) -> [Diagnostic] {
        guard let rom = machine.firmware.rom else { return [] }
        let problem =
            switch platform {
            case .illumos: check(rom.value)
            case .linux: checkStandIn(rom.value, keepsVariables: machine.firmware.keepsVariables)
            }
        guard let problem else { return [] }
        return [
            Diagnostic(
                .error, file: machine.file, line: rom.origin.line,
                message: "attr \"bootrom\": " + problem.message, remedy: [problem.remedy])
        ]
    }

    /// An absolute path may lie in the zone, which is not built up yet: the hypervisor looks for it.
    private func check(_ rom: BootROM) -> ValueError? {
        guard rom.isOfHost, !HostFiles.exists(directory + "/" + rom.path.baseName) else { return nil }
        let names = (try? HostFiles.names(in: directory)) ?? []
        let roms = names.filter { $0.endsWith(".fd") && $0 != BootROM.variablesTemplate }.map { String($0.dropLast(3)) }
        return ValueError(
            "there is no boot ROM \"" + rom.name + "\" in " + directory,
            remedy: roms.isEmpty
                ? "there are no ROMs at all: install them, or name another directory with -F"
                : "use " + list(roms, "or"))
    }

    private func checkStandIn(_ rom: BootROM, keepsVariables: Bool) -> ValueError? {
        guard rom.isOfHost, StandInFirmware.names.contains(rom.withoutExtension) else {
            return ValueError(
                "QEMU on Linux has no stand-in for the boot ROM \"" + rom.name + "\"",
                remedy: "use " + list(StandInFirmware.names, "or"))
        }
        guard !rom.isCSM else { return nil }
        let needed = keepsVariables ? [StandInFirmware.code, StandInFirmware.variables] : [StandInFirmware.volatile]
        guard let missing = needed.first(where: { !HostFiles.exists($0) }) else { return nil }
        return ValueError(
            "its stand-in " + missing + " is not installed", remedy: "install OVMF: apt-get install ovmf")
    }
}

/// The firmware that stands in for bhyve's ROMs on Linux: OVMF for the UEFI ones, QEMU's own SeaBIOS for the others.
public enum StandInFirmware {
    /// The ROMs of an OmniOS host that it stands in for.
    public static let names = [
        "BHYVE", "BHYVE_CSM", "BHYVE_DEBUG", "BHYVE_DEBUG_CSM", "BHYVE_RELEASE", "BHYVE_RELEASE_CSM",
    ]
    /// Code alone, to which a file with variables belongs.
    public static let code = "/usr/share/OVMF/OVMF_CODE.fd"
    /// The variables' template: the stand-in for BHYVE_VARS.fd.
    public static let variables = "/usr/share/OVMF/OVMF_VARS.fd"
    /// Code that keeps its variables in memory.
    public static let volatile = "/usr/share/ovmf/OVMF.fd"
}

extension BootROM {
    var withoutExtension: String { name.endsWith(".fd") ? String(name.dropLast(3)) : name }
}
