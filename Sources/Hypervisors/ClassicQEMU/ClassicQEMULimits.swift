import Machine
import Platform
import Text

/// What the QEMU of illumos-kvm (0.14) refuses or misreads. Nothing tries its command line: what is wrong with it is first
/// seen when init runs it.
extension Findings {
    mutating func checkClassicQEMU() {
        checkCount()
        checkClassicDrives()
        checkClassicNICs()
        checkRTC(clocks: ["host", "vm"])
        checkConsole()
        checkConsoleKeys()
        for extra in machine.extra {
            checkRivals(
                extra, [("-m", "ram"), ("-smp", "vcpus"), ("-uuid", "uuid"), ("-vnc", "vnc")], areLetters: false)
        }
    }

    private mutating func checkCount() {
        let topology = machine.topology
        let text = topology.value.classicText
        guard text != topology.value.text else { return }
        report(
            .warning, topology.origin,
            "\(topology.value.text.quoted) is read by QEMU 0.14 as another number of CPUs, and is written \(text)",
            "write the number first, and without cpus=")
    }

    private mutating func checkConsoleKeys() {
        guard case .characterDevice(let device) = machine.console.value else { return }
        for option in device.options {
            let flag = option.value == nil ? option.key.dropping(prefix: "no") : nil
            let keys = ClassicQEMULimits.consoleKeys + ClassicQEMULimits.consoleFlags
            guard !keys.contains(option.key), !ClassicQEMULimits.consoleFlags.contains(flag ?? "") else { continue }
            report(
                .error, machine.console.origin, "\(option.text.quoted) is not an option of QEMU's -chardev",
                "use " + list(keys, "or"))
        }
    }

    // MARK: Drives

    private mutating func checkClassicDrives() {
        for drive in machine.drives {
            checkInterface(of: drive, among: ClassicQEMULimits.diskInterfaces, of: "QEMU 0.14")
            for option in drive.source.value.options { check(option, of: drive) }
        }
        checkBootable()
    }

    /// The boot disk is given `boot=on`, which QEMU takes once.
    private mutating func checkBootable() {
        let others = machine.drives.filter { drive in
            !drive.isBootDisk && drive.source.value.options.contains { $0.isOn("boot") }
        }
        let first = machine.bootDisk?.name ?? others.first?.name ?? ""
        for drive in others where drive.name != first {
            report(.error, drive.source.origin, "\"boot=on\" can be set once, and \(first) has it", "remove it")
        }
    }

    private mutating func check(_ option: DeviceOption, of drive: Drive) {
        let origin = drive.source.origin
        let quoted = "\(option.text.quoted) "
        switch option.key {
        case "file":
            report(.error, origin, "\(quoted)would replace \(drive.source.value.path)", "name the disk once")
        case "bus" where option.value == "0": break
        case "bus", "unit":
            report(.error, origin, "\(quoted)conflicts with the index= that every disk has, and ends QEMU", "remove it")
        case "if", "media", "index", "cache":
            report(.warning, origin, "\(quoted)has no effect: the hook writes its own", "remove it")
        case "boot", "readonly", "snapshot":
            if let value = option.value, !["on", "off"].contains(value) {
                report(.error, origin, "\(quoted)is not on or off", "write \(option.key)=on")
            } else if option.isOn("readonly") && drive.interface.value == "ide" && !drive.isCDROM {
                report(.error, origin, "\(quoted)ends QEMU: ide has no read-only disks", "use virtio for this disk")
            }
        case let key where !ClassicQEMULimits.driveKeys.contains(key):
            report(
                .error, origin, "\(quoted)is not an option of QEMU's -drive",
                key == "ro" ? "write readonly=on" : "use " + list(ClassicQEMULimits.driveKeys, "or"))
        default: break
        }
    }

    // MARK: NICs

    private mutating func checkClassicNICs() {
        for nic in machine.nics { checkModel(of: nic, among: ClassicQEMULimits.nicModels, of: "kvm zones") }
        let emulated = machine.nics.filter { $0.model.value == "e1000" }
        for nic in emulated.dropFirst(ClassicQEMULimits.emulatedNICs).prefix(1) {
            report(
                .error, nic.link.origin,
                "net \(nic.link.value.quoted): the zone has \(emulated.count) e1000 NICs; QEMU takes "
                    + "\(ClassicQEMULimits.emulatedNICs)", "use virtio for some of them")
        }
    }
}

/// QEMU 0.14's limits.
enum ClassicQEMULimits {
    static let diskInterfaces = ["virtio", "ide", "scsi"]
    /// The timer options that every other NIC gets are virtio's.
    static let nicModels = ["virtio-net-pci", "e1000"]
    /// MAX_NICS, of `-net nic`.
    static let emulatedNICs = 8
    /// What a zone can say of a drive: `-drive`'s keys without those that the hook writes, and `id`.
    static let driveKeys = [
        "cyls", "heads", "secs", "trans", "snapshot", "aio", "format", "serial", "ser", "rerror", "werror", "addr",
        "readonly", "boot", "id",
    ]
    static let consoleKeys = [
        "path", "host", "port", "localaddr", "localport", "to", "width", "height", "cols", "rows", "name", "debug",
    ]
    /// Keys that are on or off; with `no` before them they are off.
    static let consoleFlags = ["ipv4", "ipv6", "wait", "server", "delay", "telnet", "mux", "signal"]
}

extension DeviceOption {
    /// True when it switches this on.
    fileprivate func isOn(_ key: String) -> Bool { self.key == key && (value == nil || value == "on") }

    /// As `-drive` has it.
    var classicText: String { key == "ser" ? "serial" + (value.map { "=\($0)" } ?? "") : text }
}

extension Topology {
    /// As `-smp` has it: the count first, without `cpus=`.
    var classicText: String {
        guard let cpus else { return text }
        let parts = text.pieces(separator: ",")
        let others = parts.filter { !$0.beginsWith("cpus=") && $0.holds("=") }
        guard parts[0].holds("=") else { return text }
        return ([String(cpus)] + others).joined(separator: ",")
    }
}
