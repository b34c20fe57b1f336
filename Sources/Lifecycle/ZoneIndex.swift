import Platform
import Text

/// One zone's line in the index of zones (`/etc/zones/index`): `name:state:zonepath:uuid`.
struct ZoneIndexEntry {
    let name: String
    let state: String
    let zonepath: String
    let uuid: String?

    static let systemFile = "/etc/zones/index"

    /// The line of exactly this zone; `nil` when there is none, or no index.
    static func read(_ zone: String, file: String) -> ZoneIndexEntry? {
        all(file: file).first { $0.name == zone }
    }

    /// Throws when the zonepath is not the zone's alone: another zone's lies at, above or below it, or the index itself
    /// does. Whoever removed it would remove that too.
    static func checkIsAlone(_ zonepath: String, zone: String, file: String) throws(Failure) {
        let remedy = "nothing was touched; every zone needs a zonepath of its own"
        let place = zonepath.directPath
        if file.directPath.isPath(atOrBelow: place) {
            throw Failure("the zonepath \(zonepath) holds the index of zones, \(file)", remedy: remedy)
        }
        // The global zone's path is /, which holds them all.
        for other in all(file: file) where other.name != zone && other.zonepath.directPath != "/" {
            let theirs = other.zonepath.directPath
            guard place.isPath(atOrBelow: theirs) || theirs.isPath(atOrBelow: place) else { continue }
            throw Failure(
                "the zonepath \(zonepath) is not the zone's alone: zone \(other.name) has \(other.zonepath)",
                file: file, remedy: remedy)
        }
    }

    private static func all(file: String) -> [ZoneIndexEntry] {
        guard let bytes = try? HostFiles.read(file, limit: 16 << 20) else { return [] }
        return String(decoding: bytes, as: UTF8.self).pieces(separator: "\n", omittingEmpty: true).compactMap {
            ZoneIndexEntry($0)
        }
    }

    /// `nil` for comments and what is not an entry. A field with a colon in it is in double quotes.
    init?(_ line: String) {
        guard !line.beginsWith("#"), let fields = line.colonFields, fields.count >= 3, !fields[0].isEmpty else {
            return nil
        }
        name = fields[0]
        state = fields[1]
        zonepath = fields[2].withoutTrailingSlashes
        uuid = fields.count > 3 && !fields[3].isEmpty ? fields[3] : nil
    }
}

extension String {
    /// An absolute path without the components that lead nowhere, so that one place is spelled in one way.
    fileprivate var directPath: String {
        "/" + pieces(separator: "/", omittingEmpty: true).filter { $0 != "." }.joined(separator: "/")
    }
}
