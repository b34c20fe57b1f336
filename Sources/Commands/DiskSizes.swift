import Machine
import Platform
import Text
import ZoneConfig

/// How large what a machine's drives hold is.
struct DiskSizes {
    let zone: ZoneConfiguration
    let commands: HostCommands

    /// Bytes; `nil` where nobody says.
    func bytes(of drive: Drive) -> UInt64? {
        let source = drive.source.value
        if let volume = source.volume { return bytes(ofVolume: volume) }
        return bytes(ofFile: source.path)
    }

    private func bytes(ofVolume volume: String) -> UInt64? {
        let words = ["list", "-H", "-p", "-o", "volsize", volume]
        guard let output = try? commands.run("/usr/sbin/zfs", words) else { return nil }
        return UInt64(output.trimmed)
    }

    /// A file of the global zone's that an fs resource shows in the zone, or one in the zone's own root. No link is followed.
    private func bytes(ofFile path: String) -> UInt64? {
        for share in zone.fileSystems {
            guard let directory = share.directory?.trimmed.withoutTrailingSlashes, let special = share.special?.trimmed,
                path.isPath(atOrBelow: directory), special.beginsWith("/")
            else { continue }
            let rest =
                directory == "/" ? path : String(decoding: path.utf8.dropFirst(directory.utf8.count), as: UTF8.self)
            return size(special.withoutTrailingSlashes + rest, below: "/")
        }
        return zone.zoneroot.flatMap { size(path, below: $0) }
    }

    private func size(_ path: String, below directory: String) -> UInt64? {
        guard let root = try? RootedDirectory(directory), let status = try? root.status(path), status.kind == .regular
        else { return nil }
        return status.size
    }
}
