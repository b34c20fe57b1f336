import Machine
import Platform
import Text
import ZoneBoot

/// A machine's status in words.
extension MachineStatus {
    var sheet: FactSheet {
        var sheet = FactSheet(heading)
        if let processProblem { sheet.add("process", "not known: \(processProblem.printable)") }
        if let machine {
            sheet.add("machine", size(machine))
            sheet.add("firmware", firmware(machine))
        }
        sheet.add("drives", aligned(drives.map { driveCells($0) }))
        sheet.add("nics", aligned((machine?.nics ?? []).map { nicCells($0) }))
        if let screen { sheet.add("screen", "\(screen.printable) (hvm screen \(listed.name))") }
        sheet.add("console", "hvm console \(listed.name)")
        sheet.add("sockets", serialSockets.map { "\($0.name): \(listed.zonepath)/root\($0.path)".printable })
        if let lastEnd { sheet.add("last run", lastEnd.printable) }
        addChanges(to: &sheet)
        sheet.add(
            "config",
            diagnostics.map { $0.sentence.printable }
                + (diagnostics.isEmpty
                    ? []
                    : [
                        "hvm verify \(listed.name) tells the way out"
                    ]))
        sheet.add("log", warnings.map { "\($0.time) \($0.hook): \($0.message)".printable })
        return sheet
    }

    /// `debian: running for 3 h 12 min, process 1234`.
    private var heading: String {
        var text = "\(listed.name): \(listed.state)"
        if let secondsUp { text += " for \(secondsUp.secondsText)" }
        if let process { text += ", process \(process)" }
        if listed.isUp && process == nil && processProblem == nil { text += ", without a hypervisor" }
        return text
    }

    private func size(_ machine: Machine) -> String {
        let cpus = machine.topology.value.total
        var text = "\(listed.brand.rawValue), \(cpus.of("CPU"))"
        if !machine.topology.value.isSimple { text += " (\(machine.topology.value.text))" }
        text += ", \(machine.memory.value.bytes.bytesText) of memory"
        if reserved > 0 { text += ", \(reserved.bytesText) held in the reservoir" }
        return text
    }

    private func firmware(_ machine: Machine) -> String {
        guard let rom = machine.firmware.rom?.value else { return "BIOS of QEMU" }
        return "\(rom.name.printable), " + (rom.isCSM ? "BIOS" : machine.isUEFI ? "UEFI, variables are kept" : "UEFI")
    }

    private func driveCells(_ status: DriveStatus) -> [String] {
        let source = status.drive.source.value
        return [
            status.drive.name, status.drive.interface.value, status.bytes.map { $0.bytesText } ?? "-",
            source.volume ?? source.path,
        ]
    }

    private func nicCells(_ nic: NIC) -> [String] {
        [
            nic.link.value, nic.model.value, address(of: nic) ?? "-",
            nic.addresses.own.map { $0.text }.joined(separator: ", "),
        ]
    }

    /// Rows as lines in which columns stand below each other.
    private func aligned(_ rows: [[String]]) -> [String] {
        guard let first = rows.first else { return [] }
        let widths = first.indices.map { column in rows.map { $0[column].count }.reduce(0) { max($0, $1) } }
        return rows.map { row in
            row.indices.map { row[$0].padded(to: widths[$0]) }.joined(separator: "  ").trimmed.printable
        }
    }

    private func addChanges(to sheet: inout FactSheet) {
        guard let changes, !changes.isEmpty else { return }
        sheet.add(
            "changed",
            changes.map { $0.text } + ["takes effect at the next zoneadm boot or reboot, not at the guest's own"])
    }
}

/// The same for programs.
extension MachineStatus {
    var members: [JSON.Member] {
        [
            JSON.Member("zonename", .string(listed.name)), JSON.Member("state", .string(listed.state)),
            JSON.Member("brand", .string(listed.brand.rawValue)), JSON.Member("zonepath", .string(listed.zonepath)),
            JSON.Member("seconds_up", .optional(number: secondsUp)), JSON.Member("process", .optional(process)),
            JSON.Member("cpus", .optional(number: machine.map { $0.topology.value.total })),
            JSON.Member("memory_bytes", .optional(number: machine.map { Int(clamping: $0.memory.value.bytes) })),
            JSON.Member("reservoir_bytes", .number(Int(clamping: reserved))),
            JSON.Member("bootrom", .optional(machine?.firmware.rom?.value.name)),
            JSON.Member("uefi_variables", .optional(value: machine.map { .bool($0.isUEFI) })),
            JSON.Member("drives", .array(drives.map { driveJSON($0) })),
            JSON.Member("nics", .array((machine?.nics ?? []).map { nicJSON($0) })),
            JSON.Member("screen", .optional(screen)),
            JSON.Member(
                "sockets",
                .array(
                    serialSockets.map { socket in
                        .object([
                            JSON.Member("attribute", .string(socket.name)),
                            JSON.Member("path", .string("\(listed.zonepath)/root\(socket.path)")),
                        ])
                    })),
            JSON.Member("last_run", .optional(lastEnd)),
            JSON.Member("changes", .optional(value: changes.map { .array($0.map { $0.json }) })),
            JSON.Member(
                "warnings",
                .array(
                    warnings.map { line in
                        .object([
                            JSON.Member("time", .string(line.time)), JSON.Member("hook", .string(line.hook)),
                            JSON.Member("message", .string(line.message)),
                        ])
                    })),
            JSON.Member("diagnostics", .array(diagnostics.map { $0.json })),
        ]
    }

    private func driveJSON(_ status: DriveStatus) -> JSON {
        let source = status.drive.source.value
        return .object([
            JSON.Member("name", .string(status.drive.name)),
            JSON.Member("interface", .string(status.drive.interface.value)),
            JSON.Member("path", .string(source.path)), JSON.Member("volume", .optional(source.volume)),
            JSON.Member("bytes", .optional(number: status.bytes.map { Int(clamping: $0) })),
        ])
    }

    private func nicJSON(_ nic: NIC) -> JSON {
        .object([
            JSON.Member("link", .string(nic.link.value)), JSON.Member("model", .string(nic.model.value)),
            JSON.Member("mac", .optional(address(of: nic))),
            JSON.Member("addresses", .array(nic.addresses.own.map { .string($0.text) })),
        ])
    }
}
