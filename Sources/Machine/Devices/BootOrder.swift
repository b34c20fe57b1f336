import Platform
import Text

extension Attributes {
    static let bootorder = Attribute<[BootEntry]>(
        "bootorder", "boot order", from: .page, allowsEmpty: true, elsewhere: ["boot"],
        .of(
            .bhyve, default: BootEntry.usualOrder,
            syntax:
                "shell, pathN, bootN, bootdisk, diskN, cdromN or netN[=pxe|http], with commas between; or the "
                + "letters c (path0,bootdisk), d (cdrom0) and n (net0)", example: "bootdisk,cdrom0",
            parse: { text throws(ValueError) in BootEntry.parse(list: text) }))
    static let bootLetters = Attribute<String>(
        "bootorder", "boot order", from: .page, allowsEmpty: true, elsewhere: ["boot"],
        .of(
            .kvm, default: "cd", syntax: "the letters c (disk), d (CD-ROM) and n (network)", example: "dc",
            parse: BootLetters.check))
    static let bootnext = Attribute<BootEntry>(
        "bootnext", "device of the next boot alone",
        .of(
            .bhyve, effect: .elsewhere("the zone's UEFI variables, which name it for one boot"),
            syntax: "one entry of a bootorder", example: "cdrom0",
            parse: { text throws(ValueError) in BootEntry.parse(one: text) }))
}

/// One entry of the boot order (attrs `bootorder`, `bootnext`).
package enum BootEntry: Equatable, Sendable {
    /// How a NIC fetches what it boots.
    package enum NetworkProtocol: String, Sendable {
        case pxe, http
    }

    case shell
    /// The boot entries the firmware made for files, by number.
    case path(Int)
    /// The firmware's own `BootN`.
    case boot(Int)
    case bootdisk
    case disk(Int)
    case cdrom(Int)
    case net(Int, NetworkProtocol?)
    /// None of these: kept for its text, and warned about.
    case unknown(String)

    /// The entries of a comma list. A part made of the letters c, d and n alone stands for several.
    package static func parse(list text: String) -> [BootEntry] {
        guard !text.isEmpty else { return [] }
        return text.trimmedParts(separator: ",").flatMap { part in
            letters(part) ?? [parse(part)]
        }
    }

    /// c: the first path, then the boot disk; d: the first CD-ROM; n: the first NIC.
    private static func letters(_ text: String) -> [BootEntry]? {
        var entries: [BootEntry] = []
        for letter in text.utf8 {
            switch letter {
            case UInt8(ascii: "c"): entries += [.path(0), .bootdisk]
            case UInt8(ascii: "d"): entries.append(.cdrom(0))
            case UInt8(ascii: "n"): entries.append(.net(0, nil))
            default: return nil
            }
        }
        return entries.isEmpty ? nil : entries
    }

    /// The one entry of a text; a letter that stands for one entry does too.
    package static func parse(one text: String) -> BootEntry {
        let entries = parse(list: text)
        return entries.count == 1 ? entries[0] : .unknown(text)
    }

    /// One entry by its name.
    package static func parse(_ text: String) -> BootEntry {
        let (name, protocolName) = text.splitOnce(at: "=")
        let stem = String(decoding: name.utf8.prefix { !$0.isDigit }, as: UTF8.self)
        let digits = String(decoding: name.utf8.dropFirst(stem.utf8.count), as: UTF8.self)
        if let protocolName {
            guard stem == "net", let number = number(digits, 0...15),
                let found = NetworkProtocol(rawValue: protocolName)
            else { return .unknown(text) }
            return .net(number, found)
        }
        switch stem {
        case "shell" where digits.isEmpty: return .shell
        case "bootdisk" where digits.isEmpty: return .bootdisk
        case "path": return number(digits, 0...65535).map { .path($0) } ?? .unknown(text)
        case "boot" where !digits.isEmpty: return number(digits, 0...65535).map { .boot($0) } ?? .unknown(text)
        case "disk": return number(digits, 0...15).map { .disk($0) } ?? .unknown(text)
        case "cdrom": return number(digits, 0...7).map { .cdrom($0) } ?? .unknown(text)
        case "net": return number(digits, 0...15).map { .net($0, nil) } ?? .unknown(text)
        default: return .unknown(text)
        }
    }

    /// No number means 0.
    private static func number(_ digits: String, _ range: ClosedRange<Int>) -> Int? {
        digits.isEmpty ? 0 : digits.decimal(in: range)
    }

    package var text: String {
        switch self {
        case .shell: "shell"
        case .path(let number): "path\(number)"
        case .boot(let number): "boot\(number)"
        case .bootdisk: "bootdisk"
        case .disk(let number): "disk\(number)"
        case .cdrom(let number): "cdrom\(number)"
        case .net(let number, let name): "net\(number)" + (name.map { "=\($0.rawValue)" } ?? "")
        case .unknown(let text): text
        }
    }

    /// The order of a zone that names none.
    static let usualOrder: [BootEntry] = [.path(0), .bootdisk, .cdrom(0)]

    /// The device it names, as the machine's boot targets have it; `nil` for what the firmware alone knows.
    package var device: String? {
        switch self {
        case .bootdisk, .disk, .cdrom: text
        case .net(let number, _): "net\(number)"
        case .shell, .path, .boot, .unknown: nil
        }
    }

    /// What there is to choose from, in a list or alone.
    package static func remedy(listing: Bool) -> String {
        "use shell, pathN, bootN, bootdisk, diskN, cdromN or netN[=pxe|http], or the letter"
            + (listing ? "s c, d and n" : " d or n")
    }
}

