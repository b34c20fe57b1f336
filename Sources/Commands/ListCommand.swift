import Lifecycle
import Machine
import Platform
import Text
import ZoneConfig

/// `hvm list`: the machines of this host, a line each.
enum ListCommand {
    static let word = Word(
        name: "list", summary: "the machines of this host, a line each", operand: .nothing, usage: usage, run: run)

    private static let usage = """
        usage: hvm list [-j | -q]

          -j       print it as one line of JSON
          -q       print the names alone, a line each

        """ + Call.commonUsage

    private static func run(_ arguments: [String]) -> ExitStatus {
        Call.run("list", arguments, usage: usage, letters: "jq", zone: .none) { call throws(ValueError) in
            guard !(call.options.has("j") && call.options.has("q")) else {
                throw ValueError("-j and -q exclude each other")
            }
            return Call.telling(nil) { () throws(Failure) in
                let machines = try MachineList.read(call.commands)
                if call.options.has("q") {
                    return Program.print(machines.map { "\($0.name)\n" }.joined()) ? .ok : .fatal
                }
                let now = Clock.utc.utcSeconds ?? 0
                let rows = machines.map { Row($0, file: call.file(of: $0.name), now: now) }
                if call.options.has("j") {
                    return call.print(json: [JSON.Member("zones", .array(rows.map { $0.json }))])
                }
                return Program.print(table(rows)) ? .ok : .fatal
            }
        }
    }

    private static func table(_ rows: [Row]) -> String {
        guard !rows.isEmpty else {
            return "there are no virtual machines: zonecfg -z NAME 'create -t OMNIbhyve' begins one\n"
        }
        let table = Table(
            ["NAME", "STATE", "UP", "BRAND", "CPUS", "MEMORY", "DISKS", "NICS", "SCREEN"], rows.map { $0.cells })
        let style = Style.ofOutput
        return table.text(width: Program.outputWidth) { row, column, cell in
            guard let row else { return style.heading(cell) }
            return column == 1 ? style.state(rows[row].listed.state, cell) : cell
        }
    }

    /// What there is to say of a machine in one line. Of one whose configuration is wrong, less.
    private struct Row {
        let listed: ListedMachine
        let machine: Machine?
        let secondsUp: Int?
        let diagnostics: [Diagnostic]

        init(_ listed: ListedMachine, file: String, now: Int) {
            self.listed = listed
            secondsUp = listed.isUp ? ZoneLogLines(zonepath: listed.zonepath).bootSeconds.map { max(0, now - $0) } : nil
            do throws(Failure) {
                let zone = try ZoneConfiguration.read(file: file)
                let reading = Machine.read(zone, brand: listed.brand, facts: HostFacts())
                machine = reading.machine
                diagnostics = reading.diagnostics
            } catch {
                machine = nil
                diagnostics = [error.diagnostic]
            }
        }

        var cells: [String] {
            let first = [listed.name, listed.state, secondsUp.map { $0.secondsText } ?? "-", listed.brand.rawValue]
            guard let machine else { return first + ["?", "?", "?", "?", "hvm verify \(listed.name)"] }
            let nics = machine.nics.map { $0.link.value }
            return first + [
                String(machine.topology.value.total), machine.memory.value.bytes.bytesText,
                String(machine.allDisks.count), nics.isEmpty ? "-" : nics.joined(separator: ", "),
                machine.screen == nil ? "-" : "vnc",
            ]
        }

        var json: JSON {
            .object([
                JSON.Member("zonename", .string(listed.name)), JSON.Member("state", .string(listed.state)),
                JSON.Member("brand", .string(listed.brand.rawValue)),
                JSON.Member("zonepath", .string(listed.zonepath)),
                JSON.Member("seconds_up", .optional(number: secondsUp)),
                JSON.Member("cpus", .optional(number: machine.map { $0.topology.value.total })),
                JSON.Member("memory_bytes", .optional(number: machine.map { Int(clamping: $0.memory.value.bytes) })),
                JSON.Member("disks", .optional(value: machine.map { .array($0.allDisks.map { .string($0.name) }) })),
                JSON.Member("nics", .optional(value: machine.map { .array($0.nics.map { .string($0.link.value) }) })),
                JSON.Member("screen", .optional(value: machine.map { .bool($0.screen != nil) })),
                JSON.Member("diagnostics", .array(diagnostics.map { $0.json })),
            ])
        }
    }
}
