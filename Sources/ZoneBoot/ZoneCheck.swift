import Machine
import Platform
import Text
import ZoneConfig

extension ZoneConfiguration {
    /// What must hold before attributes are looked at.
    func problems(for request: BootRequest) -> [Diagnostic] {
        func problem(_ message: String, _ remedy: String) -> [Diagnostic] {
            [Diagnostic(.error, file: file, line: line, message: message, remedy: [remedy])]
        }
        let set = "zonecfg -z \(ShellWords.quote(request.zoneName)) "
        guard let name, !name.isEmpty else {
            return problem("the zone has no name", "zonecfg writes one; restore the file")
        }
        guard name == request.zoneName else {
            return problem(
                "the file is of zone \(name.quoted), not \(request.zoneName.quoted)",
                "name the zone \(name), or another file with -x")
        }
        guard let zonepath, zonepath.beginsWith("/"), zonepath.firstControlCharacter == nil else {
            return problem("the zone has no absolute zonepath", "\(set)\"set zonepath=/zones/\(name)\"")
        }
        // zoneadm and zoneadmd put it into the hooks' command lines as it is, and a shell reads those.
        let ascii = String(decoding: zonepath.utf8.filter { $0 < 0x80 }, as: UTF8.self)
        guard ShellWords.quote(ascii) == ascii else {
            return problem(
                "the zonepath \"\(zonepath)\" holds a character that means something to a shell, and would "
                    + "reach the hooks in pieces", "\(set)\"set zonepath=/zones/\(name)\"")
        }
        guard let brand, Brand(rawValue: brand) != nil else {
            return problem(
                "the zone's brand is \"\(brand ?? "")\", not bhyve or kvm",
                "a virtual machine is a zone of brand bhyve or kvm")
        }
        return []
    }
}
