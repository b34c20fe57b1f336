import Machine
import Platform

/// Where the QEMU in a zone puts what the hooks find it by.
public enum QEMUPaths {
    public static let pidFile = "/tmp/vm.pid"
    public static let monitor = "/tmp/vm.monitor"
    /// The lab's own view of the guest's resets and power-offs.
    public static let events = "/tmp/vm.qmp"
}

/// What both QEMU dialects spell alike.
extension ArgumentWriter {
    /// The value of `-vnc`, the password aside.
    mutating func vncDisplay(_ server: Sourced<VNCServer>) -> String {
        let display =
            switch server.value.listener {
            case .unix(let path): "unix:" + path
            case .display(let display): display
            case .tcp(let key, let address): tcpDisplay(key, address, server.origin)
            }
        // What stands in a bhyve zone is meant for bhyve's framebuffer.
        let others = machine.brand == .kvm ? server.value.words.map { $0.text } : []
        return ([display] + others).joined(separator: ",")
    }

    /// QEMU counts displays from port 5900.
    private mutating func tcpDisplay(_ key: String, _ address: String, _ origin: Origin) -> String {
        let digits = String(address.reversed().prefix { $0.isNumber }.reversed())
        let host = String(address.dropLast(digits.count))
        guard let port = digits.decimal(in: 5900...65535), host.isEmpty || host.endsWith(":") else {
            report(
                .error, origin, key + "=" + address + " is not an address that QEMU can listen on",
                "use [HOST:]PORT with a port from 5900, such as " + key + "=127.0.0.1:5900")
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
            "the zone has " + String(drives.count) + " CD-ROMs and IDE disks; a PC has four places for them",
            "remove some" + (hasDisks ? ", or give disks another diskif" : ""))
    }
}
