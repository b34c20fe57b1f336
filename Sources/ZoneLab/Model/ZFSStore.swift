import Foundation
import Glibc
import Platform

/// The lab's datasets: directories and sparse files.
struct ZFSStore {
    struct Dataset {
        let name: String
        /// `nil` for a volume.
        let mountpoint: String?
        /// Bytes, of a volume.
        let size: UInt64

        var isVolume: Bool { mountpoint == nil }
    }

    private static let file = GlobalZone.stateDirectory + "/datasets"
    /// The pools there are, mounted at their names.
    static let pools = ["data", "rpool"]

    /// Everything, sorted by name.
    var datasets: [Dataset] {
        let pools = ZFSStore.pools.map { Dataset(name: $0, mountpoint: "/" + $0, size: 0) }
        let others = Files.lines(ZFSStore.file).compactMap { line -> Dataset? in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3, let size = UInt64(fields[2]) else { return nil }
            return Dataset(name: fields[0], mountpoint: fields[1].isEmpty ? nil : fields[1], size: size)
        }
        return (pools + others).sorted { $0.name < $1.name }
    }

    subscript(name: String) -> Dataset? { datasets.first { $0.name == name } }

    /// Where a dataset's files are; `nil` for a volume and for what does not exist.
    func mountpoint(_ name: String) -> String? { self[name]?.mountpoint }

    /// Where a volume's device appears.
    static func device(_ name: String) -> String { DeviceTree.volumeDirectories[0] + "/" + name }

    /// The volume whose device would be at this path; `nil` for any other path.
    static func volume(at path: String) -> String? {
        DeviceTree.volumeDirectories.lazy.compactMap { path.dropping(prefix: $0 + "/") }.first
    }

    func add(_ dataset: Dataset) throws {
        try save(datasets + [dataset])
    }

    func remove(_ names: Set<String>) throws {
        for dataset in datasets where names.contains(dataset.name) {
            if dataset.isVolume {
                unlink(ZFSStore.device(dataset.name))
            } else if let mountpoint = dataset.mountpoint {
                try? FileManager.default.removeItem(atPath: mountpoint)
            }
        }
        try save(datasets.filter { !names.contains($0.name) })
    }

    /// Gives the file system that is mounted there, if one is, another mountpoint. Its files have been moved.
    func move(_ mountpoint: String, to new: String) throws {
        try save(
            datasets.map { $0.mountpoint == mountpoint ? Dataset(name: $0.name, mountpoint: new, size: 0) : $0 })
    }

    private func save(_ datasets: [Dataset]) throws {
        let kept = datasets.filter { !ZFSStore.pools.contains($0.name) }
        try Files.write(
            ZFSStore.file, kept.map { $0.name + "\t" + ($0.mountpoint ?? "") + "\t" + String($0.size) + "\n" }.joined())
    }
}
