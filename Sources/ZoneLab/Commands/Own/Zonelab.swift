import ArgumentParser
import Platform
import Text

/// A command of the lab's own.
protocol LabCommand: ParsableCommand {
    /// True for one that is run on the machine itself, false for one that is run in the lab's global zone.
    static var isForMachine: Bool { get }
    /// Does it. Returns the exit status.
    func perform() throws -> Int32
}

extension LabCommand {
    static var isForMachine: Bool { false }
    static var name: String { configuration.commandName ?? "zonelab" }
}

/// `zonelab`, which its own commands are subcommands of.
struct Zonelab: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zonelab",
        abstract: "A stand-in for an illumos host, for trying and testing zones of the brands bhyve and kvm.",
        discussion: """
            In the lab there are zonecfg, zoneadm, zlogin, dladm and zfs. They stand in for those of an illumos host; zonelab \
            is not an implementation of zones. Guests run in this system's QEMU; HVM_ACCEL=kvm lets it use /dev/kvm. The \
            hooks are those beside this program, or in HVM_HOOKS; HVM_BRAND names a directory where make install has laid \
            the brands out. When the first shell or the script ends, zones that run are halted, and the lab ends.
            """,
        subcommands: [Begin.self, Keep.self],
        groupedSubcommands: [
            CommandGroup(
                name: "On this machine", subcommands: [Try.self, Shell.self, Run.self, Reset.self, Doctor.self]),
            CommandGroup(name: "In the lab", subcommands: [Await.self, TypeLine.self, Screenshot.self]),
        ])

    /// Runs one of the lab's own commands. Returns the exit status: 2 for wrong usage.
    static func run(_ words: [String]) -> Int32 {
        guard !words.isEmpty else {
            Stream.write(2, "\(helpMessage())\n")
            return LabError.wrongUsage
        }
        do {
            var command = try parseAsRoot(words)
            if let command = command as? any LabCommand { return perform(command) }
            // help is the parser's own.
            try command.run()
            return 0
        } catch {
            return tell(error)
        }
    }

    private static func perform<Command: LabCommand>(_ command: Command) -> Int32 {
        Lab.telling(as: Command.isForMachine ? "zonelab" : Command.name) {
            if !Command.isForMachine { try GlobalZone.checkIsHere(for: "zonelab \(Command.name)") }
            return try command.perform()
        }
    }

    /// Tells what the parser throws: help, or what is wrong with the usage.
    private static func tell(_ error: any Error) -> Int32 {
        let text = fullMessage(for: error)
        guard exitCode(for: error) != .success else {
            Stream.write(1, "\(text)\n")
            return 0
        }
        Stream.write(2, "zonelab: \(text.dropping(prefix: "Error: ") ?? text)\n")
        return LabError.wrongUsage
    }
}
