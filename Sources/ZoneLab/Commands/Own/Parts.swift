import ArgumentParser

/// The first process of the lab's global zone. Nobody types this.
struct Begin: LabCommand {
    static let configuration = CommandConfiguration(commandName: "__inside", shouldDisplay: false)

    @Argument var mode: Inside.Mode

    @Argument var directory: String

    func perform() throws -> Int32 { try Inside.run(mode, directory) }
}

extension Inside.Mode: ExpressibleByArgument {}

/// A zone's keeper. Nobody types this.
struct Keep: LabCommand {
    static let configuration = CommandConfiguration(commandName: "__zoneadmd", shouldDisplay: false)

    @Argument var zone: String

    func perform() throws -> Int32 { try ZoneDaemon.run(zone) }
}
