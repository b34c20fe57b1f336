import Foundation
import Glibc
import Text

/// `zfs`: enough for zones: volumes and file systems.
enum Zfs {
    static let usage = """
        usage: zfs create [-p] [-o mountpoint=PATH] NAME
               zfs create [-ps] [-b SIZE] -V SIZE NAME
               zfs list [-Hr] [-o FIELD,…] [-t filesystem|volume|all] [NAME | PATH]
               zfs destroy [-r] NAME

        """

    static func run(_ arguments: [String]) throws -> Int32 {
        try Subcommands.run(
            arguments, usage: usage,
            [
                "create": { try create(try options($0, "psV:b:o:")) },
                "list": { try show(try options($0, "Hrpo:t:")) },
                "destroy": { try destroy(try options($0, "rRf")) },
            ])
    }

    private static func options(_ arguments: [String], _ letters: String) throws -> Options {
        try Options.read(arguments, letters, usage: usage)
    }

    private static func create(_ options: Options) throws {
        guard let name = options.operands.first, options.operands.count == 1 else {
            throw LabError.usage("create takes one name\n\(usage)")
        }
        let failed = "cannot create '\(name)': "
        var store = ZFSStore.read()
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard ZFSStore.pools.contains(parts[0]) else {
            throw LabError(
                "\(failed)no such pool '\(parts[0])'", remedy: "the lab has " + list(ZFSStore.pools, "and"))
        }
        guard parts.allSatisfy({ !$0.isEmpty && $0 != ".." && $0 != "." }) else {
            throw LabError("\(failed)invalid name")
        }
        guard store[name] == nil else { throw LabError("\(failed)dataset already exists") }
        let parent = parts.dropLast().joined(separator: "/")
        if store[parent] == nil {
            guard options.has("p") else { throw LabError("\(failed)parent does not exist", remedy: "zfs create -p …") }
            try create(try Zfs.options(["-p", parent], "p"))
            store = .read()
        }
        guard store[parent]?.isVolume != true else { throw LabError("\(failed)parent is not a filesystem") }
        if let size = options.value("V") {
            store.add(try createVolume(name, size, failed))
        } else {
            store.add(try createFileSystem(name, below: store.mountpoint(parent) ?? "", options))
        }
        try store.write()
    }

