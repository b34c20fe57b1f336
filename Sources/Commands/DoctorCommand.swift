import Platform
import Text

/// `hvm doctor`: whether this host can run machines, and the way out where it cannot.
enum DoctorCommand {
    static let word = Word(
        name: "doctor", summary: "what keeps this host from running machines, and the way out", operand: .nothing,
        usage: usage, run: run)

    private static let usage = """
        usage: hvm doctor [-j]

          PASS is well, WARN may be meant, FAIL keeps machines from running; below each is the way out. Only root can look at
          everything.

          -j       print it as one line of JSON
          -b DIR   where brands are (default: /usr/lib/brand)
          -F DIR   look for bhyve's boot ROMs in DIR (default: /usr/share/bhyve/firmware)

        """ + Call.commonUsage

    private static func run(_ arguments: [String]) -> ExitStatus {
        Call.run("doctor", arguments, usage: usage, letters: "jb:F:", zone: .none) { call throws(ValueError) in
            let findings = try HostExamination(call).findings
            let printed =
                call.options.has("j")
                ? call.print(json: [JSON.Member("findings", .array(findings.map { $0.json }))])
                : Program.print(text(findings)) ? .ok : .fatal
            guard printed == .ok else { return printed }
            return findings.contains { $0.grade == .fail } ? .fatal : .ok
        }
    }

    private static let indent = "      "

    private static func text(_ findings: [Finding]) -> String {
        let style = Style.ofOutput
        let column = findings.map { $0.subject.count }.reduce(0) { max($0, $1) } + 2
        let room = Program.outputWidth.map { max(20, $0 - indent.count - column) } ?? .max
        let blank = String(repeating: " ", count: column)
        return findings.map { finding in
            let lines = ([finding.message] + finding.remedy.map { "  \($0)" }).flatMap {
                $0.printable.wrapped(to: room)
            }
            return lines.indices.map { index in
                index == 0
                    ? "\(style.grade(finding.grade))  \(finding.subject.padded(to: column))\(lines[0])\n"
                    : "\(indent)\(blank)\(lines[index])\n"
            }.joined()
        }.joined()
    }
}
