import Glibc
import Platform

/// `zoneadm`: what is done with zones as a whole.
struct Zoneadm {
    static let usage = """
        usage: zoneadm list [-ci] [-v | -p]
               zoneadm -z ZONE list [-v | -p]
               zoneadm -z ZONE verify | ready | halt
               zoneadm -z ZONE install [-x VALUE] [WORD …]
               zoneadm -z ZONE boot [-f] [-s] [-- BOOT-ARGUMENT …]
               zoneadm -z ZONE reboot [-- BOOT-ARGUMENT …]
               zoneadm -z ZONE shutdown [-r]
               zoneadm -z ZONE clone [-m copy] SOURCE
               zoneadm -z ZONE move ZONEPATH
               zoneadm -z ZONE detach [-n]
               zoneadm -z ZONE attach [-F | -n MANIFEST]
               zoneadm -z ZONE mark incomplete | -F configured | -F installed
               zoneadm -z ZONE uninstall [-F]

        """

    let zone: String
    let subcommand: String
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
        guard let command = rest.popFirst() else { throw LabError.usage("no subcommand given\n" + usage) }
        guard let zone else {
            if command == "list" { return try ZoneList.run(Array(rest)) }
            guard subcommands[command] != nil else { throw unknown(command) }
            throw LabError("no zone specified", remedy: "zoneadm -z ZONE " + command)
        }
        return try run(command, zone, Array(rest))
    }

    private static func run(_ command: String, _ zone: String, _ arguments: [String]) throws -> Int32 {
        if zone == ZoneList.global.name {
            if command == "list" { return try ZoneList.run(arguments, only: ZoneList.global) ?? 0 }
            throw LabError("zone 'global': " + command + " operation is invalid for the global zone.")
        }
        guard ZoneIndex.read()[zone] != nil else {
            throw LabError(zone + ": No such zone configured", remedy: "zoneadm list -cv shows the zones there are")
        }
        let zoneadm = Zoneadm(
            zone: zone, subcommand: command, arguments: arguments, setup: try setup(of: zone, for: command))
        guard let action = subcommands[command] else { throw unknown(command) }
        return try action(zoneadm)()
    }

    /// zoneadm needs the zone's brand for everything.
    private static func setup(of zone: String, for command: String) throws -> ZoneSetup? {
        do {
            return try ZoneSetup(zone)
        } catch let error as LabError {
            guard command == "halt", DaemonClient(zone: zone).isUp else {
                throw LabError("zone '" + zone + "': missing or invalid brand", remedy: error.message)
            }
            Stream.write(
                2,
                "zonelab: " + error.message
                    + "\n  a host's zoneadm says \"missing or invalid brand\" until the file is "
                    + "restored; here the zone is halted all the same\n")
            return nil
        }
    }

    private static func unknown(_ command: String) -> LabError {
        if ["mount", "unmount", "apply", "sysboot"].contains(command) { return .notInTheLab(command) }
        return .usage("\"" + command + "\" is no subcommand\n" + usage)
    }

    private static var subcommands: [String: (Zoneadm) -> () throws -> Int32] {
        [
            "list": list, "verify": verify, "install": install, "uninstall": uninstall, "ready": ready, "boot": boot,
            "halt": halt, "reboot": reboot, "shutdown": shutdown, "clone": clone, "move": move, "detach": detach,
            "attach": attach, "mark": mark,
        ]
    }

    func failure(_ text: String, remedy: String...) -> LabError {
        LabError("zone '" + zone + "': " + text, remedies: remedy)
    }

    /// Tells how a subcommand is used.
    func misused(_ form: String) -> Int32 {
        Stream.write(2, "usage:\t" + form + "\n")
        return 2
    }

    /// The options before the first operand, and the operands; `nil` when they are not these.
    func parsed(_ letters: String) -> Options? {
        let (own, words) = Options.split(arguments, letters: letters)
        return try? Options(own + (own.last == "--" ? [] : ["--"]) + words, letters: letters)
    }

    private func list() throws -> Int32 {
        guard let status = try ZoneList.run(arguments, only: ZoneList.row(try ZoneIndex.entry(of: zone))) else {
            return misused("list [-cipv]")
        }
        // The line is there by now, whatever the brand says.
        return try askBrand() ? status : 1
    }
}
