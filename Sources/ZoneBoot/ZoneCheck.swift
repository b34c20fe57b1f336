import Machine
import Platform
import Text
import ZoneConfig

extension ZoneConfiguration {
    /// What is wrong with the zone outside its attributes. Nothing else is looked at in a file that is of another zone.
    func problems(for request: BootRequest) -> [Diagnostic] {
        guard let name, !name.isEmpty else {
            return [problem("the zone has no name", "zonecfg writes one; restore the file")]
        }
        guard name == request.zoneName else {
            return [
                problem(
                    "the file is of zone \(name.quoted), not \(request.zoneName.quoted)",
                    "name the zone \(name), or another file with -x")
            ]
        }
        return [zonepathProblem(name), brandProblem].compactMap { $0 }
    }

    private func zonepathProblem(_ name: String) -> Diagnostic? {
        let remedy = "zonecfg -z \(ShellWords.quote(name)) \"set zonepath=/zones/\(name)\""
        guard let zonepath, zonepath.beginsWith("/"), zonepath.firstControlCharacter == nil else {
            return problem("the zone has no absolute zonepath", remedy)
        }
        // zoneadm and zoneadmd put it into the hooks' command lines as it is, and a shell reads those.
        let ascii = String(decoding: zonepath.utf8.filter { $0 < 0x80 }, as: UTF8.self)
        guard ShellWords.quote(ascii) == ascii else {
            return problem(
                "the zonepath \"\(zonepath)\" holds a character that means something to a shell, and would "
                    + "reach the hooks in pieces", remedy)
        }
        return nil
    }

    private var brandProblem: Diagnostic? {
        guard brand.flatMap({ Brand(rawValue: $0) }) == nil else { return nil }
        return problem(
            "the zone's brand is \"\(brand ?? "")\", not bhyve or kvm",
            "a virtual machine is a zone of brand bhyve or kvm")
    }

    private func problem(_ message: String, _ remedy: String) -> Diagnostic {
        Diagnostic(.error, file: file, line: line, message: message, remedy: [remedy])
    }
}
