import Machine
import Text

/// Today's QEMU, standing in on Linux for bhyve and for illumos' QEMU: the same machine, devices at the same places.
extension ArgumentWriter {
    mutating func writeModernQEMU(_ accelerator: Hypervisor.Accelerator) {
        writeModernSystem(accelerator)
        writeModernControl()
        writeModernFirmware()
        writeModernSerial()
        writeModernDrives()
        writeModernNICs()
        writeModernScreen()
        writeModernOtherDevices()
        writeLeftOut()
        if machine.brand == .kvm {
            for extra in machine.extra { add(words: extra.value, for: "extra arguments", from: [extra.origin]) }
        }
    }

    private mutating func writeModernSystem(_ accelerator: Hypervisor.Accelerator) {
        add("-name", machine.zoneName, for: "name of the VM", from: .brand)
        if let uuid = machine.uuid { add("-uuid", uuid.value, for: "UUID", from: uuid.origin) }
        add("-nodefaults", for: "no devices but those below", from: .brand)
        add("-machine", "pc,hpet=off", for: "PC whose slots 3 to 31 are free", from: .brand)
        add(
            "-accel", accelerator.rawValue, for: "how the guest's code runs",
            from: accelerator == .tcg ? .byDefault : .host("HVM_ACCEL"))
        add("-m", String(machine.memory.value.mebibytes), for: "memory in MiB", from: machine.memory.origin)
        add("-smp", machine.topology.value.text, for: "virtual CPUs", from: machine.topology.origin)
        let cpu = machine.cpu ?? Sourced("host", .brand)
        add("-cpu", cpuModel(cpu.value, accelerator), for: "CPU model", from: cpu.origin)
        if let clock = machine.clock {
            add("-rtc", "base=\(clock.value.rawValue)", for: "real-time clock", from: clock.origin)
        }
        if let rtc = machine.rtc { add("-rtc", rtc.value, for: "real-time clock", from: rtc.origin) }
        if machine.brand == .bhyve {
            add(
                "-smbios", "type=1,\(SystemInformation.text(machine, spell: escaped))",
                for: "system information (SMBIOS)",
                from: machine.uuid?.origin ?? .brand, machine.cloudInit.origin)
        }
    }

    /// `host` is the host's CPU, which only its own virtualization has; translation's best is `max`.
    private func cpuModel(_ model: String, _ accelerator: Hypervisor.Accelerator) -> String {
        let (name, flags) = model.splitOnce(at: ",")
        guard name == "host", accelerator == .tcg else { return model }
        return "max" + (flags.map { ",\($0)" } ?? "")
    }

    private mutating func writeModernControl() {
        add("-pidfile", QEMUPaths.pidFile, for: "process id, for shutting down", from: .brand)
        add("-qmp", socket(QEMUPaths.monitor), for: "monitor, for shutting down", from: .brand)
        if machine.brand == .bhyve {
            // bhyve ends at a guest's reset, and says by its exit status why it ended; QEMU's status does not.
            add("-no-reboot", for: "end when the guest resets", from: .brand)
            add("-qmp", socket(QEMUPaths.events), for: "tells a reset from a power-off", from: .brand)
        }
    }

    private func socket(_ path: String) -> String { "unix:\(path),server=on,wait=off" }

    private mutating func writeModernFirmware() {
        if let order = machine.bootLetters, !order.value.isEmpty {
            add("-boot", "order=\(order.value)", for: "boot order", from: order.origin)
        }
        guard let rom = machine.firmware.rom, !rom.value.isCSM else { return }
        guard machine.firmware.keepsVariables else {
            add(
                "-bios", StandInFirmware.volatile, for: "UEFI without kept variables", from: rom.origin,
                machine.firmware.variablesOrigin)
            return
        }
        add(
            "-drive", "if=pflash,unit=0,format=raw,readonly=on,file=\(StandInFirmware.code)", for: "UEFI",
            from: rom.origin)
        add(
            "-drive", "if=pflash,unit=1,format=raw,file=\(BootFirmware.variablesFile)", for: "UEFI variables",
            from: rom.origin, machine.firmware.variablesOrigin)
    }

    // MARK: Serial ports

    private mutating func writeModernSerial() {
        let origin = machine.console.origin
        switch machine.console.value {
        case .characterDevice(let device):
            add("-chardev", characterDevice(device), for: "console", from: origin)
            add("-serial", "chardev:\(device.id)", for: "console (first serial port)", from: origin)
        case .serial(let backend):
            writeModernPort(1, "console0", Sourced(backend, origin), "console (com1)")
        }
        for port in machine.serialPorts {
            let name = "com\(port.number)"
            writeModernPort(port.number, name, port.backend, "serial port \(name)")
        }
    }

    private mutating func writeModernPort(
        _ number: Int, _ id: String, _ backend: Sourced<SerialBackend>, _ purpose: String
    ) {
        let device =
            switch backend.value {
            case .device(let path): "serial,id=\(id),path=\(escaped(path))"
            case .standardInputOutput: "stdio,id=\(id)"
            case .socket(let path, let waits):
                "socket,id=\(id),path=\(escaped(path)),server=on,wait=" + (waits ? "on" : "off")
            case .other: "null,id=\(id)"
            }
        if case .other(let text) = backend.value {
            report(
                .error, backend.origin, "QEMU on Linux has no stand-in for \(text.quoted)",
                "use a device's path, stdio, or socket,/PATH[,wait]")
        }
        add("-chardev", device, for: purpose, from: backend.origin)
        add(
            "-device", "isa-serial,chardev=\(id),index=\(number - 1)", for: purpose, from: backend.origin)
    }

