import Platform
import ZoneBoot

/// `init`: the first process of the zone. It becomes the hypervisor.
public enum InitHook {
    static let usage = """
        usage: init [-R root] [-p illumos|linux] [-C dir]

          -R DIR   where the zone's files are, when not run inside it (default: /)

        """ + Hook.commonUsage

    private static let log = "/tmp/init.log"

    /// Comes back only when the hypervisor could not be started. What init was given as arguments in the zone (boot
    /// arguments, of no use to a machine) is passed over.
    @export(interface)
    public static func run(_ arguments: [String]) -> ExitStatus {
        let options: Options
        let platform: HostPlatform
        do {
            options = try Options(arguments, letters: Hook.letters)
            platform = try options.platform()
        } catch {
            Program.printError("init: " + error.message + "\n" + usage)
            return .usage
        }
        if options.has("h") {
            Program.print(usage)
            return .ok
        }
        do throws(HookFailure) {
            let root = try RootedDirectory.open(options.value("R") ?? "/", remedy: "-R names the zone's root")
            do {
                try root.redirectStandardDescriptors(to: log)
            } catch {
                throw HookFailure(error)
            }
            try start(root, platform, HostCommands(directory: options.value("C")))
        } catch {
            Program.printError(Clock.utc + " init: " + error.diagnostic.text(zone: nil))
        }
        return .fatal
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
        let datasets = try? commands.run("/usr/sbin/zfs", ["list", "-H", "-o", "name"])
        guard let datasets, !datasets.trimmed.isEmpty else { return }
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