    private static func createVolume(
        _ name: String, _ size: String, _ failed: String
    ) throws -> ZFSStore.Dataset {
        guard let bytes = ByteCount.read(size), bytes > 0, bytes % 512 == 0 else {
            throw LabError("\(failed)bad volume size \"\(size)\"", remedy: "such as 30G")
        }
        let path = ZFSStore.device(name)
        try Files.makeDirectories(String(path.dropLast(name.baseName.count + 1)))
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw LabError(errno: errno, failed + path) }
        defer { close(file) }
        // Sparse: it takes room as it is written.
        guard ftruncate(file, off_t(bytes)) == 0 else { throw LabError(errno: errno, failed + path) }
        return ZFSStore.Dataset(name: name, mountpoint: nil, size: bytes)
    }

    private static func createFileSystem(
        _ name: String, below parent: String, _ options: Options
    ) throws -> ZFSStore.Dataset {
        var mountpoint = "\(parent)/\(name.baseName)"
        if let property = options.value("o") {
            let (key, value) = property.splitOnce(at: "=")
            guard key == "mountpoint", let value, value.hasPrefix("/") else {
                throw LabError.notInTheLab("-o \(property)")
            }
            mountpoint = value
        }
        try Files.makeDirectories(mountpoint)
        return ZFSStore.Dataset(name: name, mountpoint: mountpoint, size: 0)
    }

    private static func show(_ options: Options) throws {
        let store = ZFSStore.read()
        var shown = store.datasets
        if let subject = options.operands.first {
            let named = shown.filter {
                $0.name == subject || subject.hasPrefix("/") && subject.isPath(atOrBelow: $0.mountpoint ?? "//")
            }
            // A path belongs to the innermost dataset that holds it.
            guard let found = named.max(by: { ($0.mountpoint ?? "").count < ($1.mountpoint ?? "").count }) else {
                throw LabError("cannot open '\(subject)': dataset does not exist")
            }
            shown = shown.filter { options.has("r") ? $0.name.isPath(atOrBelow: found.name) : $0.name == found.name }
        }
        switch options.value("t") ?? "all" {
        case "filesystem": shown = shown.filter { !$0.isVolume }
        case "volume": shown = shown.filter(\.isVolume)
        default: break
        }
        let fields = (options.value("o") ?? "name,used,avail,refer,mountpoint").split(separator: ",").map(String.init)
        let isExact = options.has("p")
        let rows = try shown.map { dataset in
            try fields.map { try value($0, of: dataset, store) { isExact ? String($0) : ByteCount.text($0) } }
        }
        if options.has("H") {
            for row in rows { Stream.write(1, row.joined(separator: "\t") + "\n") }
        } else {
            let columns = fields.map {
                Columns.Column(title: titles[$0] ?? $0.uppercased(), isRight: sizes.contains($0))
            }
            Stream.write(1, Columns(columns: columns, gap: "  ").text(rows))
        }
    }

    private static let sizes: Set = ["used", "avail", "available", "refer", "referenced", "volsize"]
    private static let titles = ["available": "AVAIL", "referenced": "REFER"]

    private static func value(
        _ field: String, of dataset: ZFSStore.Dataset, _ store: ZFSStore, _ size: (UInt64) -> String
    ) throws -> String {
        switch field {
        case "used": size(store.used(dataset))
        case "avail", "available": size(ZFSStore.available)
        case "refer", "referenced": size(ZFSStore.referenced(dataset))
        case "name": dataset.name
        case "mountpoint": dataset.mountpoint ?? "-"
        case "type": dataset.isVolume ? "volume" : "filesystem"
        case "volsize": dataset.isVolume ? size(dataset.size) : "-"
        case "zoned": "off"
        default: throw LabError.notInTheLab("the property \(field)")
        }
    }

    private static func destroy(_ options: Options) throws {
        guard let name = options.operands.first, options.operands.count == 1 else {
            throw LabError.usage("destroy takes one name\n\(usage)")
        }
        let failed = "cannot destroy '\(name)': "
        var store = ZFSStore.read()
        guard store[name] != nil else { throw LabError("\(failed)dataset does not exist") }
        guard !ZFSStore.pools.contains(name) else { throw LabError("\(failed)it is a pool") }
        let below = store.datasets.map(\.name).filter { $0.isPath(atOrBelow: name) }
        guard below.count == 1 || options.has("r") || options.has("R") else {
            throw LabError(
                "\(failed)filesystem has children",
                remedy: "use -r to destroy " + list(below.filter { $0 != name }, "and") + " too")
        }
        let gone = store.datasets.filter { below.contains($0.name) }
        if let zone = ZoneIndex.holders.first(where: { zone in gone.contains { isUsed($0, by: zone) } }) {
            throw LabError("\(failed)dataset is busy", remedy: "zoneadm -z \(zone.name) halt")
        }
        gone.forEach(ZFSStore.removeFiles)
        store.remove(Set(below))
        try store.write()
    }

    /// True when a zone that runs holds the volume, or has files in the file system.
    private static func isUsed(_ dataset: ZFSStore.Dataset, by zone: ZoneDocument) -> Bool {
        guard let mountpoint = dataset.mountpoint else {
            return DeviceTree.volumeDirectories.contains { ZoneNamespace.shows("\($0)/\(dataset.name)", zone) }
        }
        return ([zone.zonepath] + zone.all("fs").map { $0.values["special"] ?? "" }).contains {
            $0.isPath(atOrBelow: mountpoint)
        } || zone.all("dataset").contains { $0.values["name"]?.isPath(atOrBelow: dataset.name) == true }
    }
}
