import Text

extension Attributes {
    static let com = ListAttribute<SerialBackend>(
        "com", "serial port",
        .of(
            .bhyve, numbers: 2...4, plain: .refused, syntax: SerialBackend.syntax, example: "socket,/tmp/vm.com2",
            parse: SerialBackend.init))
}

/// Where a serial port's bytes go, as bhyve(8) spells it.
package enum SerialBackend: Equatable, Sendable {
    case device(String)
    case standardInputOutput
    case socket(path: String, waits: Bool)
    /// A form that bhyve may know and we don't.
    case other(String)

    static let syntax = "/DEVICE, stdio, or socket,/PATH[,wait]"

    init(_ text: String) throws(ValueError) {
        let parts = text.trimmedParts(separator: ",")
        if parts == ["stdio"] {
            self = .standardInputOutput
        } else if parts.count == 1, parts[0].beginsWith("/") {
            self = .device(parts[0])
        } else if parts[0] == "socket" {
            guard (2...3).contains(parts.count), parts[1].beginsWith("/"), parts.count == 2 || parts[2] == "wait" else {
                throw ValueError(text, isNot: "a serial port's socket", remedy: "use socket,/PATH or socket,/PATH,wait")
            }
            self = .socket(path: parts[1], waits: parts.count == 3)
        } else {
            self = .other(parts.joined(separator: ","))
        }
    }

    package var text: String {
        switch self {
        case .device(let path): path
        case .standardInputOutput: "stdio"
        case .socket(let path, let waits): "socket,\(path)" + (waits ? ",wait" : "")
        case .other(let text): text
        }
    }

    /// What it opens, which no other port can open too.
    var endpoint: String {
        switch self {
        case .device(let path), .socket(let path, _): path
        case .standardInputOutput, .other: text
        }
    }
}

/// Serial port 2, 3 or 4.
package struct SerialPort: Equatable, Sendable {
    /// 2 to 4; the console is 1.
    package let number: Int
    /// What the host connects it to.
    package let backend: Sourced<SerialBackend>
}

extension SerialBackend: AttributeValue {}

extension MachineBuilder {
    mutating func serialPorts() -> [SerialPort] {
        settings.read(Attributes.com).map { SerialPort(number: $0.index, backend: $0.setting) }
    }

    /// A hypervisor cannot give one backend to two ports.
    mutating func checkSerialPortsDiffer(_ machine: Machine) {
        guard case .serial(let console) = machine.console.value else { return }
        var first = [console.endpoint: "console"]
        for port in machine.serialPorts {
            let name = "com\(port.number)"
            let endpoint = port.backend.value.endpoint
            if let other = first[endpoint] {
                report(
                    .error, port.backend.origin,
                    "attr \(name.quoted): \(endpoint) is the backend of \(other)",
                    "give each port its own")
            } else {
                first[endpoint] = name
            }
        }
    }
}
