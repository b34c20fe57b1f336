import Glibc
import Text

/// `zoneadm`: what is done with zones as a whole.
struct Zoneadm {
    static let usage =
        "usage: zoneadm list [-ci] [-v | -p]\n"
        + Subcommand.all.map { "       zoneadm -z ZONE \("\($0.name) \($0.synopsis)".trimmed)\n" }.joined()

    let zone: String
    let subcommand: Subcommand
    /// The words after the subcommand.
    let arguments: [String]
    /// The zone's configuration and brand; `nil` where its file cannot be read and the zone is to be halted.
    let setup: ZoneSetup?

    static func run(_ words: [String]) throws -> Int32 {
        var rest = words[...]
        if rest.first == "help" {
            Stream.write(1, usage)
            return 0
        }
        var zone: String?
        if let word = rest.first, word.hasPrefix("-z") {
            rest.removeFirst()
            zone = word == "-z" ? rest.popFirst() : String(word.dropFirst(2))
        }
        guard let command = rest.popFirst() else { throw LabError.usage("no subcommand given\n\(usage)") }
        guard let zone else {
            if command == "list" { return try ZoneList.run(Array(rest)) }
            _ = try Subcommand.named(command)
            throw LabError("no zone specified", remedy: "zoneadm -z ZONE \(command)")
        }
        return try run(command, zone, Array(rest))
    }

    private static func run(_ command: String, _ zone: String, _ arguments: [String]) throws -> Int32 {
        if zone == ZoneList.global.name {
            if command == "list" { return try ZoneList.run(arguments, only: ZoneList.global) ?? 0 }
            throw LabError("zone 'global': \(command) operation is invalid for the global zone.")
        }
        guard ZoneIndex.read()[zone] != nil else {
            throw LabError("\(zone): No such zone configured", remedy: "zoneadm list -cv shows the zones there are")
        }
        let subcommand = try Subcommand.named(command)
        let zoneadm = Zoneadm(
            zone: zone, subcommand: subcommand, arguments: arguments, setup: try setup(of: zone, for: command))
        return try subcommand.action(zoneadm)
    }

    /// zoneadm needs the zone's brand for everything.
    private static func setup(of zone: String, for command: String) throws -> ZoneSetup? {
        do {
            return try ZoneSetup(zone)
        } catch let error as LabError {
            guard command == "halt", DaemonClient(zone: zone).isUp else {
                throw LabError("zone '\(zone)': missing or invalid brand", remedy: error.message)
            }
            Stream.write(
                2,
                "zonelab: \(error.message)\n  a host's zoneadm says \"missing or invalid brand\" until the file "
                    + "is restored; here the zone is halted all the same\n")
            return nil
        }
    }

    func failure(_ text: String, remedy: String...) -> LabError {
        LabError("zone '\(zone)': \(text)", remedies: remedy)
    }

    /// Tells how the subcommand is used. Returns the exit status for wrong usage.
    @discardableResult
    func misused() -> Int32 {
        if let form = subcommand.form { Stream.write(2, "usage:\t\(form)\n") }
        return LabError.wrongUsage
    }

    /// The options before the first operand, and the operands; `nil` when they are not these.
    func parsed(_ letters: String) -> Options? { try? Options.leading(arguments, letters) }

    func list() throws -> Int32 {
        guard let status = try ZoneList.run(arguments, only: ZoneList.row(try ZoneIndex.entry(of: zone))) else {
            return misused()
        }
        // The line is there by now, whatever the brand says.
        return try isAdmitted() ? status : 1
    }
}
