import Text

extension Attributes {
    static let virtfs = ListAttribute<Share>(
        "virtfs", "shared directory", elsewhere: ["fs9p", "virtio-9p"],
        .of(
            .bhyve, numbers: 0...7, syntax: "NAME,/PATH[,ro]", example: "share,/data/share,ro", parse: Share.init))
}

/// A directory of the zone that the guest can mount over 9P (attr `virtfs`): `name,path[,ro]`.
package struct Share: Equatable, Sendable {
    /// The tag the guest mounts it by.
    package let name: String
    /// Where the zone sees it.
    package let path: String
    /// True when the guest may only read.
    package let isReadOnly: Bool

    init(_ text: String) throws(ValueError) {
        let parts = text.trimmedParts(separator: ",")
        guard (2...3).contains(parts.count), !parts[0].isEmpty, parts[1].beginsWith("/"), !parts[1].goesUp,
            parts.count == 2 || parts[2] == "ro"
        else {
            throw ValueError(text, isNot: "a share", remedy: "use NAME,/PATH or NAME,/PATH,ro")
        }
        name = parts[0]
        path = parts[1]
        isReadOnly = parts.count == 3
    }
}

/// A directory of the zone shared over 9P.
package struct SharedDirectory: Equatable, Sendable {
    /// What is shared, and its name in the guest.
    package let share: Sourced<Share>
    /// Where the guest sees it.
    package let place: PCIPlace
}

extension SharedDirectory {
    var need: ResourceNeed {
        ResourceNeed(
            path: share.value.path, kind: .file(isReadOnly: share.value.isReadOnly), missing: .warning,
            origin: share.origin)
    }
}

extension MachineBuilder {
    mutating func shares() -> [SharedDirectory] {
        var shares: [SharedDirectory] = []
        for member in settings.read(Attributes.virtfs) {
            guard let place = PCIPlace(member.index, in: [.shares]),
                take(place, for: member.name, member.setting.origin)
            else { continue }
            shares.append(SharedDirectory(share: member.setting, place: place))
        }
        return shares
    }
}
