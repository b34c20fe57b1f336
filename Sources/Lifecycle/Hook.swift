import Hypervisors
import Machine
import Platform
import Text
import ZoneConfig

/// What every program that is about a zone is told on its command line: the zone, and what to use of the host.
package struct Hook {
    /// The program's name, which precedes its messages.
    let name: String
    /// The zone's name, which zonecfg(8) would take.
    package let zone: String
    /// The operands after the zone.
    package let words: [String]
    /// Absolute, without trailing slashes; `nil` where the hook needs none.
    let zonepath: String?
    /// Whose hypervisor and commands are used (`-p`).
    package let platform: HostPlatform
    package private(set) var commands: HostCommands
    /// The command line.
    package let options: Options
    /// The zone's lock, on the way down; it is held as long as the hook is in use.
    private var lock: HeldLock?

    /// The options that all hooks share, in getopt(3)'s spelling.
    package static let letters = "hz:R:p:C:"

    /// What a usage text says of them.
    package static let commonUsage = """
          -p NAME  the platform whose hypervisor and commands are used (default: this one)
          -C DIR   use the commands in DIR (dladm, zfs …) instead of the system's
          -h       show this text; -V the version

        """

    init(
        _ name: String, _ options: Options, needsZonepath: Bool, words limit: Int = 0
    ) throws(ValueError) {
        self.name = name
        self.options = options
        (zone, words) = try options.zone(words: limit)
        platform = try options.platform()
        commands = HostCommands(directory: options.value("C"))
        guard let zonepath = options.value("R") else {
            guard !needsZonepath else { throw ValueError("no zonepath given (-R)") }
            self.zonepath = nil
            return
        }
        guard zonepath.beginsWith("/"), zonepath.firstControlCharacter == nil,
            !zonepath.pieces(separator: "/", omittingEmpty: true).contains("..")
        else { throw ValueError("\(zonepath.quoted) is not an absolute zonepath") }
        self.zonepath = zonepath.withoutTrailingSlashes
    }

    /// The log of the zone.
    var log: ZoneLog { ZoneLog(zonepath: zonepath ?? "", hook: name) }

    var zoneroot: String { (zonepath ?? "") + "/root" }

    /// The zone's XML: `-x FILE`, else where zonecfg keeps it.
    package var configurationFile: String { options.value("x") ?? "/etc/zones/\(zone).xml" }

    /// The zone's configuration, or `nil` with a line in the log: stopping a zone does without.
    func configuration() -> ZoneConfiguration? {
        do {
            return try ZoneConfiguration.read(file: configurationFile)
        } catch {
            log.write("\(error.diagnostic.message) (\(configurationFile))")
            return nil
        }
    }

    /// The hook with the zone's lock, when that was to be had, and with commands that are over by then.
    func until(_ deadline: Deadline, holding lock: HeldLock?) -> Hook {
        var hook = self
        hook.lock = lock
        hook.commands = HostCommands(directory: commands.directory, deadline: deadline)
        return hook
    }

    /// Where running hooks leave what lasts until the host restarts: /var/run, or what HVM_RUN names where /var/run is
    /// not ours. On illumos only one who tries the hooks with stand-ins may name another. Throws when another user could
    /// change what lies there.
    package static func runDirectory(_ commands: HostCommands) throws(Failure) -> String {
        let mayDiffer = !Program.isOnIllumos || commands.directory != nil
        guard mayDiffer, let directory = Program.environment("HVM_RUN") else { return "/var/run" }
        do {
            try HostFiles.checkIsOwn(directory)
        } catch {
            throw Failure(error, remedy: "let HVM_RUN name a directory of your own")
        }
        return directory
    }

    /// Does something with the zone while no other hook does. Throws when one still has the zone's lock after 30 seconds,
    /// or when this process may not act.
    package func alone<Result: ~Copyable>(_ act: () throws(Failure) -> Result) throws(Failure) -> Result {
        try Privileges.check(commands)
        let lock = try ZoneLock.take(zone: zone, runDirectory: try Self.runDirectory(commands))
        defer { withExtendedLifetime(lock) {} }
        return try act()
    }

    /// How QEMU on Linux runs guests. /dev/kvm may be there and hang, so it is used only when asked for.
    package static func accelerator() throws(ValueError) -> Hypervisor.Accelerator {
        guard let name = Program.environment("HVM_ACCEL"), !name.isEmpty else { return .tcg }
        guard let accelerator = Hypervisor.Accelerator(rawValue: name) else {
            throw ValueError("HVM_ACCEL is \(name.quoted); use tcg or kvm")
        }
        return accelerator
    }

    /// Prints why a hook failed, and keeps it in the log when there is a zonepath.
    func report(_ failure: Failure) {
        Program.printError(failure.diagnostic.text(zone: zone))
        if zonepath != nil { log.write("failed: \(failure.diagnostic.message)") }
    }

    /// illumos' commands do not exist elsewhere, so acting as if needs stand-ins for them.
    package static func checkMayAct(_ platform: HostPlatform, _ commands: HostCommands) throws(ValueError) {
        guard platform == .illumos, !Program.isOnIllumos, commands.directory == nil else { return }
        throw ValueError("to act with -p illumos here, name stand-ins for its commands with -C")
    }

    /// Reads a command line and runs a program on it; `-h` prints the usage text. Wrong usage is told with that text.
    package static func run(
        _ name: String, _ arguments: [String], usage: String, letters: String,
        _ body: (Options) throws(ValueError) -> ExitStatus
    ) -> ExitStatus {
        if let status = Answer.first(name, arguments, usage: usage) { return status }
        do throws(ValueError) {
            let options = try Options(arguments, letters: letters)
            guard !options.has("h") else { return Program.print(usage) ? .ok : .fatal }
            return try body(options)
        } catch {
            Program.printError("\(name): \(error.message.printable)\n\(usage)")
            return .usage
        }
    }

    /// The same for a program that acts on a zone, whose name at most `words` operands may follow.
    package static func runOnZone(
        _ name: String, _ arguments: [String], usage: String, letters: String = Hook.letters,
        needsZonepath: Bool = true, words: Int = 0,
        _ body: (Hook) throws(ValueError) -> ExitStatus
    ) -> ExitStatus {
        run(name, arguments, usage: usage, letters: letters) { options throws(ValueError) in
            let hook = try Hook(name, options, needsZonepath: needsZonepath, words: words)
            try checkMayAct(hook.platform, hook.commands)
            return try body(hook)
        }
    }
}
