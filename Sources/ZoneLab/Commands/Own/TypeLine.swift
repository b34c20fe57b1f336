import ArgumentParser
import Glibc

/// `zonelab type`: types into a zone's console.
struct TypeLine: LabCommand {
    static let configuration = CommandConfiguration(
        commandName: "type", abstract: "Type a line into a zone's console.",
        usage: "zonelab type <zone> <line>")

    @Argument(help: "The zone, which has to run.") var zone: String
    @Argument(parsing: .captureForPassthrough, help: "The line; one word of the shell's, whatever it begins with.")
    var line: [String]

    func validate() throws {
        guard line.count == 1 else { throw ValidationError("type takes a zone and one line; quote what has blanks") }
    }

    func perform() throws -> Int32 {
        _ = try ZoneIndex.entry(of: zone)
        guard DaemonClient(zone: zone).isUp else { throw LabError("zone '\(zone)': not running") }
        let console = try DaemonClient(zone: zone).console()
        defer { close(console) }
        // The console's first bytes say that it is listening; a zone that runs has shown some.
        _ = Stream.read(console)
        Stream.write(console, "\(line[0])\r")
        // The other side closes when it has read everything.
        shutdown(console, Int32(SHUT_WR))
        _ = Stream.readAll(console)
        return 0
    }
}
