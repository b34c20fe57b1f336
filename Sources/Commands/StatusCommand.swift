import Lifecycle
import Platform
import Text

/// `hvm status`: all about one machine.
enum StatusCommand {
    static let word = Word(
        name: "status", summary: "all about one: what it is, how it runs, and how it ended last", operand: .zone,
        usage: usage, run: run)

    private static let usage = """
        usage: hvm status [-j] ZONE

          -j       print it as one line of JSON

        """ + Call.bootUsage

    private static func run(_ arguments: [String]) -> ExitStatus {
        Call.run("status", arguments, usage: usage, letters: "jF:", zone: .needed) { call throws(ValueError) in
            let listed: ListedMachine
            do throws(Failure) {
                listed = try MachineList.find(call.zone ?? "", call.commands)
            } catch {
                Program.printError(error.diagnostic.text(zone: call.zone))
                return .fatal
            }
            let status = try MachineStatus(listed, call)
            if call.options.has("j") { return call.print(json: status.members) }
            return Program.print(status.sheet.text(width: Program.outputWidth)) ? .ok : .fatal
        }
    }
}
