import Machine
import Text

/// What bhyve refuses or misreads, as bhyve(8) and illumos-gate's bhyve have it. `config.dump` sees none of it: that is
/// parsing alone, and a device refuses at its start.
extension Findings {
    mutating func checkBhyve() {
        checkReferences()
        checkCPUs()
        checkMemory()
        checkHostBridge()
        checkSerialPorts()
        checkBhyveDrives()
        checkBhyveNICs()
        checkBhyveScreen()
        checkShares()
        checkBhyveExtra()
    }

    // MARK: Values

    /// `%(name)` in a value would be replaced by that variable of bhyve's: a mistake, or an injection.
    private mutating func checkReferences() {
        for value in bhyveValues { checkReference(value.value, value.origin) }
    }

    mutating func checkReference(_ text: String, _ origin: Origin, in place: String = "") {
        guard text.holds(text: "%(") else { return }
        report(
            .error, origin, "\(place)\(text.quoted) holds %(, where bhyve would put a variable of its own",
            "write it without %(")
    }

    /// What reaches bhyve as values, the NICs' aside. The password may hold anything, and so may the attr `extra`.
    private var bhyveValues: [Sourced<String>] {
        var values = machine.drives.map { Sourced($0.source.value.text, $0.source.origin) }
        values += machine.shares.map { Sourced("\($0.share.value.name),\($0.share.value.path)", $0.share.origin) }
        values += bhyveSerialPorts.map { Sourced($0.value.text, $0.origin) }
        values.append(Sourced(machine.systemSerial, machine.cloudInit.origin))
        if let rom = machine.firmware.rom { values.append(Sourced(rom.value.path, rom.origin)) }
        if let server = machine.screen?.server { values.append(Sourced(server.value.text, server.origin)) }
        if case .options(let options) = machine.hostBridge.value {
            values.append(Sourced(options, machine.hostBridge.origin))
        }
        return values
    }

    /// A key that would replace the device, or what it opens: options come after those.
    mutating func checkReserved(_ option: DeviceOption, _ origin: Origin, in place: String = "") -> Bool {
        guard BhyveKeys.reserved.contains(option.key) || option.key.holds(".") else { return false }
        report(
            .error, origin, "\(place)\(option.text.quoted) would replace the device or what it opens",
            "remove it: " + list(BhyveKeys.reserved, "and") + ", and names with a dot, are bhyve's own")
        return true
    }

    /// A number that starts with a 0 may be read as an octal one.
    mutating func checkLeadingZero(_ option: DeviceOption, _ origin: Origin, in place: String = "") -> Bool {
        let numbers = option.value?.pieces(separator: "/") ?? []
        guard numbers.contains(where: { $0.hasLeadingZero }) else { return false }
        report(
            .error, origin, "\(place)\(option.text.quoted) is a number with a leading zero, which can mean octal",
            "write it without the zero, or with 0x if it is hexadecimal")
        return true
    }

    // MARK: The board

    private mutating func checkCPUs() {
        let topology = machine.topology
        guard topology.value.total > BhyveLimits.cpus else { return }
        report(
            .warning, topology.origin,
            "\(topology.value.text.quoted) makes \(topology.value.total) CPUs, more than the "
                + "\(BhyveLimits.cpus) of illumos' bhyve",
            "use at most \(BhyveLimits.cpus), unless this host's bhyve was built for more")
    }

    private mutating func checkMemory() {
        let memory = machine.memory
        guard memory.value.bytes % BhyveLimits.page != 0 else { return }
        let pages = memory.value.bytes / BhyveLimits.page + 1
        report(
            .error, memory.origin, "\(memory.value.text.quoted) is not a whole number of pages of 4K",
            "use a multiple of 4K, such as \(pages * BhyveLimits.page >> 10)K")
    }

    private mutating func checkHostBridge() {
        guard case .options(let text) = machine.hostBridge.value, !BhyveLimits.isHostBridge(text) else { return }
        report(
            .error, machine.hostBridge.origin,
            "\(text.quoted) is not a model, or vendor= and devid= with numbers from 1 to 0xffff",
            "use " + list(BhyveLimits.hostBridges, "or") + ", or vendor=0x1022,devid=0x7432, for instance")
    }

