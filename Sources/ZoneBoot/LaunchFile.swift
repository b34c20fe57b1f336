import Hypervisors
import Machine
import Platform

/// `/etc/launch` in a zone: what init becomes, a line each. `#` starts a comment.
///
///     exec /usr/sbin/bhyve
///     argv0 bhyve-debian
///     env NAME=VALUE
///     arg -c
///     shutdown-timeout 120
public struct LaunchFile: Equatable, Sendable {
    /// Where it lies in the zone.
    public static let path = "/etc/launch"
    /// More than any hypervisor's command line.
    static let sizeLimit = 1 << 20

    /// Absolute path of the program.
    public let program: String
    public let argv0: String
    public let environment: [String]
    public let arguments: [String]
    /// Seconds the shutdown hook waits for the guest: it runs inside the zone and can read nothing else.
    public let shutdownTimeout: Int?

    public init(
        program: String, argv0: String, environment: [String] = [], arguments: [String], shutdownTimeout: Int? = nil
    ) {
        self.program = program
        self.argv0 = argv0
        self.environment = environment
        self.arguments = arguments
        self.shutdownTimeout = shutdownTimeout
    }

    init(_ commandLine: CommandLine, _ machine: Machine) {
        self.init(
            program: commandLine.program, argv0: commandLine.argv0,
            arguments: commandLine.arguments.flatMap { $0.words }, shutdownTimeout: machine.shutdownTimeout?.value)
    }

    /// The file's text. No value holds a line end: the machine refuses control characters.
    public var text: String {
        var lines = ["# Written at every boot of the zone.", "exec " + program, "argv0 " + argv0]
        if let shutdownTimeout { lines.append("shutdown-timeout " + String(shutdownTimeout)) }
        lines += environment.map { "env " + $0 }
        lines += arguments.map { "arg " + $0 }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads the file's text. Throws with the number of the line that is wrong.
    public static func parse(_ text: String) throws(HookFailure) -> LaunchFile {
        var program: String?
        var argv0: String?
        var environment: [String] = []
        var arguments: [String] = []
        var shutdownTimeout: Int?
        for (index, substring) in text.pieces(separator: "\n").enumerated() {
            let line = String(substring)
            if line.isEmpty || line.beginsWith("#") { continue }
            let (key, value) = line.splitOnce(at: " ")
            switch (key, value) {
            case ("exec", let path?) where program == nil && path.beginsWith("/"): program = path
            case ("argv0", let name?) where argv0 == nil: argv0 = name
            case ("env", let variable?) where variable.isEnvironmentVariable: environment.append(variable)
            case ("arg", let word?): arguments.append(word)
            case ("shutdown-timeout", let seconds?) where seconds.decimal(in: 0...86400) != nil:
                shutdownTimeout = seconds.decimal(in: 0...86400)
            default:
                throw HookFailure(
                    "line " + String(index + 1) + " is not understood: \"" + line + "\"", file: path,
                    remedy: "zoneadm boot writes the file anew")
            }
        }
        guard let program else {
            throw HookFailure("no line says what to run", file: path, remedy: "zoneadm boot writes the file anew")
        }
        return LaunchFile(
            program: program, argv0: argv0 ?? program.baseName, environment: environment, arguments: arguments,
            shutdownTimeout: shutdownTimeout)
    }

    /// Reads it from a zone root.
    @export(interface)
    public static func read(from root: borrowing RootedDirectory) throws(HookFailure) -> LaunchFile {
        let bytes: [UInt8]
        do {
            bytes = try root.read(path, limit: sizeLimit)
        } catch {
            throw HookFailure(error, remedy: "zoneadm boot writes the file anew")
        }
        return try parse(String(decoding: bytes, as: UTF8.self))
    }
}

extension String {
    /// True for `NAME=VALUE` with a name that shells take (POSIX XBD 8.1).
    public var isEnvironmentVariable: Bool {
        guard holds("=") else { return false }
        let name = splitOnce(at: "=").before
        guard let first = name.utf8.first, !first.isDigit else { return false }
        return name.utf8.allSatisfy { $0 == 0x5f || $0.isDigit || (0x61...0x7a).contains($0 | 0x20) }
    }
}
