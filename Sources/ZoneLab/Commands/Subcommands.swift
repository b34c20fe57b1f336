/// A host's command that is nothing but subcommands: dladm, zfs.
enum Subcommands {
    /// Runs the subcommand that the first word names, with the words after it. `help` shows the usage. Returns the exit
    /// status; throws when there is no such subcommand in the lab, and without one.
    static func run(
        _ arguments: [String], usage: String, _ actions: [String: ([String]) throws -> Void]
    ) throws -> Int32 {
        guard let name = arguments.first else { throw LabError.usage("no subcommand given\n\(usage)") }
        if name == "help" {
            Stream.write(1, usage)
        } else if let action = actions[name] {
            try action(Array(arguments.dropFirst()))
        } else {
            throw LabError.notInTheLab(name)
        }
        return 0
    }
}
