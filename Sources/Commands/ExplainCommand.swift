import Lifecycle
import Platform
import Text
import ZoneBoot

/// `hvm explain`: what a zone's next boot would run, and why.
enum ExplainCommand {
    static let word = Word(
        name: "explain", summary: "what the next boot runs, and where each argument comes from", operand: .zone,
        usage: usage, run: run)

    private static let usage = """
        usage: hvm explain [-j] ZONE

          -j       print it as one line of JSON

        """ + Call.bootUsage

    private static func run(_ arguments: [String]) -> ExitStatus {
        Call.run("explain", arguments, usage: usage, letters: "jF:", zone: .needed) { call throws(ValueError) in
            let plan = BootPlan.make(try call.request(call.zone ?? ""))
            if call.options.has("j") {
                let status = call.print(json: plan.explanationMembers)
                return plan.diagnostics.hasErrors ? .fatal : status
            }
            let isShown = Program.print(plan.explanation(width: Program.outputWidth))
            for diagnostic in plan.diagnostics { Program.printError(diagnostic.text(zone: call.zone)) }
            return plan.diagnostics.hasErrors || !isShown ? .fatal : .ok
        }
    }
}
