import Text

extension HostCommands {
    /// Runs a command of the system; throws with its own words when it cannot be run, does not end within this time
    /// (`nil`: it may take as long as it likes), or not with 0.
    @discardableResult
    package func run(
        _ systemPath: String, _ arguments: [String], within time: Duration? = Command.patience
    ) throws(Failure) -> String {
        let result: Command.Result
        do {
            result = try command(systemPath, arguments).run(within: time)
        } catch {
            throw Failure(error)
        }
        guard result.status == 0 else {
            throw Failure("\(ShellWords.quote([systemPath.baseName] + arguments)): \(result.complaint)")
        }
        return result.output
    }
}
