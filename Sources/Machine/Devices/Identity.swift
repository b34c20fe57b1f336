import Platform
import Text

extension Attributes {
    static let uuid = Attribute<String>(
        "uuid", "UUID",
        .of(
            .bhyve, syntax: "a UUID as RFC 4122 writes it", example: "0a6be1c5-3d4f-4b57-8f0e-52d0d7b1c9a4",
            parse: UUIDText.check))
}

/// UUIDs as RFC 4122 writes them.
package enum UUIDText {
    /// The text itself, when it is a UUID.
    static func check(_ text: String) throws(ValueError) -> String {
        guard isValid(text) else {
            throw ValueError(
                text, isNot: "a UUID", remedy: "use the form 8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11; uuidgen(1) makes one"
            )
        }
        return text
    }

    /// What is shown for a UUID that is made up when the zone boots.
    package static let placeholder = "00000000-0000-4000-8000-000000000000"

    /// True for 8-4-4-4-12 hexadecimal digits.
    package static func isValid(_ text: String) -> Bool {
        let groups = text.pieces(separator: "-")
        return groups.map { $0.utf8.count } == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.utf8.allSatisfy { $0.isHexadecimalDigit } }
    }

    /// A version 4 UUID of 16 random bytes (RFC 4122, 4.4).
    package static func random(_ bytes: [UInt8]) -> String {
        var bytes = bytes
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text += "-" }
            text += byte.hexadecimal
        }
        return text
    }
}

extension UInt8 {
    var isHexadecimalDigit: Bool { isDigit || (0x61...0x66).contains(self | 0x20) }
}

extension MachineBuilder {
    mutating func uuid() -> Sourced<String>? {
        if let uuid = settings.read(Attributes.uuid) { return uuid }
        if let uuid = facts.zoneUUID { return Sourced(uuid, .host("the zone's /etc/uuid")) }
        guard brand.alwaysHasUUID else { return nil }
        return facts.randomUUID.map { Sourced($0, .host("random")) }
            ?? Sourced(UUIDText.placeholder, .host("placeholder"))
    }
}
