import Platform

/// What kind of value an attribute takes.
public enum AttributeKind: Sendable {
    case flag, size, topology, uuid, seconds, text, secret, addresses
    case disk, iso, words, share, passthrough, serial, chardev, hostBridge, bootROM
    case bootOrder, bootEntry, bootLetters, vnc, cloudInit
    case choice([String])
    case interface([Alias])
}

/// A value of some kind.
public enum AttributeValue: Equatable, Sendable {
    case flag(Bool)
    case size(MemorySize)
    case topology(Topology)
    case text(String)
    case seconds(Int)
    case secret(SecretSource)
    case drive(DriveSource)
    case words([String])
    case share(Share)
    case passthrough(PassthroughChoice)
    case serial(SerialBackend)
    case chardev(CharacterDevice)
    case hostBridge(HostBridge)
    case bootROM(BootROM)
    case bootOrder([BootEntry])
    case vnc(VNCServer?)
    case cloudInit(CloudInit)
}

extension AttributeKind {
    /// May stand empty.
    var allowsEmpty: Bool {
        switch self {
        case .words, .bootOrder, .bootLetters: true
        default: false
        }
    }

    /// The value that a trimmed text has.
    func parse(_ text: String, brand: Brand) throws(ValueError) -> AttributeValue {
        switch self {
        case .flag: .flag(try Flag.parse(text))
        case .size: .size(try MemorySize(text))
        case .topology: .topology(try Topology(text, brand: brand))
        case .uuid: .text(try UUIDText.check(text))
        case .seconds: .seconds(try Seconds.parse(text))
        case .text: .text(text)
        case .secret: .secret(SecretSource(text))
        case .addresses: .text(try Addresses.check(text))
        case .disk: .drive(try DriveSource(disk: text))
        case .iso: .drive(try DriveSource(iso: text))
        case .words: .words(try Words.parse(text))
        case .share: .share(try Share(text))
        case .passthrough: .passthrough(try PassthroughChoice(text))
        case .serial: .serial(try SerialBackend(text))
        case .chardev: .chardev(try CharacterDevice(text))
        case .hostBridge: .hostBridge(try HostBridge(text))
        case .bootROM: .bootROM(try BootROM(text))
        case .bootOrder: .bootOrder(BootEntry.parse(list: text))
        case .bootEntry: .bootOrder([BootEntry.parse(one: text)])
        case .bootLetters: .text(try BootLetters.check(text))
        case .vnc: .vnc(try VNCServer.parse(text, brand: brand))
        case .cloudInit: .cloudInit(try CloudInit(text))
        case .choice(let choices): .text(try Choice.check(text, choices))
        case .interface(let aliases): .text(try Interface.resolve(text, aliases))
        }
    }
}

extension AttributeValue {
    /// The text `boot -j` shows under `opts`: trimmed, aliases resolved, without secrets; `nil` where the text as
    /// written says it.
    var optionText: String? {
        switch self {
        case .text(let text): text
        case .topology(let topology): topology.text
        case .bootROM(let rom): rom.name
        case .hostBridge(let bridge): bridge.text
        case .bootOrder(let entries): entries.map { $0.text }.joined(separator: ",")
        case .vnc(let server?): server.text
        case .serial(let backend): backend.text
        case .secret: Secret.mask
        default: nil
        }
    }
}
