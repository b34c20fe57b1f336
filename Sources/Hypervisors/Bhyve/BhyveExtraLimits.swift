import Machine
import Text

/// The arguments that the zone gives as they are (attr `extra`).
extension Findings {
    mutating func checkBhyveExtra() {
        for extra in machine.extra {
            checkTrial(extra)
            for slot in values(of: "-s", in: extra.value, areLetters: true) { checkDevice(slot, extra.origin) }
            checkRivals(extra, [("-m", "ram"), ("-c", "vcpus"), ("-U", "uuid")], areLetters: true)
        }
    }

    /// Before a zone starts, bhyve is asked to print its configuration, by `-o config.dump=1` behind these arguments.
    private mutating func checkTrial(_ extra: Sourced<[String]>) {
        for word in extra.value where word.holds(text: "config.dump") {
            report(
                .error, extra.origin,
                "\(word.quoted) is for the hook, which tries the arguments with it: here it could start the "
                    + "machine",
                "remove it; boot -e shows every argument")
        }
        if extra.value.contains("--") {
            report(
                .error, extra.origin, "\"--\" ends the options, but the hook adds one to try them",
                "remove it: only the name of the VM follows")
        }
    }

    private mutating func checkDevice(_ slot: String, _ origin: Origin) {
        let parts = slot.pieces(separator: ",")
        if let place = PCIPlace(bhyve: parts[0]), let owner = machine.owners[place] {
            report(
                .error, origin, "\(slot.quoted) is to be where \(owner) is, and bhyve has one device at each place",
                "use another slot, such as 2:0")
        }
        switch parts.count > 1 ? parts[1] : "" {
        case "lpc":
            report(.error, origin, "\(slot.quoted) is a second LPC bridge, and bhyve has one", "remove it")
        case "fbuf" where machine.screen != nil:
            report(
                .error, origin, "\(slot.quoted) is a second screen, and bhyve has one",
                "remove it, or set the attr vnc to off")
        case "passthru" where !wiresMemory:
            report(
                .error, origin, "\(slot.quoted) wants wired memory", "add -S, or use the attr ppt0")
        default: break
        }
    }

    private var wiresMemory: Bool {
        !machine.passthrough.isEmpty
            || machine.extra.contains {
                $0.value.contains { $0.beginsWith("-") && $0.holds("S") || $0.holds(text: "memory.wired") }
            }
    }
}

extension PCIPlace {
    /// `SLOT`, `SLOT:FUNCTION` or `BUS:SLOT:FUNCTION`, as bhyve(8) reads the place of a device; `nil` outside of bus 0.
    fileprivate init?(bhyve text: String) {
        var numbers = text.pieces(separator: ":").map { $0.decimal(in: 0...255) ?? -1 }
        if numbers.count == 3, numbers.removeFirst() != 0 { return nil }
        guard (1...2).contains(numbers.count) else { return nil }
        self.init(slot: numbers[0], function: numbers.count == 2 ? numbers[1] : 0)
    }
}
