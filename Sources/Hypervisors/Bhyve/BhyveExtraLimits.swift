import Machine
import Text

/// The arguments that the zone gives as they are (attr `extra`).
extension Findings {
    mutating func checkBhyveExtra() {
        for extra in machine.extra {
            checkTrial(extra)
            for slot in slots(extra.value) { checkDevice(slot, extra.origin) }
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

    /// What is behind each `-s`.
    private func slots(_ words: [String]) -> [String] {
        words.indices.compactMap { index in
            guard let slot = words[index].dropping(prefix: "-s") else { return nil }
            return slot.isEmpty ? (index + 1 < words.count ? words[index + 1] : nil) : slot
        }
    }

    private mutating func checkDevice(_ slot: String, _ origin: Origin) {
        let parts = slot.pieces(separator: ",")
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
