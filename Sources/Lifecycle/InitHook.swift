import Platform
import ZoneBoot

/// `init`: the first process of the zone. It becomes the hypervisor.
public enum InitHook {
    static let usage = """
        usage: init -R root [-p illumos|linux] [-C dir]

          -R DIR   where the zone's files are: so it is tried outside a zone. Without it, and first, every argument is
                   passed over
          -p NAME  the platform whose commands are used (default: this one)
          -C DIR   use the commands in DIR (zfs …) instead of the system's

        """

    /// Comes back only when the hypervisor could not be started, and never with 0. The kernel hands init the zone's boot
    /// arguments (zoneadm boot -- -s), which are of no use to a machine.
    @export(interface)
    public static func run(_ arguments: [String]) -> ExitStatus {
        var options: Options?
        var platform = Program.platform
        if arguments.first?.beginsWith("-R") == true {
            do throws(Options.Failure) {
                let given = try Options(arguments, letters: "R:p:C:")
                if let word = given.operands.first {
                    throw Options.Failure("unexpected argument \"" + word.printable + "\"")
                }
                platform = try given.platform()
                options = given
            } catch {
                Program.printError("init: " + error.message.printable + "\n" + usage)
                return .usage
            }
        }
        do throws(HookFailure) {
            let root = try RootedDirectory.open(options?.value("R") ?? "/", remedy: "-R names the zone's root")
            do {
                try root.redirectStandardDescriptors(to: InitLog.path)
            } catch {
                throw HookFailure(error)
            }
            try start(root, platform, HostCommands(directory: options?.value("C")))
        } catch {
            say(error.diagnostic)
        }
        return .fatal
    }

    private static func say(_ diagnostic: Diagnostic) {
        Program.printError(Clock.utc + " init: " + diagnostic.text(zone: nil))
    }

    private static func start(
        _ root: borrowing RootedDirectory, _ platform: HostPlatform, _ commands: HostCommands
    ) throws(HookFailure) {
        let launch = try LaunchFile.read(from: root)
        if platform == .illumos { try mountDatasets(commands) }
        let extra = try ExtraEnvironment.read(from: root, for: launch.program)
        let failure = Program.execute(
            commands.path(launch.program), [launch.argv0] + launch.arguments,
            environment: ExtraEnvironment.merge([Program.environment, launch.environment, extra]))
        throw HookFailure(failure, remedy: "the hypervisor is named in " + LaunchFile.path)
    }

    /// Delegated datasets are the zone's own to mount.
    private static func mountDatasets(_ commands: HostCommands) throws(HookFailure) {
        let datasets: String
        do {
            datasets = try commands.run("/usr/sbin/zfs", ["list", "-H", "-o", "name"])
        } catch {
            // A zone without datasets may have no ZFS either.
            say(Diagnostic(.warning, file: nil, line: nil, message: error.diagnostic.message))
            return
        }
        guard !datasets.trimmed.isEmpty else { return }
        try commands.run("/usr/sbin/zfs", ["mount", "-a"], seconds: nil)
    }
}

/// Variables for the hypervisor from `/etc/bhyve.env` or `/etc/qemu.env`: NAME=VALUE, a line each.
enum ExtraEnvironment {
    static func read(from root: borrowing RootedDirectory, for program: String) throws(HookFailure) -> [String] {
        let path = program.baseName == "bhyve" ? "/etc/bhyve.env" : "/etc/qemu.env"
        let bytes: [UInt8]
        do {
            bytes = try root.read(path, limit: 1 << 16)
        } catch {
            if error.isNotFound { return [] }
            throw HookFailure(error)
        }
        return try parse(String(decoding: bytes, as: UTF8.self), path: path)
    }

    static func parse(_ text: String, path: String) throws(HookFailure) -> [String] {
        var variables: [String] = []
        for (index, substring) in text.pieces(separator: "\n").enumerated() {
            let line = String(substring).trimmed
            if line.isEmpty || line.beginsWith("#") { continue }
            guard line.isEnvironmentVariable, line.firstControlCharacter == nil else {
                throw HookFailure(
                    "line " + String(index + 1) + " is not NAME=VALUE", file: path,
                    remedy: "mend the line, or remove it")
            }
            variables.append(line)
        }
        return variables
    }

    /// Where lists name the same variable, the last one counts.
    static func merge(_ lists: [[String]]) -> [String] {
        var order: [String] = []
        var values: [String: String] = [:]
        for variable in lists.flatMap({ $0 }) {
            let name = variable.splitOnce(at: "=").before
            if values.updateValue(variable, forKey: name) == nil { order.append(name) }
        }
        return order.compactMap { values[$0] }
    }
}
