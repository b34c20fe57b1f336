import Hypervisors
import Machine
import Platform
import ZoneConfig
import Text

/// A plan in words: what the dry runs of `boot` print. Secrets are not among what a plan holds in its arguments.
extension BootPlan {
    /// `-t`: the command on one line, for a shell; then what would be written.
    @export(interface)
    package var commandText: String {
        var text = ""
        if let commandLine { text += "\(ShellWords.quote(commandLine.words))\n" }
        for file in files {
            text += "# writes \(file.path.printable) (\(file.purpose))\n"
            for line in file.content { text += "#   \(line.place): \(line.text.printable)\n" }
        }
        if let forgetting { text += "# runs \(forgetting)\n" }
        if request.onlyReservoir { text += "# \(reservoirText)\n" }
        return text
    }

    /// `-e`: what each argument is for, and where it comes from.
    @export(interface)
    package var explanation: String {
        var rows: [[String]] = []
        if let commandLine {
            rows.append([commandLine.program, "hypervisor", Origin.brand.description])
            rows += commandLine.arguments.map {
                [
                    ShellWords.quote($0.words).printable, $0.purpose,
                    $0.origins.map { $0.description }.joined(separator: "; ").printable,
                ]
            }
        }
        if reservoirBytes != nil || request.onlyReservoir {
            rows.append([reservoirText, "memory set aside", machine?.reservoir.origin.description ?? ""])
        }
        for file in files {
            rows.append(["writes \(file.path.printable)", file.purpose, ""])
            rows += file.content.map { [$0.text.printable, $0.place, ""] }
        }
        if let forgetting, let next = machine?.bootNext {
            rows.append(["runs \(forgetting)", "boots so once", next.origin.description])
        }
        return Table.text(header: ["FOR", "FROM", "ARGUMENT"], rows: rows.map { [$0[1], $0[2], $0[0]] })
    }

    /// The command that removes the attr `bootnext` when it has been heeded.
    private var forgetting: String? {
        variables.setsNext ? ShellWords.quote(["zonecfg"] + ZoneVariables.forgetNext(request.zoneName)) : nil
    }

    private var reservoirText: String {
        guard let reservoirBytes else { return "no memory in the reservoir" }
        return "\(Reservation.mebibytes(reservoirBytes)) MiB in the memory reservoir"
    }

    /// `-j`: one line for programs. The shape of slots, uefi, bootoptions and opts is what zadm(1) reads.
    @export(interface)
    package var json: String {
        let object: [JSON.Member] = [
            JSON.Member("zonename", .string(request.zoneName)),
            JSON.Member("zonepath", .optional(zone?.zonepath)),
            JSON.Member("zoneroot", .optional(zone?.zoneroot)),
            JSON.Member("brand", .optional(zone?.brand)),
            JSON.Member("platform", .string(request.platform.rawValue)),
            JSON.Member("argv", commandLine.map { .array($0.words.map { .string($0) }) } ?? .null),
            JSON.Member("slots", machine.map { .object($0.slotMembers) } ?? .null),
            JSON.Member("uefi", machine.map { .bool($0.isUEFI) } ?? .null),
            JSON.Member("bootoptions", machine.map { .object($0.bootTargetMembers) } ?? .null),
            JSON.Member(
                "opts", machine.map { .object($0.options.map { JSON.Member($0.name, .optional($0.text)) }) } ?? .null),
            JSON.Member("diagnostics", .array(diagnostics.map { $0.json })),
        ]
        return "\(JSON.object(object).text)\n"
    }
}

extension Machine {
    /// The classic QEMU places devices itself, so a kvm zone has no slots to tell.
    fileprivate var slotMembers: [JSON.Member] {
        brand == .kvm ? [] : slots.map { JSON.Member($0.name, .number($0.slot.number)) }
    }

    fileprivate var bootTargetMembers: [JSON.Member] {
        guard brand == .bhyve else { return [] }
        return bootTargets.map { name, target in
            switch target {
            case .application(let guid): JSON.Member(name, .array([.string("app"), .string(guid)]))
            case .device(let place):
                JSON.Member(
                    name,
                    .array([
                        .string("pci"), .string("\(place.slot.number).\(place.function.number)"),
                    ]))
            }
        }
    }
}
