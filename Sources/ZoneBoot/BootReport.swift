import Hypervisors
import Machine
import Platform
import Text
import ZoneConfig

/// A plan in words: what the dry runs of `boot` print. Secrets are not among what a plan holds in its arguments.
extension BootPlan {
    /// `-t`: the command on one line, for a shell; then the steps that a boot takes.
    @export(interface)
    package var commandText: String {
        let command = subject.map { "\(ShellWords.quote($0.commandLine.words))\n" } ?? ""
        let lines = steps.flatMap { step in
            ["# \(step.summary.printable) (\(step.purpose))"]
                + step.shownLines.map { "#   \($0.place): \($0.text.printable)" }
        }
        return command + (lines + reservoirRemark).map { "\($0)\n" }.joined()
    }

    /// Where there is no reservoir, asking for it alone does nothing.
    private var reservoirRemark: [String] {
        request.onlyReservoir && steps.isEmpty && !diagnostics.hasErrors ? ["# no memory in the reservoir"] : []
    }

    /// `-e`: what each argument is for, and where it comes from; then the steps that a boot takes. Fitted to so many
    /// columns, where there is a limit. Empty when errors leave nothing to explain.
    @export(interface)
    package func explanation(width: Int?) -> String {
        var rows: [[String]] = []
        if let commandLine = subject?.commandLine {
            rows.append(["hypervisor", Origin.brand.description, commandLine.program])
            rows += commandLine.arguments.map {
                let origins = $0.origins.map { $0.description }.joined(separator: "; ").printable
                return [$0.purpose, origins, ShellWords.quote($0.words).printable]
            }
        }
        for step in steps {
            rows.append([step.purpose, step.origin?.description ?? "", step.summary.printable])
            rows += step.shownLines.map { [$0.place, "", $0.text.printable] }
        }
        return rows.isEmpty ? "" : Table(["FOR", "FROM", "ARGUMENT"], rows).text(width: width)
    }

    /// What `hvm explain -j` prints: the explanation for programs.
    @export(interface)
    package var explanationMembers: [JSON.Member] {
        func from(_ origins: [Origin]) -> JSON.Member {
            JSON.Member("from", .array(origins.map { .string($0.description) }))
        }
        let arguments = subject?.commandLine.arguments.map { argument in
            JSON.object([
                JSON.Member("words", .array(argument.words.map { .string($0) })),
                JSON.Member("for", .string(argument.purpose)), from(argument.origins),
            ])
        }
        return [
            JSON.Member("zonename", .string(request.zoneName)),
            JSON.Member("brand", .optional(zone?.brand)),
            JSON.Member("platform", .string(request.platform.rawValue)),
            JSON.Member("program", .optional(subject?.commandLine.program)),
            JSON.Member("arguments", .optional(value: arguments.map { .array($0) })),
            JSON.Member(
                "steps",
                .array(
                    steps.map { step in
                        .object([
                            JSON.Member("step", .string(step.summary)), JSON.Member("for", .string(step.purpose)),
                            from(step.origin.map { [$0] } ?? []),
                        ])
                    })),
            JSON.Member("diagnostics", .array(diagnostics.map { $0.json })),
        ]
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
            JSON.Member("argv", subject.map { .array($0.commandLine.words.map { .string($0) }) } ?? .null),
            JSON.Member("slots", subject.map { .object($0.machine.slotMembers) } ?? .null),
            JSON.Member("uefi", subject.map { .bool($0.machine.isUEFI) } ?? .null),
            JSON.Member("bootoptions", subject.map { .object($0.machine.bootTargetMembers) } ?? .null),
            JSON.Member(
                "opts",
                subject.map { .object($0.machine.options.map { JSON.Member($0.name, .optional($0.text)) }) } ?? .null),
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

/// What people see of a step.
extension BootStep {
    /// What is done: `writes /zones/web/hvm/launch`.
    fileprivate var summary: String {
        switch self {
        case .tryOut(let commandLine): "runs \(commandLine.program.baseName) -o config.dump=1 with these arguments"
        case .hold(0, _): "holds no memory in the reservoir"
        case .hold(let bytes, _): "holds \(Reservation.mebibytes(bytes)) MiB in the memory reservoir"
        case .setLink(let property): "runs \(ShellWords.quote(["dladm"] + property.settingWords))"
        case .write(let file): "writes \(file.place.shown)"
        case .remove(let files): "removes, where it is there, \(list(files.map { $0.place.shown }, "and"))"
        case .forgetNext(let zone, _): "runs \(ShellWords.quote(["zonecfg"] + ZoneVariables.forgetNext(zone)))"
        case .log(let path, _): "writes \(path)"
        }
    }

    /// What it is good for.
    var purpose: String {
        switch self {
        case .tryOut: "tells what bhyve refuses"
        case .hold: "memory set aside"
        case .setLink(let property): "filter of VNIC \(property.link.value)"
        case .write(let file): file.purpose
        case .remove: "left by an earlier boot"
        case .forgetNext: "boots so once"
        case .log: "log, appended"
        }
    }

    /// What in the zone has asked for it, where that is one thing.
    fileprivate var origin: Origin? {
        switch self {
        case .hold(_, let origin): origin
        case .setLink(let property): property.link.origin
        case .forgetNext(_, let origin): origin
        case .tryOut, .write, .remove, .log: nil
        }
    }

    fileprivate var shownLines: [(place: String, text: String)] {
        if case .write(let file) = self { file.shownLines } else { [] }
    }
}
