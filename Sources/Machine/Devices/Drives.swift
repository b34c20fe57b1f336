import Text

/// What a disk or CD-ROM holds: `pool/vol` or an absolute path, then options for the device.
package struct DriveSource: Equatable, Sendable {
    /// Where the zone sees it.
    package let path: String
    /// The ZFS volume behind it, when it was named by one.
    package let volume: String?
    /// What is after the path, in order.
    package let options: [DeviceOption]

    /// Path and options as both hypervisors' device arguments want them.
    package var text: String { ([path] + options.map { $0.text }).joined(separator: ",") }

    /// A volume's raw device below this directory is what the zone gets.
    static let volumeDirectory = "/dev/zvol/rdsk/"

    /// The volume whose device, raw or not, a path names.
    private static func volume(ofDevice path: String) -> String? {
        path.dropping(prefix: volumeDirectory) ?? path.dropping(prefix: "/dev/zvol/dsk/")
    }

    init(disk text: String) throws(ValueError) {
        let (name, options) = try Self.split(text, "a disk", "a volume, such as rpool/vm0, or a path")
        if name.beginsWith("/") {
            path = name
            volume = Self.volume(ofDevice: name)
        } else {
            path = Self.volumeDirectory + name
            volume = name
        }
        self.options = options
    }

    init(iso text: String) throws(ValueError) {
        (path, options) = try Self.split(text, "an ISO image", "its path, such as /rpool/iso/debian.iso")
        volume = Self.volume(ofDevice: path)
    }

    private static func split(_ text: String, _ noun: String, _ example: String) throws(ValueError) -> (
        String, [DeviceOption]
    ) {
        let parts = text.trimmedParts(separator: ",")
        let remedy = "use \(example); options follow after commas"
        guard let name = parts.first, !name.isEmpty, name != "/" else {
            throw ValueError(text, isNot: noun, remedy: remedy)
        }
        guard !parts.contains("") else {
            throw ValueError("\(text.quoted) has an empty option after a comma", remedy: remedy)
        }
        guard !name.goesUp else { throw ValueError("\(name.quoted) goes up with \"..\"", remedy: remedy) }
        let options = parts.dropFirst().map { DeviceOption($0) }
        for option in options { try checkSectorSize(option) }
        return (name, options)
    }

    /// `sectorsize=LOGICAL[/PHYSICAL]`, as bhyve(8) has it: powers of two from 512, the logical one at most the other.
    private static func checkSectorSize(_ option: DeviceOption) throws(ValueError) {
        guard option.key == "sectorsize" else { return }
        let sizes = (option.value ?? "").pieces(separator: "/").map { $0.decimal(in: 512...1 << 24) }
        guard let logical = sizes[0], sizes.count <= 2, let physical = sizes[sizes.count - 1], logical <= physical,
            [logical, physical].allSatisfy({ $0 & ($0 - 1) == 0 })
        else {
            throw ValueError(
                option.text, isNot: "a sector size",
                remedy: "use powers of two from 512, such as sectorsize=512 or sectorsize=512/4096")
        }
    }
}

extension String {
    /// True for a path with `..` in it, which could pass for another path than it is.
    var goesUp: Bool { pieces(separator: "/").contains("..") }
}

extension DriveSource: AttributeValue {}

/// A disk or CD-ROM.
package struct Drive: Equatable, Sendable {
    /// `bootdisk`, `disk3`, `cdrom0`.
    package let name: String
    /// Where bhyve has it.
    package let place: PCIPlace
    /// The device's model.
    package let interface: Sourced<String>
    /// The image, with its options.
    package let source: Sourced<DriveSource>

    /// True for a CD-ROM.
    package var isCDROM: Bool { name.beginsWith("cdrom") }
    /// True for the disk of the attr `bootdisk`.
    package var isBootDisk: Bool { name == "bootdisk" }
    /// True when the guest cannot write to it.
    package var isReadOnly: Bool { isCDROM || source.value.options.contains { $0.text == "ro" } }
}

extension Drive {
    var need: ResourceNeed {
        let path = source.value.path
        if path.isPath(atOrBelow: "/dev") {
            let volume = source.value.volume
            return ResourceNeed(path: path, kind: .device(volume: volume), missing: .error, origin: source.origin)
        }
        return ResourceNeed(
            path: path, kind: .file(isReadOnly: isCDROM), missing: .mayLieInRoot, origin: source.origin)
    }
}

extension MachineBuilder {
    /// The drives of a list, at the places of these slots.
    mutating func drives(
        _ members: [ListMember<DriveSource>], named stem: String, in slots: [PCISlot],
        interface: (Int) -> Sourced<String>
    ) -> [Drive] {
        var drives: [Drive] = []
        for (position, member) in members.enumerated() {
            guard let place = PCIPlace(brand.numbersArePlaces ? member.index : position, in: slots) else { continue }
            let name = stem + String(member.index)
            if let drive = drive(name, member.setting, at: place, interface(member.index)) { drives.append(drive) }
        }
        return drives
    }

    mutating func drive(
        _ name: String, _ source: Sourced<DriveSource>, at place: PCIPlace, _ interface: Sourced<String>
    ) -> Drive? {
        guard take(place, for: name, source.origin) else { return nil }
        return Drive(name: name, place: place, interface: interface, source: source)
    }

    /// Two devices that write to one disk destroy what is on it.
    mutating func checkDrivesDiffer(_ drives: [Drive]) {
        var first: [String: Drive] = [:]
        for drive in drives {
            let source = drive.source.value.volume ?? drive.source.value.path
            guard let other = first[source] else {
                first[source] = drive
                continue
            }
            guard ![drive, other].allSatisfy({ $0.isReadOnly }) else { continue }
            report(
                .warning, drive.source.origin,
                "\(drive.name) is the same disk as \(other.name): \(drive.source.value.path)",
                "a guest that writes to both destroys what is on it; remove one of them")
        }
    }
}
