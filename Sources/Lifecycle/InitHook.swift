import Hypervisors
import Platform
import Text
import ZoneBoot

/// `init`: the first process of the zone. It starts the hypervisor, waits for its end, and ends as that did.
package enum InitHook {
    static let usage = """
        usage: init -R root [-p illumos|linux] [-C dir]

          -R DIR   where the zone's files are: so it is tried outside a zone. In a zone every argument is skipped unless
                   this one is first
          -p NAME  the platform whose commands are used (default: this one)
          -C DIR   use the commands in DIR (zfs …) instead of the system's
          -h       show this text; -V the version

        """

    /// Comes back only when the hypervisor could not be started, and never with 0: the kernel starts an init anew that ends
    /// so, and the guest with it. It hands init the zone's boot arguments (zoneadm boot -- -s), which are of no use to a
    /// machine.
    @export(interface)
    package static func run(_ arguments: [String]) -> ExitStatus {
        let isZonesInit = Program.isInZone || arguments.isEmpty && !Program.isOnIllumos
        guard !isZonesInit || arguments.first?.beginsWith("-R") == true else {
            return run(in: "/", Program.platform, HostCommands())
        }
        return Hook.run("init", arguments, usage: usage, letters: "hR:p:C:") { options throws(ValueError) in
            if let word = options.operands.first { throw ValueError("unexpected argument \(word.printable.quoted)") }
            guard let root = options.value("R") else {
                throw ValueError("it is a zone's first process; outside a zone -R says where the zone's files are")
            }
            return run(in: root, try options.platform(), HostCommands(directory: options.value("C")))
        }
    }

    private static func run(in directory: String, _ platform: HostPlatform, _ commands: HostCommands) -> ExitStatus {
        do throws(Failure) {
            let process = try start(in: directory, platform, commands)
            Program.exit(as: wait(for: process, in: directory))
        } catch {
            say(error.diagnostic)
            return .fatal
        }
    }

    private static func say(_ diagnostic: Diagnostic) {
        Program.printError("\(Clock.utc) init: \(diagnostic.text(zone: nil))")
    }

    private static func start(
        in directory: String, _ platform: HostPlatform, _ commands: HostCommands
    ) throws(Failure) -> KeptProcess {
        let root = try RootedDirectory.open(directory, remedy: "-R names the zone's root")
        do {
            try root.redirectStandardDescriptors(to: InitLog.path)
        } catch {
            throw Failure(error)
        }
        let launch = if let ours = try LaunchFile.read(from: root) { ours } else { try otherHooksLaunch(root) }
        if platform == .illumos && launch.hypervisor == .bhyve { mountDatasets(commands) }
        let program = commands.path(launch.program)
        // First, for what the program says stands below it.
        InitLog.record(.run(program: program), in: root)
        do {
            return try KeptProcess(
                program, [launch.argv0] + launch.arguments,
                environment: ExtraEnvironment.merge([Program.environment, launch.environment]))
        } catch {
            throw Failure(error, remedy: "the hypervisor is named in \(LaunchFile.path)")
        }
    }

    /// Waits with nothing open, and leaves in the log how it ended.
    private static func wait(for process: KeptProcess, in directory: String) -> ProcessEnd {
        let (started, start) = (Clock.utc, Clock.now)
        let end = process.keep()
        let run = LastEnd.Run(
            pid: Int(process.pid), started: started, ended: Clock.utc,
            seconds: Int((Clock.now - start).components.seconds),
            end: end)
        if let root = try? RootedDirectory(directory) { InitLog.record(.end(run), in: root) }
        return end
    }

    private static func otherHooksLaunch(_ root: borrowing RootedDirectory) throws(Failure) -> LaunchFile {
        let name: String
        do {
            name = try Program.zoneName()
        } catch {
            throw Failure(error)
        }
        let launch = try OtherHooks.launch(root, zone: name)
        for warning in launch.warnings { say(warning) }
        return launch.file
    }

    /// Delegated datasets are the zone's own to mount. A zone without any may have no ZFS either; one that cannot be
    /// mounted keeps no machine from starting.
    private static func mountDatasets(_ commands: HostCommands) {
        do {
            let datasets = try commands.run("/usr/sbin/zfs", ["list", "-H", "-o", "name"])
            if !datasets.trimmed.isEmpty { try commands.run("/usr/sbin/zfs", ["mount", "-a"], within: nil) }
        } catch {
            say(Diagnostic(.warning, file: nil, line: nil, message: error.diagnostic.message))
        }
    }
}
