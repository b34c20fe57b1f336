import Machine
import Text

/// Where the QEMU in a zone puts what the hooks find it by.
package enum QEMUPaths {
    /// Where QEMU writes its process number, in the zone.
    package static let pidFile = "/tmp/vm.pid"
    /// The UNIX socket of its monitor, in the zone.
    package static let monitor = "/tmp/vm.monitor"
    /// The lab's own view of the guest's resets and power-offs.
    package static let events = "/tmp/vm.qmp"
}

/// What both QEMU dialects spell alike.
extension ArgumentWriter {
    /// The value of `-vnc`, the password aside.
    mutating func vncDisplay(_ server: Sourced<VNCServer>) -> String {
        let display =
            switch server.value.listener {
            case .unix(let path): "unix:\(path)"
            case .display(let display): display
            case .tcp(let key, let address): tcpDisplay(key, address, server.origin)
            }
        // What is in a bhyve zone is meant for bhyve's framebuffer.
        let others = machine.brand == .kvm ? server.value.words.map { $0.text } : []
        return ([display] + others).joined(separator: ",")
    }

    /// QEMU counts displays from port 5900.
    private mutating func tcpDisplay(_ key: String, _ address: String, _ origin: Origin) -> String {
        let digits = String(address.reversed().prefix { $0.isNumber }.reversed())
        let host = String(address.dropLast(digits.count))
        guard let port = digits.decimal(in: 5900...65535), host.isEmpty || host.endsWith(":") else {
            report(
                .error, origin, "\(key)=\(address) is not an address that QEMU can listen on",
                "use [HOST:]PORT with a port from 5900, such as \(key)=127.0.0.1:5900")
            return "none"
        }
        return (host.isEmpty ? ":" : host) + String(port - 5900)
    }

    /// A PC has two IDE channels with two places each.
    mutating func checkIDE() {
        let drives = machine.drives.filter { $0.interface.value == "ide" }
        guard drives.count > 4 else { return }
        let hasDisks = !drives.allSatisfy { $0.isCDROM }
        report(
            .error, drives[4].source.origin,
            "the zone has \(drives.count) CD-ROMs and IDE disks; a PC has four places for them",
            "remove some" + (hasDisks ? ", or give disks another diskif" : ""))
    }
}

/// What both dialects refuse alike.
extension Findings {
    /// The value of `-rtc`; `clocks` are those of the dialect.
    mutating func checkRTC(clocks: [String]) {
        guard let rtc = machine.rtc else { return }
        for part in rtc.value.pieces(separator: ",") {
            let (key, value) = part.splitOnce(at: "=")
            switch key {
            case "base" where value.map { $0.utf8.first?.isDigit ?? false } ?? false: break
            case "base": checkRTC(part, value, ["utc", "localtime"], rtc.origin, said: "utc, localtime or a date")
            case "clock": checkRTC(part, value, clocks, rtc.origin)
            case "driftfix": checkRTC(part, value, ["slew", "none"], rtc.origin)
            default:
                report(
                    .error, rtc.origin, "\(part.quoted) is not an option of QEMU's -rtc",
                    "use base=, clock= and driftfix=, such as base=utc,driftfix=slew")
            }
        }
    }

    private mutating func checkRTC(
        _ part: String, _ value: String?, _ choices: [String], _ origin: Origin, said: String? = nil
    ) {
        guard !choices.contains(value ?? "") else { return }
        report(
            .error, origin, "\(part.quoted) is not " + (said ?? list(choices, "or")),
            "use base=utc,driftfix=slew, for instance")
    }

    /// The form of a kvm zone's console: its type, its id, and what the type needs.
    mutating func checkConsole() {
        guard case .characterDevice(let device) = machine.console.value else { return }
        let origin = machine.console.origin
        if let need = device.need {
            report(
                .error, origin, "\(device.type.quoted) needs \(need)", "write pipe,path=/dev/zconsole, for instance")
        } else if !CharacterDevice.types.contains(device.type) {
            report(
                .error, origin, "\(device.type.quoted) is not a character device of QEMU",
                "use " + list(CharacterDevice.types, "or") + ", such as pipe,id=console0,path=/dev/zconsole")
        }
        if !device.id.isQEMUIdentifier {
            report(
                .error, origin, "\(device.id.quoted) is not an id of QEMU's",
                "start it with a letter; letters, digits, -, . and _ follow")
        }
    }
}

extension CharacterDevice {
    fileprivate static let types = [
        "pipe", "file", "serial", "tty", "socket", "udp", "null", "stdio", "pty", "vc",
    ]

    /// What is missing; `nil` when nothing is.
    fileprivate var need: String? {
        func has(_ key: String) -> Bool { !(option(key) ?? "").isEmpty }
        switch type {
        case "pipe", "file", "serial", "tty": return has("path") ? nil : "path="
        case "socket": return has("path") || has("host") && has("port") ? nil : "path=, or host= and port="
        case "udp": return has("port") ? nil : "port="
        default: return nil
        }
    }
}

extension String {
    fileprivate var isQEMUIdentifier: Bool {
        guard let first = utf8.first, first.isLetterOrDigit, !first.isDigit else { return false }
        return utf8.allSatisfy { $0.isLetterOrDigit || $0 == 0x2d || $0 == 0x2e || $0 == 0x5f }
    }
}
