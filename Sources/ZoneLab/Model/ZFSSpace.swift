import Glibc
import Text

/// How much room datasets take.
extension ZFSStore {
    /// The smallest there is, of a dataset that holds nothing.
    private static let empty: UInt64 = 24 << 10

    /// Bytes of a dataset with what is below it. A volume counts whole, and a 32nd more for what describes it: zfs(8)
    /// reserves that.
    func used(_ dataset: Dataset) -> UInt64 {
        if dataset.isVolume { return dataset.size + dataset.size / 32 }
        return datasets.filter { $0.name.isPath(atOrBelow: dataset.name) && $0.name != dataset.name }.reduce(
            Self.referenced(dataset)
        ) { $0 + ($1.isVolume ? $1.size + $1.size / 32 : Self.referenced($1)) }
    }

    /// Bytes that are written.
    static func referenced(_ dataset: Dataset) -> UInt64 {
        let path = dataset.mountpoint ?? device(dataset.name)
        var status = stat()
        guard stat(path, &status) == 0 else { return empty }
        return max(empty, dataset.isVolume ? UInt64(status.st_blocks) * 512 : blocks(below: path) * 512)
    }

    /// What the machine has left.
    static var available: UInt64 {
        var system = statvfs()
        guard statvfs(GlobalZone.stateDirectory, &system) == 0 else { return 0 }
        return UInt64(system.f_bavail) * UInt64(system.f_frsize)
    }

    private static func blocks(below directory: String) -> UInt64 {
        Files.names(in: directory).reduce(0) { sum, name in
            let path = "\(directory)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { return sum }
            return sum + UInt64(status.st_blocks) + (status.st_mode & S_IFMT == S_IFDIR ? blocks(below: path) : 0)
        }
    }
}
