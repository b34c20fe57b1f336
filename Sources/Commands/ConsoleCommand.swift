import Platform
import Text

/// `hvm console`: becomes `zlogin -C`.
enum ConsoleCommand {
    static let word = Word(
        name: "console", summary: "the serial console; ~. at the start of a line leaves it", operand: .zone,
        usage: usage, run: run)

    private static let usage = """
        usage: hvm console ZONE

          -C DIR   use the zlogin in DIR instead of the system's
          -h       show this text

        """

    private static func run(_ arguments: [String]) -> ExitStatus {
        Call.run("console", arguments, usage: usage, zone: .needed) { call in
            let failure = Program.execute(
                call.commands.path("/usr/sbin/zlogin"), ["zlogin", "-C", call.zone ?? ""],
                environment: Program.environment)
            Program.printError(Failure(failure).diagnostic.text(zone: call.zone))
            return .fatal
        }
    }
}
