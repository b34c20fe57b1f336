import Foundation
import Glibc
import Text

/// The lab's datasets: directories and sparse files.
struct ZFSStore: Equatable {
    struct Dataset: Equatable {
        let name: String
        /// `nil` for a volume.
        let mountpoint: String?
        /// Bytes, of a volume.
        let size: UInt64

        var isVolume: Bool { mountpoint == nil }
    }

    /// The pools there are, mounted at their names.
    static let pools = ["data", "rpool"]

    /// Everything, sorted by name.
    private(set) var datasets: [Dataset]

    /// Reads the list that ``text`` is. Lines that are no datasets are skipped.
    init(text: String) {
        let pools = ZFSStore.pools.map { Dataset(name: $0, mountpoint: "/\($0)", size: 0) }
        let others = text.records.compactMap { line -> Dataset? in
            let fields = line.pieces(separator: "\t")
            guard fields.count == 3, let size = UInt64(fields[2]) else { return nil }
            return Dataset(name: fields[0], mountpoint: fields[1].isEmpty ? nil : fields[1], size: size)
        }
        datasets = (pools + others).sorted { $0.name < $1.name }
    }

    /// The list: a line each, but for the pools, `name TAB mountpoint TAB bytes`.
    var text: String {
        datasets.filter { !ZFSStore.pools.contains($0.name) }
            .map { "\($0.name)\t\($0.mountpoint ?? "")\t\($0.size)\n" }.joined()
    }

    subscript(name: String) -> Dataset? { datasets.first { $0.name == name } }

    /// Where a dataset's files are; `nil` for a volume and for what does not exist.
    func mountpoint(_ name: String) -> String? { self[name]?.mountpoint }

    mutating func add(_ dataset: Dataset) {
        datasets.append(dataset)
        datasets.sort { $0.name < $1.name }
    }

    mutating func remove(_ names: Set<String>) { datasets.removeAll { names.contains($0.name) } }

    /// Changes the mountpoint of the file system that is mounted there, if one is. Its files have been moved.
    mutating func move(_ mountpoint: String, to new: String) {
        datasets = datasets.map {
            $0.mountpoint == mountpoint ? Dataset(name: $0.name, mountpoint: new, size: 0) : $0
        }
    }

    // MARK: In the lab

    private static let file = "\(GlobalZone.stateDirectory)/datasets"

    /// Those of this lab.
    static func read() -> ZFSStore { ZFSStore(text: Files.text(file) ?? "") }

    func write() throws { try Files.write(ZFSStore.file, text) }

    /// Where a volume's device appears.
    static func device(_ name: String) -> String { "\(DeviceTree.volumeDirectories[0])/\(name)" }

    /// The volume whose device would be at this path; `nil` for any other path.
    static func volume(at path: String) -> String? {
        DeviceTree.volumeDirectories.lazy.compactMap { path.dropping(prefix: "\($0)/") }.first
    }

    /// Removes what is in a dataset.
    static func removeFiles(of dataset: Dataset) {
        if let mountpoint = dataset.mountpoint {
            try? FileManager.default.removeItem(atPath: mountpoint)
        } else {
            unlink(device(dataset.name))
        }
    }
}
