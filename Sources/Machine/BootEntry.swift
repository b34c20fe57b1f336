import Platform

/// One entry of the boot order (attrs `bootorder`, `bootnext`).
public enum BootEntry: Equatable, Sendable {
    /// How a NIC fetches what it boots.
    public enum NetworkProtocol: String, Sendable {
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
    static func parse(list text: String) -> [BootEntry] {
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
            case 0x63: entries += [.path(0), .bootdisk]
            case 0x64: entries.append(.cdrom(0))
            case 0x6e: entries.append(.net(0, nil))
            default: return nil
            }
        }
        return entries.isEmpty ? nil : entries
    }

    /// One entry.
    static func parse(_ text: String) -> BootEntry {
        let (name, protocolName) = text.splitOnce(at: "=")
        let stem = String(name.prefix { !$0.isNumber })
        let digits = String(name.dropFirst(stem.count))
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

    public var text: String {
        switch self {
        case .shell: "shell"
        case .path(let number): "path" + String(number)
        case .boot(let number): "boot" + String(number)
        case .bootdisk: "bootdisk"
        case .disk(let number): "disk" + String(number)
        case .cdrom(let number): "cdrom" + String(number)
        case .net(let number, let name): "net" + String(number) + (name.map { "=" + $0.rawValue } ?? "")
        case .unknown(let text): text
        }
    }

    static let remedy = "use shell, pathN, bootN, bootdisk, diskN, cdromN or netN[=pxe|http], or the letters c, d and n"
}

/// The boot order of a kvm zone.
enum BootLetters {
    static func check(_ text: String) throws(ValueError) -> String {
        guard text.utf8.allSatisfy({ $0 == 0x63 || $0 == 0x64 || $0 == 0x6e }), Set(text).count == text.count else {
            throw ValueError(
                text, isNot: "a boot order",
                remedy: "use the letters c (disk), d (CD-ROM) and n (network), each at most once")
        }
        return text
    }
}
