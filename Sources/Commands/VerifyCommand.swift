import Lifecycle
import Platform
import Text
import ZoneBoot

/// `hvm verify`: what is wrong with the configuration of one machine, or of all.
enum VerifyCommand {
    static let word = Word(
        name: "verify", summary: "what is wrong with a zone's configuration, or with all", operand: .zone, usage: usage,
        run: run)

    private static let usage = """
        usage: hvm verify [-j] [ZONE]

          -j       print it as one line of JSON

        """ + Call.bootUsage

    private static func run(_ arguments: [String]) -> ExitStatus {
        Call.run("verify", arguments, usage: usage, letters: "jF:", zone: .allowed) { call throws(ValueError) in
            let names: [String]
            do throws(Failure) {
                names = if let zone = call.zone { [zone] } else { try MachineList.read(call.commands).map { $0.name } }
            } catch {
                Program.printError(error.diagnostic.text(zone: nil))
                return .fatal
            }
            var verdicts: [Verdict] = []
            for name in names { verdicts.append(Verdict(name, BootPlan.verify(try call.request(name)))) }
            let status: ExitStatus = verdicts.contains { $0.diagnostics.hasErrors } ? .fatal : .ok
            if call.options.has("j") {
                let printed = call.print(json: [JSON.Member("zones", .array(verdicts.map { $0.json }))])
                return printed == .ok ? status : printed
            }
            for verdict in verdicts {
                for diagnostic in verdict.diagnostics { Program.printError(diagnostic.text(zone: verdict.zone)) }
            }
            return Program.print(verdicts.map { "\($0.zone): \($0.text)\n" }.joined()) ? status : .fatal
        }
    }
}
