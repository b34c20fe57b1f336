import Hypervisors
import Machine
import Platform
import Text

/// `/hvm/launch` in a zone: what init becomes, a line each. `#` starts a comment.
///
///     hypervisor bhyve
///     exec /usr/sbin/bhyve
///     argv0 bhyve-debian
///     env NAME=VALUE
///     arg -c
///     shutdown-timeout 120
package struct LaunchFile: Equatable, Sendable {
    /// Its name in the launch directory.
    static let name = "launch"
    /// Where it lies in the zone.
    package static let path = "/\(LaunchDirectory.name)/\(name)"
    /// More than any hypervisor's command line.
    static let sizeLimit = 1 << 20

    /// Whose command it is: how it is found and asked to power off.
    package let hypervisor: Hypervisor
    /// Absolute path of the program.
    package let program: String
    package let argv0: String
    package let environment: [String]
    package let arguments: [String]
    /// Seconds the shutdown hook waits for the guest: it runs inside the zone and can read nothing else.
    package let shutdownTimeout: Int?

    package init(
        hypervisor: Hypervisor, program: String, argv0: String, environment: [String] = [], arguments: [String],
        shutdownTimeout: Int? = nil
    ) {
        self.hypervisor = hypervisor
        self.program = program
        self.argv0 = argv0
        self.environment = environment
        self.arguments = arguments
        self.shutdownTimeout = shutdownTimeout
    }

    init(_ commandLine: CommandLine, _ machine: Machine, environment: [String]) {
        self.init(
            hypervisor: commandLine.hypervisor, program: commandLine.program, argv0: commandLine.argv0,
            environment: environment,
            arguments: commandLine.arguments.flatMap { $0.words }, shutdownTimeout: machine.shutdownTimeout?.value)
    }

    /// The file's text. No value holds a line end: the machine refuses control characters.
    package var text: String {
        var lines = [
            "# Written at every boot of the zone.", "hypervisor \(hypervisor.rawValue)", "exec \(program)",
            "argv0 \(argv0)",
        ]
        if let shutdownTimeout { lines.append("shutdown-timeout \(shutdownTimeout)") }
        lines += environment.map { "env \($0)" }
        lines += arguments.map { "arg \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads the file's text. Throws with the number of the line that is wrong.
    package static func parse(_ text: String) throws(Failure) -> LaunchFile {
        var hypervisor: Hypervisor?
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
            case ("hypervisor", let name?) where hypervisor == nil && Hypervisor(rawValue: name) != nil:
                hypervisor = Hypervisor(rawValue: name)
            case ("exec", let path?) where program == nil && path.beginsWith("/"): program = path
            case ("argv0", let name?) where argv0 == nil: argv0 = name
            case ("env", let variable?) where variable.isEnvironmentVariable: environment.append(variable)
            case ("arg", let word?): arguments.append(word)
            case ("shutdown-timeout", let seconds?) where seconds.decimal(in: 0...86400) != nil:
                shutdownTimeout = seconds.decimal(in: 0...86400)
            default:
                throw Failure(
                    "line \(index + 1) is not understood: \(line.quoted)", file: path,
                    remedy: "zoneadm boot writes the file anew")
            }
        }
        guard let hypervisor, let program else {
            throw Failure(
                "no line says what to run" + (program == nil ? "" : " as which hypervisor"), file: path,
                remedy: "zoneadm boot writes the file anew")
        }
        return LaunchFile(
            hypervisor: hypervisor, program: program, argv0: argv0 ?? program.baseName, environment: environment,
            arguments: arguments,
            shutdownTimeout: shutdownTimeout)
    }

    /// What was booted last, as the host sees it; `nil` when that cannot be read.
    @export(interface)
    package static func booted(zonepath: String) -> LaunchFile? {
        guard let bytes = try? RootedDirectory(zonepath).read(path, limit: sizeLimit) else { return nil }
        return try? parse(String(decoding: bytes, as: UTF8.self))
    }

    /// Reads it in the zone, whose root this is; `nil` when other hooks than ours booted the zone (see ``OtherHooks``).
    @export(interface)
    package static func read(from root: borrowing RootedDirectory) throws(Failure) -> LaunchFile? {
        do {
            guard try LaunchDirectory.isMounted(in: root) else { return nil }
        } catch {
            throw Failure(error, remedy: "zoneadm reboot mounts the directory anew")
        }
        let bytes: [UInt8]
        do {
            bytes = try root.read(path, limit: sizeLimit)
        } catch {
            throw Failure(error, remedy: "zoneadm boot writes the file anew")
        }
        return try parse(String(decoding: bytes, as: UTF8.self))
    }
}

extension String {
    /// True for `NAME=VALUE` with a name that shells take (POSIX XBD 8.1).
    var isEnvironmentVariable: Bool {
        guard holds("=") else { return false }
        let name = splitOnce(at: "=").before
        guard let first = name.utf8.first, !first.isDigit else { return false }
        return name.utf8.allSatisfy { $0 == 0x5f || $0.isDigit || (0x61...0x7a).contains($0 | 0x20) }
    }
}
