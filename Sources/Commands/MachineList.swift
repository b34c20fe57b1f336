import Machine
import Platform
import Text
import ZoneConfig

/// A zone that is a virtual machine, as zoneadm(8) lists it.
struct ListedMachine: Sendable {
    let name: String
    /// `running`, `installed` …
    let state: String
    let zonepath: String
    let brand: Brand

    /// True when there may be a hypervisor.
    var isUp: Bool { !["configured", "incomplete", "installed"].contains(state) }

    /// From a line of `zoneadm list -p`, `id:name:state:zonepath:uuid:brand:iptype`, where a colon within the zonepath is
    /// written `\:`; `nil` for a zone of another brand.
    init?(line: String) {
        let fields = line.escapedFields
        guard fields.count > 5, let brand = Brand(rawValue: fields[5]) else { return nil }
        name = fields[1]
        state = fields[2]
        zonepath = fields[3].withoutTrailingSlashes
        self.brand = brand
    }
}

/// The machines of this host.
enum MachineList {
    private static let zoneadm = "/usr/sbin/zoneadm"

    /// False where there is no zoneadm, so that no zones can be listed.
    static func isToBeHad(_ arguments: [String]) -> Bool {
        guard let options = try? Options(arguments, letters: "hjqp:C:d:x:") else { return true }
        return HostFiles.exists(Call.commands(options).path(zoneadm))
    }

    /// All of them, by name: one command, however many there are.
    static func read(_ commands: HostCommands) throws(Failure) -> [ListedMachine] {
        guard HostFiles.exists(commands.path(zoneadm)) else {
            throw Failure(
                "there is no \(commands.path(zoneadm))",
                remedy: "on a machine without zones, zonelab shell opens a lab that has them")
        }
        let lines = try commands.run(zoneadm, ["list", "-cp"]).pieces(separator: "\n", omittingEmpty: true)
        return lines.compactMap { ListedMachine(line: $0) }.sorted { $0.name < $1.name }
    }

    /// One of them. Throws for a zone that there is not, with the one that was most likely meant.
    static func find(_ name: String, _ commands: HostCommands) throws(Failure) -> ListedMachine {
        let machines = try read(commands)
        if let machine = machines.first(where: { $0.name == name }) { return machine }
        let meant = name.nearest(among: machines.map { $0.name })
        throw Failure(
            "there is no virtual machine of this name",
            remedy: meant.map { "did you mean \($0.quoted)?" } ?? "hvm list shows those that there are")
    }
}

extension String {
    /// The parts between colons, where `\:` is a colon within a part, as zoneadm(8) and dladm(8) print them for programs.
    var escapedFields: [String] {
        var fields: [[UInt8]] = [[]]
        var isEscaped = false
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "\\") where !isEscaped:
                isEscaped = true
                continue
            case UInt8(ascii: ":") where !isEscaped: fields.append([])
            default: fields[fields.count - 1].append(byte)
            }
            isEscaped = false
        }
        return fields.map { String(decoding: $0, as: UTF8.self) }
    }
}
