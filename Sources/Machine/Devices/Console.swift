import Text

extension Attributes {
    static let console = Attribute<SerialBackend>(
        "console", "console", from: .page, elsewhere: ["serial", "tty"],
        .of(
            .bhyve, default: .device(zconsole), syntax: SerialBackend.syntax, example: "socket,/tmp/vm.com1,wait",
            parse: SerialBackend.init))
    static let characterConsole = Attribute<CharacterDevice>(
        "console", "console", from: .page,
        .of(
            .kvm, default: .zconsole, syntax: "a -chardev of QEMU's: TYPE[,KEY=VALUE …]",
            example: "socket,id=console0,path=/tmp/vm.com1,server,nowait", parse: CharacterDevice.init))

    /// What zlogin(1) -C shows.
    static let zconsole = "/dev/zconsole"
}

/// Where the first serial port goes.
package enum Console: Equatable, Sendable {
    case serial(SerialBackend)
    case characterDevice(CharacterDevice)
}

/// A QEMU character device (attr `console` of a kvm zone), `-chardev TYPE[,key=value …]`.
package struct CharacterDevice: Equatable, Sendable {
    /// The kind of QEMU's -chardev: `tty`, `socket` …
    package let type: String
    /// What `-serial chardev:ID` refers to.
    package let id: String
    /// The other options.
    package let options: [DeviceOption]
    /// True when the id was given, and not put in.
    package let namesItself: Bool

    init(_ text: String) throws(ValueError) {
        let parts = text.trimmedParts(separator: ",")
        guard !parts.contains(""), !parts[0].beginsWith("/") else {
            throw ValueError(
                text, isNot: "a QEMU -chardev", remedy: "use a form such as pipe,id=console0,path=/dev/zconsole")
        }
        self.init(parts: parts)
    }

    private init(parts: [String]) {
        type = parts[0]
        let all = parts.dropFirst().map { DeviceOption($0) }
        let given = all.first { $0.key == "id" }?.value
        id = given ?? "console0"
        namesItself = given != nil
        options = all.filter { $0.key != "id" }
        self.parts = namesItself ? parts : [type, "id=\(id)"] + parts.dropFirst()
    }

    fileprivate static let zconsole = CharacterDevice(parts: ["pipe", "id=console0", "path=\(Attributes.zconsole)"])

    private let parts: [String]

    /// The value of `-chardev`, in the order written; an id that is missing stands behind the type.
    package var text: String { parts.joined(separator: ",") }

    /// The value of one option.
    package func option(_ key: String) -> String? {
        options.first { $0.key == key }?.value
    }
}

extension CharacterDevice: AttributeValue {
    func shown(written: String) -> String { written }
}

extension MachineBuilder {
    mutating func console() -> Sourced<Console> {
        if let device = settings.read(Attributes.characterConsole) {
            return Sourced(.characterDevice(device.value), device.origin)
        }
        let backend = settings.read(Attributes.console, otherwise: .device(Attributes.zconsole))
        return Sourced(.serial(backend.value), backend.origin)
    }
}