    private var bhyveSerialPorts: [Sourced<SerialBackend>] {
        var ports = machine.serialPorts.map { $0.backend }
        if case .serial(let console) = machine.console.value { ports.append(Sourced(console, machine.console.origin)) }
        return ports
    }

    private mutating func checkSerialPorts() {
        for port in bhyveSerialPorts {
            switch port.value {
            case .device, .standardInputOutput: break
            case .socket(let path, let waits): checkSocket(path, waits, port.origin)
            case .other(let text):
                report(
                    .error, port.origin, "\(text.quoted) is not what bhyve connects a serial port to",
                    "use socket,/PATH, stdio, or the path of a terminal device")
            }
        }
    }

    private mutating func checkSocket(_ path: String, _ waits: Bool, _ origin: Origin) {
        if path.utf8.count > BhyveLimits.socketPath {
            report(
                .error, origin,
                "\(path.quoted) is longer than the \(BhyveLimits.socketPath) bytes of a socket's path",
                "use a shorter path, such as /tmp/vm.com1")
        }
        if waits {
            report(
                .warning, origin, "bhyve does not wait for a client of a serial port; wait is left out",
                "write socket,\(path)")
        }
    }

    // MARK: Shares

    private mutating func checkShares() {
        for share in machine.shares.map({ $0.share }) {
            let name = share.value.name
            if name.holds("=") {
                report(
                    .error, share.origin, "the name \(name.quoted) holds =, where bhyve ends it",
                    "give the share a name without =")
            }
            if name.utf8.count > BhyveLimits.shareName {
                report(
                    .error, share.origin,
                    "the name \(name.quoted) is longer than \(BhyveLimits.shareName) bytes",
                    "give the share a shorter name")
            }
        }
    }
}

/// bhyve's limits.
enum BhyveLimits {
    /// VM_MAXCPU of illumos-gate.
    static let cpus = 32
    static let page: UInt64 = 4096
    /// Bytes of sun_path, the zero at its end aside.
    static let socketPath = 107
    /// VT9P_MAXTAGSZ.
    static let shareName = 256
    /// Bytes of a disk's serial number that a guest sees.
    static let diskSerial = 20
    static let diskInterfaces = ["virtio-blk", "nvme", "ahci-hd"]
    static let nicModels = ["virtio-net-viona", "virtio-net", "e1000"]
    static let screenWidths = 640...3840
    static let screenHeights = 480...2160
    static let hostBridges = ["i440fx", "q35", "amd", "netapp"]

    /// True for `model=` with a model, or both ids; anything else ends bhyve, or makes a NetApp bridge in silence.
    static func isHostBridge(_ options: String) -> Bool {
        let pairs = options.pieces(separator: ",").map { $0.splitOnce(at: "=") }
        let values = pairs.map { $0.after ?? "" }
        if pairs.map({ $0.before }) == ["model"] { return hostBridges.contains(values[0]) }
        guard pairs.map({ $0.before }).sorted() == ["devid", "vendor"] else { return false }
        return values.allSatisfy { $0.bhyveNumber.map { (1...0xffff).contains($0) } ?? false }
    }
}

/// Keys of bhyve's configuration.
enum BhyveKeys {
    /// What a device is and what it opens.
    static let reserved = [
        "device", "path", "type", "backend", "vnic", "sharename", "ram", "port", "target", "file",
    ]
    static let booleans = ["ro", "nocache", "nodelete", "sync", "direct"]
}

extension String {
    /// The value of a number as bhyve's base 0 reads it, decimal or with 0x; `nil` for anything else.
    var bhyveNumber: UInt64? {
        if let digits = dropping(prefix: "0x") ?? dropping(prefix: "0X") {
            return digits.isEmpty || !digits.utf8.allSatisfy({ $0.isHexadecimal }) ? nil : UInt64(digits, radix: 16)
        }
        guard !isEmpty, !hasLeadingZero, utf8.allSatisfy({ $0.isDigit }) else { return nil }
        return UInt64(self)
    }

    /// True for a boolean as bhyve reads it, in any letter case.
    var isBhyveBoolean: Bool {
        ["true", "yes", "on", "1", "false", "no", "off", "0"].contains(lowercased())
    }
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool { isDigit || (0x61...0x66).contains(self | 0x20) }
}
