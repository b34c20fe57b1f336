import Platform

/// Where the first serial port goes.
public enum Console: Equatable, Sendable {
    case serial(SerialBackend)
    case characterDevice(CharacterDevice)
}

/// A QEMU character device (attr `console` of a kvm zone), `-chardev TYPE[,key=value …]`.
public struct CharacterDevice: Equatable, Sendable {
    public let type: String
    /// What `-serial chardev:ID` refers to.
    public let id: String
    /// The other options.
    public let options: [DeviceOption]
    /// True when the id was given, and not put in.
    public let namesItself: Bool

    init(_ text: String) throws(ValueError) {
        let parts = text.trimmedParts(separator: ",")
        guard !parts.contains(""), !parts[0].beginsWith("/") else {
            throw ValueError(
                text, isNot: "a QEMU -chardev", remedy: "use a form such as pipe,id=console0,path=/dev/zconsole")
        }
        type = parts[0]
        let all = parts.dropFirst().map { DeviceOption($0) }
        let given = all.first { $0.key == "id" }?.value
        id = given ?? "console0"
        namesItself = given != nil
        options = all.filter { $0.key != "id" }
        self.parts = namesItself ? parts : [type, "id=" + id] + parts.dropFirst()
    }

    private let parts: [String]

    /// The value of `-chardev`, in the order written; an id that is missing stands behind the type.
    public var text: String { parts.joined(separator: ",") }

    /// The value of one option.
    public func option(_ key: String) -> String? {
        options.first { $0.key == key }?.value
    }
}

extension MachineBuilder {
    func console() -> Sourced<Console> {
        switch (settings.singles[.console], settings.singles[.console]?.value) {
        case (let setting?, .serial(let backend)): setting.sourced(.serial(backend))
        case (let setting?, .chardev(let device)): setting.sourced(.characterDevice(device))
        default: preconditionFailure("the attribute table has no default for console")
        }
    }
}
