import Platform

/// One zone's line in the index of zones (`/etc/zones/index`): `name:state:zonepath:uuid`.
struct ZoneIndexEntry {
    let name: String
    let state: String
    let zonepath: String
    let uuid: String?

    static let systemFile = "/etc/zones/index"

    /// The line of exactly this zone; `nil` when there is none, or no index.
    static func read(_ zone: String, file: String) -> ZoneIndexEntry? {
        guard let bytes = try? HostFiles.read(file, limit: 16 << 20) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).pieces(separator: "\n", omittingEmpty: true)
        return lines.lazy.compactMap { ZoneIndexEntry($0) }.first { $0.name == zone }
    }

    /// `nil` for comments and what is no entry. A field with a colon in it stands in double quotes.
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
