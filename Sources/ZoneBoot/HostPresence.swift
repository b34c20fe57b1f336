import Machine
import Platform
import Text
import ZoneConfig

/// Whether the links and volumes of a zone are on this host. zoneadmd would miss them one by one.
struct HostPresence {
    private let zone: ZoneConfiguration
    private let machine: Machine
    private let request: BootRequest

    init(_ zone: ZoneConfiguration, _ machine: Machine, _ request: BootRequest) {
        self.zone = zone
        self.machine = machine
        self.request = request
    }

    /// What is missing, each with the command that makes it.
    var diagnostics: [Diagnostic] {
        // On Linux there are such commands only where they were put (`-C`).
        guard request.platform == .illumos || request.commands.directory != nil else { return [] }
        return links.compactMap { $0 } + machine.drives.compactMap { volume($0) }
    }

    /// A VNIC over a global-nic is made when the zone gets ready.
    private var links: [Diagnostic?] {
        zone.networks.map { network in
            guard (network.globalNic?.trimmed ?? "").isEmpty, let link = network.physical?.trimmed, !link.isEmpty,
                refuses("/usr/sbin/dladm", ["show-link", "-p", "-o", "link", link])
            else { return nil }
            return Diagnostic(
                .error, file: zone.file, line: network.line, message: "net \(link.quoted): the host has no such link",
                remedy: ["dladm create-vnic -l LINK \(ShellWords.quote(link))"])
        }
    }

    private func volume(_ drive: Drive) -> Diagnostic? {
        let origin = drive.source.origin
        guard let volume = drive.source.value.volume,
            let result = try? request.commands.command("/usr/sbin/zfs", ["list", "-H", "-o", "type", volume]).run()
        else { return nil }
        let type = result.output.trimmed
        let isVolume = result.status == 0 && (type.isEmpty || type == "volume")
        guard !isVolume else { return nil }
        let create = "zfs create -p -V SIZE"
        return Diagnostic(
            .error, file: zone.file, line: origin.line, attribute: origin.attribute,
            message: result.status == 0
                ? "\(origin.prefix)\(volume) is a \(type), not a volume"
                : "\(origin.prefix)the host has no volume \(volume)",
            remedy: [
                result.status == 0
                    ? "name a volume, which \(create) NAME makes" : "\(create) \(ShellWords.quote(volume))"
            ])
    }

    /// True when the command runs, and says no.
    private func refuses(_ program: String, _ arguments: [String]) -> Bool {
        guard let result = try? request.commands.command(program, arguments).run() else { return false }
        return result.status != 0
    }
}
