import Machine
import Platform
import Text

/// Disks and CD-ROMs: block_if.c and the devices above it.
extension Findings {
    mutating func checkBhyveDrives() {
        for drive in machine.drives {
            checkInterface(drive)
            for option in drive.source.value.options { check(option, of: drive) }
        }
        checkBootIndices()
    }

    private mutating func checkInterface(_ drive: Drive) {
        guard !drive.isCDROM else { return }
        guard drive.interface.value == "ahci-cd" else {
            return checkInterface(of: drive, among: BhyveLimits.diskInterfaces, of: "bhyve")
        }
        report(
            .warning, drive.interface.origin, "\"ahci-cd\" makes CD-ROMs of disks, which the guest cannot write to",
            "use ahci for a disk, or the attr cdrom for an image")
    }

    private mutating func check(_ option: DeviceOption, of drive: Drive) {
        let origin = drive.source.origin
        if checkReserved(option, origin) { return }
        switch option.key {
        case let key where BhyveKeys.booleans.contains(key):
            guard let value = option.value, !value.isBhyveBoolean else { return }
            report(
                .error, origin, "\(option.text.quoted) is not on or off (true, yes, 1, false, no, 0)",
                "write \(key), \(key)=on or \(key)=off")
        case "ser", "serial": checkSerialNumber(option, of: drive)
        case "sectorsize": _ = checkLeadingZero(option, origin)
        case "bootindex": checkCount(option, from: 0, origin)
        default:
            if drive.interface.value == "nvme" { checkNVMe(option, origin) }
        }
    }

    private mutating func checkSerialNumber(_ option: DeviceOption, of drive: Drive) {
        let (origin, limit) = (drive.source.origin, BhyveLimits.diskSerial)
        if let value = option.value, value.utf8.count > limit {
            report(
                .warning, origin,
                "of the serial number \(value.quoted) only the first \(limit) bytes count", "use at most \(limit) bytes"
            )
        }
        if option.key == "serial" && drive.interface.value != "virtio-blk" {
            report(
                .warning, origin, "\(option.text.quoted) has no effect: \(drive.interface.value) reads ser=",
                "write ser= instead")
        }
    }

    /// A number that bhyve reads with atoi(3).
    private mutating func checkCount(_ option: DeviceOption, from first: Int, _ origin: Origin) {
        if checkLeadingZero(option, origin) { return }
        guard option.value?.decimal(in: first...Int(Int32.max)) == nil else { return }
        report(
            .error, origin, "\(option.text.quoted) is not a decimal number from \(first)",
            "write \(option.key)=\(first), for instance")
    }

    private mutating func checkNVMe(_ option: DeviceOption, _ origin: Origin) {
        switch option.key {
        case "qsz", "ioslots", "maxq": checkCount(option, from: 1, origin)
        case "sectsz":
            if !checkLeadingZero(option, origin) { checkChoice(option, ["512", "4096", "8192"], origin) }
        case "dsm": checkChoice(option, ["auto", "enable", "disable"], origin)
        case "eui64":
            guard option.value?.bhyveNumber == nil else { return }
            report(
                .warning, origin, "\(option.text.quoted) is read as another number: hexadecimal ones want 0x",
                "write eui64=0x…, with at most 16 hexadecimal digits")
        default: break
        }
    }

    /// What is none of these is ignored in silence.
    private mutating func checkChoice(_ option: DeviceOption, _ values: [String], _ origin: Origin) {
        guard !values.contains(option.value ?? "") else { return }
        report(
            .warning, origin, "\(option.text.quoted) is ignored: it is not " + list(values, "or"),
            "write \(option.key)=\(values[0]), for instance")
    }

    /// Each boot index once, and only for the firmware that is told of them.
    private mutating func checkBootIndices() {
        var owners: [Int: String] = [:]
        let isTold = machine.extra.contains { $0.value.contains { $0.endsWith("lpc.fwcfg=qemu") } }
        for drive in machine.drives {
            guard let option = drive.source.value.options.last(where: { $0.key == "bootindex" }),
                let index = option.value?.decimal(in: 0...Int(Int32.max))
            else { continue }
            if let other = owners.updateValue(drive.name, forKey: index) {
                report(
                    .error, drive.source.origin, "\(option.text.quoted) is the boot index of \(other) too",
                    "give each device its own")
            } else if !isTold {
                report(
                    .warning, drive.source.origin, "\(option.text.quoted) has no effect without -o lpc.fwcfg=qemu",
                    "use the attr bootorder, or add -o lpc.fwcfg=qemu to the attr extra")
            }
        }
    }
}
