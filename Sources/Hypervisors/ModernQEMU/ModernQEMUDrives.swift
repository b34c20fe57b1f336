import Machine
import Text

extension ArgumentWriter {
    mutating func writeModernDrives() {
        if machine.hasSeed { writeSeed() }
        var ideCount = 0
        for drive in machine.drives {
            let bootIndex = biosOrder(of: drive).map { ",bootindex=\($0)" } ?? ""
            let options = DriveOptions(drive.source.value.options)
            for option in options.unknown {
                report(
                    .warning, drive.source.origin, "the option \(option.quoted) is left out by QEMU on Linux",
                    "bhyve and illumos' QEMU get it")
            }
            let readOnly = drive.isCDROM || options.isReadOnly ? ",readonly=on" : ""
            add(
                "-drive",
                "if=none,id=\(drive.name),format=raw,file=\(escaped(drive.source.value.path))\(readOnly)\(options.cache)",
                for: drive.purpose, from: drive.source.origin)
            let device = ",drive=\(drive.name)\(options.device)\(bootIndex)"
            switch drive.interface.value {
            case "virtio-blk", "virtio":
                add(
                    "-device", "virtio-blk-pci\(device)\(address(drive.place))", for: drive.purpose,
                    from: drive.interface.origin)
            case "nvme":
                let serial = options.hasSerial ? "" : ",serial=\(drive.name)"
                add(
                    "-device", "nvme\(device)\(serial)\(address(drive.place))", for: drive.purpose,
                    from: drive.interface.origin)
            case "ahci-hd", "ahci-cd", "ahci":
                let model = drive.isCDROM || drive.interface.value == "ahci-cd" ? "ide-cd" : "ide-hd"
                checkWritable(drive, options, model)
                writeAHCI(drive.name, drive.place, model + device, drive.purpose, drive.interface.origin)
            case "ide":
                let model = drive.isCDROM ? "ide-cd" : "ide-hd"
                checkWritable(drive, options, model)
                let place = ",bus=ide.\(ideCount / 2),unit=\(ideCount % 2)"
                add("-device", model + device + place, for: drive.purpose, from: drive.interface.origin)
                ideCount += 1
            default:
                report(
                    .error, drive.interface.origin,
                    "QEMU on Linux has no stand-in for the disk interface \"\(drive.interface.value)\"",
                    "use virtio, ahci or nvme (ide in a kvm zone)")
            }
        }
        checkIDE()
    }

    /// bhyve's BIOS tries drives in the order of their slots; QEMU's has to be told. UEFI keeps its own order.
    private func biosOrder(of drive: Drive) -> Int? {
        guard machine.firmware.rom?.value.isCSM == true else { return nil }
        func rank(_ place: PCIPlace) -> Int { place.slot.number * 8 + place.function.number }
        return machine.drives.count { rank($0.place) < rank(drive.place) }
    }

    private mutating func writeSeed() {
        let origin = machine.cloudInit.origin
        add(
            "-drive", "if=none,id=cloudinit,format=raw,file=\(CloudInitSource.seedImage),readonly=on",
            for: "cloud-init seed",
            from: origin)
        writeAHCI(
            "cloudinit", PCIPlace(.cloudInit), "ide-cd,drive=cloudinit,serial=CLOUD-INIT-0", "cloud-init seed", origin)
    }

    /// bhyve's AHCI devices are controllers of their own.
    private mutating func writeAHCI(
        _ name: String, _ place: PCIPlace, _ device: String, _ purpose: String, _ origin: Origin
    ) {
        add("-device", "ich9-ahci,id=ahci-\(name)\(address(place))", for: "\(purpose)'s controller", from: origin)
        add("-device", "\(device),bus=ahci-\(name).0", for: purpose, from: origin)
    }

    private mutating func checkWritable(_ drive: Drive, _ options: DriveOptions, _ model: String) {
        guard options.isReadOnly, model == "ide-hd" else { return }
        report(
            .error, drive.source.origin, "QEMU has no read-only disks on \(drive.interface.value)",
            "use virtio for this disk, or leave out ro")
    }
}

/// What the options behind a disk's name mean to QEMU.
private struct DriveOptions {
    var isReadOnly = false
    var hasSerial = false
    var cache = ""
    /// For `-device`.
    var device = ""
    var unknown: [String] = []

    init(_ options: [DeviceOption]) {
        for option in options {
            switch (option.key, option.value) {
            case ("serial", let value?), ("ser", let value?):
                hasSerial = true
                device += ",serial=\(value)"
            case ("ro", nil): isReadOnly = true
            case ("nocache", nil), ("direct", nil): cache = ",cache.direct=on"
            case ("sectorsize", let value?):
                let (logical, physical) = value.splitOnce(at: "/")
                device += ",logical_block_size=\(logical),physical_block_size=\(physical ?? logical)"
            default: unknown.append(option.text)
            }
        }
    }
}