    /// A pipe to the console's device is a pty here, which today's QEMU opens as a serial line.
    private func characterDevice(_ device: CharacterDevice) -> String {
        guard device.type == "pipe", let path = device.option("path"), path.beginsWith("/dev/") else {
            return device.text
        }
        return "serial,id=\(device.id),path=\(path)"
    }

    // MARK: NICs, screen and the rest

    private mutating func writeModernNICs() {
        for nic in machine.nics {
            let id = "net\(nic.index)"
            let purpose = "NIC \(nic.index)"
            add("-netdev", "user,id=\(id)", for: "\(purpose)'s network, this user's own", from: .brand)
            let model = modernNIC(nic)
            let mac = nic.mac.map { ",mac=\($0.value.text)" } ?? ""
            add(
                "-device", "\(model),netdev=\(id)\(mac)\(address(nic.place))", for: purpose, from: nic.link.origin,
                nic.model.origin)
        }
    }

    /// bhyve has its own two models; a kvm zone may name any of QEMU's.
    private mutating func modernNIC(_ nic: NIC) -> String {
        if ["virtio-net-viona", "virtio-net"].contains(nic.model.value) { return "virtio-net-pci" }
        if machine.brand == .bhyve && nic.model.value != "e1000" {
            report(
                .error, nic.model.origin, "QEMU on Linux has no stand-in for the NIC \(nic.model.value.quoted)",
                "use virtio or e1000")
        }
        return nic.model.value
    }

    private mutating func writeModernScreen() {
        let isBhyve = machine.brand == .bhyve
        guard let screen = machine.screen else {
            add("-vga", isBhyve ? "none" : "std", for: isBhyve ? "no graphics" : "graphics", from: .byDefault)
            add("-display", "none", for: "no screen", from: .byDefault)
            return
        }
        let origin = screen.server.origin
        let size = [("w", "xres"), ("h", "yres")].compactMap { key, name in
            screen.server.value.option(key).map { ",\(name)=\($0)" }
        }
        if isBhyve {
            if screen.server.value.waits {
                report(
                    .warning, origin, "QEMU cannot wait for a client; the guest starts at once",
                    "under bhyve it waits")
            }
            add("-vga", "none", for: "no graphics but the screen", from: .brand)
            add("-device", "VGA\(size.joined())\(address(Screen.place))", for: "screen", from: origin)
        } else {
            add("-vga", "std", for: "graphics", from: .brand)
        }
        if isBhyve && screen.tablet.value {
            add("-device", "qemu-xhci,id=usb\(address(Screen.tabletPlace))", for: "USB", from: screen.tablet.origin)
            add("-device", "usb-tablet,bus=usb.0", for: "USB tablet", from: screen.tablet.origin)
        }
        var display = vncDisplay(screen.server)
        if let password = screen.server.value.password {
            secret = password
            add("-object", "secret,id=vnc0,file=\(SecretFile.path)", for: "the screen's password", from: origin)
            display += ",password-secret=vnc0"
        }
        add("-vnc", display, for: "screen", from: origin)
    }

    private mutating func writeModernOtherDevices() {
        for shared in machine.shares {
            let share = shared.share.value
            let id = "share\(shared.place.function.number)"
            if share.name.utf8.count > 31 {
                report(
                    .error, shared.share.origin, "QEMU takes tags of at most 31 bytes, not \(share.name.quoted)",
                    "give the share a shorter name")
            }
            let readOnly = share.isReadOnly ? ",readonly=on" : ""
            add(
                "-fsdev", "local,id=\(id),path=\(escaped(share.path)),security_model=none\(readOnly)",
                for: "shared directory", from: shared.share.origin)
            add(
                "-device", "virtio-9p-pci,fsdev=\(id),mount_tag=\(escaped(share.name))\(address(shared.place))",
                for: "shared directory", from: shared.share.origin)
        }
        if let rng = machine.rng {
            add("-object", "rng-random,id=rng0,filename=/dev/urandom", for: "random numbers", from: rng.origin)
            add("-device", "virtio-rng-pci,rng=rng0\(address(rng.value))", for: "random numbers", from: rng.origin)
        }
    }

    /// What only bhyve can do is left out, and that is said.
    private mutating func writeLeftOut() {
        for device in machine.passthrough {
            report(
                .warning, device.origin, "passthrough of \(device.device) is left out by QEMU on Linux",
                "the device is there under bhyve")
        }
        if machine.reservoir.value {
            report(
                .warning, machine.reservoir.origin, "there is no memory reservoir on Linux; the memory is the host's",
                "it is taken from there under bhyve")
        }
        guard machine.brand == .bhyve else { return }
        for extra in machine.extra {
            report(
                .warning, extra.origin, "arguments for bhyve are left out by QEMU on Linux",
                "they are there under bhyve")
        }
    }

    // MARK: Spelling

    /// Where a device goes. QEMU counts slots in hexadecimal.
    func address(_ place: PCIPlace) -> String {
        let text = ",addr=\(String(place.slot.number, radix: 16)).\(place.function.number)"
        return text + (place.function == .zero ? ",multifunction=on" : "")
    }

    /// A text inside a comma list: QEMU reads a doubled comma as one.
    func escaped(_ text: String) -> String {
        text.pieces(separator: ",").joined(separator: ",,")
    }
}
