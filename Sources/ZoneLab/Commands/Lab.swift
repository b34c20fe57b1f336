import Text

/// The lab: one program with many names.
package enum Lab {
    /// Does what a command line says, whose first word is the name this program is called by: a command of a host's, or
    /// `zonelab`, whose first argument may name one too. Returns the exit status.
    package static func run(_ commandLine: [String]) -> Int32 {
        let words = Array(commandLine.dropFirst())
        if let command = HostCommand.named(commandLine.first?.baseName) { return command.run(words) }
        if let command = HostCommand.named(words.first) { return command.run(Array(words.dropFirst())) }
        return Zonelab.run(words)
    }

    /// Runs a command, and tells what it throws in the name of a program. Returns the exit status.
    static func telling(as program: String, _ body: () throws -> Int32) -> Int32 {
        do {
            return try body()
        } catch let error as LabError {
            Stream.write(2, error.text(program))
            return error.status
        } catch {
            Stream.write(2, "\(program): \(error)\n")
            return 1
        }
    }
}

/// A command of a host's that the lab plays. It reads its arguments as that one does, as getopt(3) has them.
struct HostCommand: Sendable {
    let name: String
    /// What `-h` shows; `nil` for a command that is not in the lab at all.
    let usage: String?
    /// Takes the arguments. Returns the exit status.
    let action: @Sendable ([String]) throws -> Int32

    static let all = [
        HostCommand(name: "zonecfg", usage: Zonecfg.usage, action: Zonecfg.run),
        HostCommand(name: "zoneadm", usage: Zoneadm.usage, action: Zoneadm.run),
        HostCommand(name: "zlogin", usage: Zlogin.usage, action: Zlogin.run),
        HostCommand(name: "dladm", usage: Dladm.usage, action: Dladm.run),
        HostCommand(name: "zfs", usage: Zfs.usage, action: Zfs.run),
        HostCommand(name: "zpool", usage: nil) { throw LabError.notInTheLab($0.first ?? "all of it") },
    ]

    static func named(_ name: String?) -> HostCommand? { all.first { $0.name == name } }

    /// Runs it in the lab's global zone, and shows its usage anywhere. Returns the exit status.
    func run(_ words: [String]) -> Int32 {
        if let usage, ["-h", "--help"].contains(words.first) {
            Stream.write(1, usage)
            return 0
        }
        return Lab.telling(as: name) {
            try GlobalZone.checkIsHere(for: name)
            return try action(words)
        }
    }
}
