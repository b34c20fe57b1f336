import Foundation
import Glibc
import Text

/// The zones there are: /etc/zones/index, a line each, `name:state:zonepath:uuid`.
struct ZoneIndex {
    static let directory = "/etc/zones"
    private static let path = "\(directory)/index"

    /// States that outlast the lab.
    enum State: String {
        case configured, incomplete, installed

        /// The command that takes a zone that is not installed nearer to it.
        func wayToInstalled(_ zone: String) -> String {
            "zoneadm -z \(zone) \(self == .configured ? "install" : "uninstall")"
        }
    }

    struct Entry: Equatable {
        let name: String
        var state: State
        var zonepath: String
        let uuid: String
    }

    private(set) var entries: [Entry]

    init(entries: [Entry]) { self.entries = entries }

    /// Reads what ``text`` is. Lines that are not entries are skipped, the global zone's too.
    init(text: String) { entries = text.records.compactMap(ZoneIndex.entry) }

    /// The file, as libzonecfg keeps it.
    var text: String {
        let lines = entries.map { entry in
            let zonepath = entry.zonepath.contains(":") ? "\"\(entry.zonepath)\"" : entry.zonepath
            return "\([entry.name, entry.state.rawValue, zonepath, entry.uuid].joined(separator: ":"))\n"
        }
        return "# The zones of this lab, as libzonecfg keeps them.\nglobal:installed:/\n\(lines.joined())"
    }

    static func read() -> ZoneIndex { ZoneIndex(text: Files.text(path) ?? "") }

    private static func entry(_ line: String) -> Entry? {
        guard let fields = line.colonFields, fields.count >= 3, !fields[0].isEmpty, fields[0] != "global",
            let state = State(rawValue: fields[1])
        else { return nil }
        return Entry(name: fields[0], state: state, zonepath: fields[2], uuid: fields.count > 3 ? fields[3] : "")
    }

    subscript(zone: String) -> Entry? { entries.first { $0.name == zone } }

    /// The configurations of the zones that hold what they were given: devices, links, datasets.
    static var holders: [ZoneDocument] {
        read().entries.filter {
            ["ready", "running", "shutting_down"].contains(DaemonClient(zone: $0.name).status?.state)
        }
        .compactMap { try? ZoneDocument.read(zone: $0.name) }
    }

    /// The zone's entry; throws when there is no such zone.
    static func entry(of zone: String) throws -> Entry {
        guard let entry = read()[zone] else {
            throw LabError(
                "zone '\(zone)': no such zone configured", remedy: "zoneadm list -cv shows the zones there are")
        }
        return entry
    }

    /// Reads, changes and writes it, while nobody else does.
    static func change(_ body: (inout [Entry]) -> Void) throws {
        let lock = try FileLock("\(directory)/.index.lock")
        defer { lock.release() }
        var entries = read().entries
        body(&entries)
        try Files.write(path, ZoneIndex(entries: entries).text)
    }

    static func setState(_ zone: String, _ state: State) throws {
        try change { entries in
            if let place = entries.firstIndex(where: { $0.name == zone }) { entries[place].state = state }
        }
    }

    /// The file of a zone's configuration.
    static func configurationFile(_ zone: String) -> String { "\(directory)/\(zone).xml" }
}
