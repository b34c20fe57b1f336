import Machine

/// bhyve(8) of illumos. The order of the arguments is part of the contract: tools compare it.
extension ArgumentWriter {
    mutating func writeBhyve() {
        if machine.hasSeed {
            slot(
                PCIPlace(.cloudInit), "ahci-cd,\(CloudInitSource.seedImage),ro,ser=CLOUD-INIT-0",
                for: "cloud-init seed",
                from: machine.cloudInit.origin)
        }
        writeSystem()
        writeBoard()
        writeDrives()
        writeNICs()
        writeScreen()
        writeOtherDevices()
        writeFlags()
        for extra in machine.extra { add(words: extra.value, for: "extra arguments", from: [extra.origin]) }
        add(machine.zoneName, for: "name of the VM", from: .brand)
    }

    private mutating func slot(_ place: PCIPlace, _ device: String, for purpose: String, from origins: Origin...) {
        add(words: ["-s", "\(place.description),\(device)"], for: purpose, from: origins)
    }

    private mutating func writeSystem() {
        if machine.guest.value == .openbsd {
            add("-w", for: "ignore unknown model-specific registers", from: machine.guest.origin)
        }
        if let clock = machine.clock, clock.value == .utc { add("-u", for: "clock shows UTC", from: clock.origin) }
        if let uuid = machine.uuid { add("-U", uuid.value, for: "UUID", from: uuid.origin) }
        add("-H", for: "give up the CPU when the guest halts", from: .brand)
        add(
            "-B", "1," + SystemInformation.text(machine, spell: { $0.escapedForBhyve }),
            for: "system information (SMBIOS)",
            from: machine.uuid?.origin ?? .brand, machine.cloudInit.origin)
        add("-c", machine.topology.value.bhyveText, for: "virtual CPUs", from: machine.topology.origin)
        add("-m", machine.memory.value.bhyveText, for: "memory", from: machine.memory.origin)
    }

    private mutating func writeBoard() {
        if let rom = machine.firmware.rom {
            let variables = machine.firmware.keepsVariables ? ",\(BootFirmware.variablesFile)" : ""
            add(
                "-l", "bootrom,\(rom.value.path.escapedForBhyve)\(variables)", for: "boot ROM", from: rom.origin,
                machine.firmware.variablesOrigin)
        }
        let bridgeSlot = "\(PCISlot.hostBridge.number),hostbridge,"
        switch machine.hostBridge.value {
        case .none: break
        case .model(let model):
            add("-s", "\(bridgeSlot)model=\(model)", for: "host bridge", from: machine.hostBridge.origin)
        case .options(let options):
            add("-s", bridgeSlot + options, for: "host bridge", from: machine.hostBridge.origin)
        }
        add(
            "-s", "\(machine.lpc.number),lpc", for: "LPC bridge",
            from: machine.guest.value == .windows ? machine.guest.origin : .brand)
        for port in machine.serialPorts {
            let name = "com\(port.number)"
            add("-l", "\(name),\(port.backend.value.bhyveText)", for: "serial port \(name)", from: port.backend.origin)
        }
        if case .serial(let backend) = machine.console.value {
            add("-l", "com1,\(backend.bhyveText)", for: "console (com1)", from: machine.console.origin)
        }
    }

    private mutating func writeDrives() {
        for drive in machine.cdroms {
            slot(
                drive.place, "\(drive.interface.value),\(drive.source.value.bhyveText),ro", for: drive.purpose,
                from: drive.source.origin, drive.interface.origin)
        }
        for drive in machine.allDisks {
            slot(
                drive.place, "\(drive.interface.value),\(drive.source.value.bhyveText)", for: drive.purpose,
                from: drive.source.origin, drive.interface.origin)
        }
    }

    private mutating func writeNICs() {
        for nic in machine.nics {
            let parts = [nic.model.value, nic.link.value.escapedForBhyve] + nic.properties.map { $0.bhyveText }
            slot(
                nic.place, parts.joined(separator: ","), for: "NIC \(nic.index)", from: nic.link.origin,
                nic.model.origin)
        }
    }

    private mutating func writeScreen() {
        guard let screen = machine.screen else { return }
        slot(
            Screen.place, "fbuf,vga=\(screen.vga.value),\(screen.server.value.bhyveText)", for: "screen",
            from: screen.server.origin, screen.vga.origin)
        if let password = screen.server.value.password {
            secret = password
            // A node that exists already makes -s fail, so the file comes after it.
            add("-k", SecretFile.path, for: "the screen's password", from: screen.server.origin)
        }
        if screen.tablet.value {
            slot(Screen.tabletPlace, "xhci,tablet", for: "USB tablet", from: screen.tablet.origin)
        }
    }

    private mutating func writeOtherDevices() {
        if let first = machine.passthrough.first {
            add("-S", for: "wire the guest's memory", from: first.origin)
        }
        for device in machine.passthrough {
            slot(device.place, "passthru,\(device.device)", for: "passthrough", from: device.origin)
        }
        for shared in machine.shares {
            let share = shared.share.value
            slot(
                shared.place, "virtio-9p,\(share.bhyveText)",
                for: "shared directory", from: shared.share.origin)
        }
        if let rng = machine.rng { slot(rng.value, "virtio-rnd", for: "random numbers", from: rng.origin) }
    }

    private mutating func writeFlags() {
        let flags = [
            (machine.debugsPrivileges, "privileges.debug=true", "privilege debugging"),
            (machine.persists, "debug.persist=true", "keep the VM's instance"),
            (machine.reservoir, "memory.use_reservoir=true", "memory from the reservoir"),
        ]
        for (flag, option, purpose) in flags where flag.value { add("-o", option, for: purpose, from: flag.origin) }
    }
}