/// The boot order of a kvm zone.
enum BootLetters {
    static func check(_ text: String) throws(ValueError) -> String {
        guard text.utf8.allSatisfy({ [0x63, 0x64, 0x6e].contains($0) }), Set(text.utf8).count == text.utf8.count else {
            throw ValueError(
                text, isNot: "a boot order",
                remedy: "use the letters c (disk), d (CD-ROM) and n (network), each at most once")
        }
        return text
    }
}

extension BootEntry: AttributeValue {}

extension [BootEntry]: AttributeValue {
    var text: String { map { $0.text }.joined(separator: ",") }
}

extension Machine {
    /// What the machine can boot from.
    package enum BootTarget: Equatable, Sendable {
        case device(PCIPlace)
        /// An application inside the firmware, by its GUID.
        case application(String)
    }

    /// The GUID of the UEFI shell in bhyve's ROMs.
    package static let shellGUID = "7c04a583-9e3e-4f1c-ad65-e05268d0b4d1"

    /// What boot entries can name here, sorted by name; the first of a list also without its number.
    package var bootTargets: [(name: String, target: BootTarget)] {
        var targets: [(name: String, target: BootTarget)] = [("shell", .application(Self.shellGUID))]
        func add(_ name: String, _ place: PCIPlace) {
            targets.append((name, .device(place)))
            if name.endsWith("0"), let plain = ["cdrom", "disk", "net"].first(where: { name == "\($0)0" }) {
                targets.append((plain, .device(place)))
            }
        }
        for drive in drives { add(drive.name, drive.place) }
        for nic in nics { add("net\(nic.index)", nic.place) }
        return targets.sorted { $0.name < $1.name }
    }
}

extension MachineBuilder {
    mutating func bootOrder() -> Sourced<[BootEntry]> {
        settings.read(Attributes.bootorder, otherwise: [])
    }

    mutating func bootNext() -> Sourced<BootEntry>? {
        settings.read(Attributes.bootnext)
    }

    /// What is in a list and is left out of the boot order must not pass in silence.
    mutating func checkBoot(_ machine: Machine) {
        check(machine.bootOrder, isList: true, machine)
        if let next = machine.bootNext { check(Sourced([next.value], next.origin), isList: false, machine) }
    }

    private mutating func check(_ entries: Sourced<[BootEntry]>, isList: Bool, _ machine: Machine) {
        guard case .attribute(let name, _) = entries.origin else { return }
        let quoted = "attr \(name.quoted): "
        let targets = machine.bootTargets.map { $0.name }
        for entry in entries.value {
            if case .unknown(let text) = entry {
                report(
                    .warning, entries.origin, "\(quoted)\(text.quoted) is not a boot entry and is left out",
                    BootEntry.remedy(listing: isList))
            } else if let device = entry.device, !targets.contains(device) {
                report(
                    .info, entries.origin, "\(quoted)the machine has no \(device), which is skipped",
                    "add it, or leave it out of the list")
            }
        }
        if !machine.isUEFI && !isList {
            report(
                .warning, entries.origin, "\(quoted)it is left out: the machine keeps no UEFI variables",
                "use a bootrom without CSM, and uefivars=on")
        }
    }
}
