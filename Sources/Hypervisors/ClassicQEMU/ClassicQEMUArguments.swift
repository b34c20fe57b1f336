import Machine
import Text

/// The QEMU of illumos-kvm: 0.14's options, with illumos' `-net vnic`.
extension ArgumentWriter {
    mutating func writeClassicQEMU() {
        add("-name", machine.zoneName, for: "name of the VM", from: .brand)
        if let uuid = machine.uuid { add("-uuid", uuid.value, for: "UUID", from: uuid.origin) }
        add("-enable-kvm", for: "virtualization by the CPU", from: .brand)
        add("-no-hpet", for: "no HPET timer", from: .brand)
        let memory = machine.memory.value
        // A plain number is MiB to QEMU, whatever its size.
        add(
            "-m", memory.hasUnit ? memory.text : String(memory.mebibytes), for: "memory", from: machine.memory.origin)
        add("-smp", machine.topology.value.classicText, for: "virtual CPUs", from: machine.topology.origin)
        if let cpu = machine.cpu { add("-cpu", cpu.value, for: "CPU model", from: cpu.origin) }
        if let rtc = machine.rtc { add("-rtc", rtc.value, for: "real-time clock", from: rtc.origin) }
        add("-pidfile", QEMUPaths.pidFile, for: "process id, for shutting down", from: .brand)
        add(
            "-monitor", "unix:\(QEMUPaths.monitor),server,nowait,nodelay", for: "monitor, for shutting down",
            from: .brand)
        add("-vga", "std", for: "graphics", from: .brand)
        if case .characterDevice(let device) = machine.console.value {
            add("-chardev", device.text, for: "console", from: machine.console.origin)
            add("-serial", "chardev:\(device.id)", for: "console (first serial port)", from: machine.console.origin)
        }
        if let order = machine.bootLetters, !order.value.isEmpty {
            add("-boot", "order=\(order.value)", for: "boot order", from: order.origin)
        }
        writeClassicDrives()
        writeClassicNICs()
        writeClassicScreen()
        for extra in machine.extra { add(words: extra.value, for: "extra arguments", from: [extra.origin]) }
    }

    /// `index=` counts per interface: CD-ROMs and IDE disks share the four places of IDE.
    private mutating func writeClassicDrives() {
        var counts: [String: Int] = [:]
        for drive in machine.drives {
            let index = counts[drive.interface.value, default: 0]
            counts[drive.interface.value] = index + 1
            let options = drive.source.value.options
            var parts = ["file=\(drive.source.value.path)"] + options.map { $0.classicText }
            parts += [
                "if=\(drive.interface.value)",
                "media=" + (drive.isCDROM ? "cdrom" : "disk"),
                "index=\(index)", "cache=none",
            ]
            if !options.contains(where: { ["serial", "ser"].contains($0.key) }) {
                parts.append("serial=" + (drive.isCDROM ? "cdrom" : "disk") + String(index))
            }
            if drive.isBootDisk { parts.append("boot=on") }
            add(
                "-drive", parts.joined(separator: ","), for: drive.purpose, from: drive.source.origin,
                drive.interface.origin)
        }
        checkIDE()
    }

    private mutating func writeClassicNICs() {
        for nic in machine.nics {
            let number = String(nic.index)
            let purpose = "NIC \(number)"
            let mac = nic.mac?.value.text
            if nic.model.value == "e1000" {
                let address = mac.map { ",macaddr=\($0)" } ?? ""
                add(
                    "-net", "nic,vlan=\(number),name=net\(number),model=e1000\(address)", for: purpose,
                    from: nic.link.origin, nic.model.origin)
            } else {
                let address = mac.map { ",mac=\($0)" } ?? ""
                add(
                    "-device",
                    "\(nic.model.value)\(address),tx=timer,x-txtimer=200000,x-txburst=128,vlan=\(number)",
                    for: purpose, from: nic.link.origin, nic.model.origin)
            }
            add(
                "-net", "vnic,vlan=\(number),name=net\(number),ifname=\(nic.link.value)",
                for: "\(purpose)'s VNIC", from: nic.link.origin)
        }
    }

    private mutating func writeClassicScreen() {
        guard let screen = machine.screen else {
            add("-vnc", "none", for: "no screen", from: .byDefault)
            return
        }
        if screen.server.value.password != nil {
            report(
                .error, screen.server.origin, "the QEMU of kvm zones can be given no password without showing it in ps",
                "leave out password=, and reach the socket as root; bhyve zones can have one")
        }
        add("-vnc", vncDisplay(screen.server), for: "screen", from: screen.server.origin)
    }
}
