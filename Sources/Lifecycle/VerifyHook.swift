import Hypervisors
import Machine
import Platform
import Text
import ZoneBoot
import ZoneConfig

/// `verify`: tells everything that is wrong with a zone's configuration, as zonecfg(8) and zoneadm(8) ask it to.
///
/// zonecfg names a file. zoneadm asks before nearly every subcommand (`-z ZONE -R ZONEPATH boot -- -s`), and refuses the
/// subcommand when the answer is not 0: so only what starts or makes a zone is judged. A warning is for who can act on it:
/// zonecfg and `zoneadm verify` are told, other subcommands only of errors. A boot writes warnings into the zone's log.
package enum VerifyHook {
    static let usage = """
        usage: verify [-p illumos|linux] [-F dir] DIR/zone.xml
               verify [-p illumos|linux] [-F dir] [-x zone.xml] ZONE
               verify [-p illumos|linux] [-F dir] [-x zone.xml] -z ZONE [-R dir] [SUBCOMMAND [WORD ...]]

          -z ZONE  the zone; an operand is what zoneadm is about to do then. Without -z, one that holds a slash is the
                   zone's XML, and any other a zone. Options stand before operands
          -x FILE  the zone's XML (default: /etc/zones/ZONE.xml)
          -R DIR   taken as zoneadm gives it; the zonepath in the zone's XML counts
          -F DIR   look for bhyve's boot ROMs in DIR (default: /usr/share/bhyve/firmware)

          SUBCOMMAND  only verify, install, ready, boot, reboot, clone, attach and mount are refused for a mistake; for
                      any other the status is 0. Warnings are printed for verify alone; for ready and boot the zone's
                      links and volumes must be there. WORDs are zoneadm's own and mean nothing here

        """ + Hook.commonUsage

    private static let letters = "\(Hook.letters)x:F:"

    /// zoneadm's subcommands that start or make a zone.
    private static let judged = ["verify", "install", "ready", "boot", "reboot", "clone", "attach", "mount"]

    /// Those that need what the zone uses of the host.
    private static let starting = ["ready", "boot"]

    /// Runs the program with its arguments; returns its exit status.
    @export(interface)
    package static func run(_ arguments: [String]) -> ExitStatus {
        let (own, words) = Options.split(arguments, letters: letters)
        // Before the options are understood: not even wrong usage may hold a zone on its way down.
        let isZoneadms = own.contains { $0.beginsWith("-z") }
        if isZoneadms, let subcommand = words.first, !judged.contains(subcommand) { return .ok }
        return Hook.run("verify", own, usage: usage, letters: letters) { options throws(ValueError) in
            guard isZoneadms else { return try judge(try subject(options, words), options, tellsWarnings: true) }
            let subcommand = words.first ?? "verify"
            return try judge(
                try zoneadmsSubject(options, words), options,
                tellsWarnings: subcommand == "verify" || options.value("z") == Self.manifestsZone,
                isAboutToBoot: starting.contains(subcommand))
        }
    }

    private static func judge(
        _ subject: Subject, _ options: Options, tellsWarnings: Bool, isAboutToBoot: Bool = false
    ) throws(ValueError) -> ExitStatus {
        let request = BootRequest(
            zoneName: subject.zone, file: subject.file, platform: try options.platform(),
            firmwareDirectory: options.value("F"), commands: HostCommands(directory: options.value("C")),
        )
        let diagnostics = BootPlan.verify(request, isAboutToBoot: isAboutToBoot)
        let told = diagnostics.filter { $0.severity == .error || tellsWarnings && $0.severity == .warning }
        for diagnostic in told {
            Program.printError(diagnostic.text(zone: subject.zone.isEmpty ? nil : subject.zone))
        }
        return diagnostics.hasErrors ? .fatal : .ok
    }

    /// What is judged. The zone's name is empty when the file does not tell it.
    private struct Subject {
        let file: String
        let zone: String

        init(file: String) {
            self.file = file
            zone = (try? ZoneConfiguration.read(file: file))?.name ?? ""
        }

        init(zone: String, _ options: Options) {
            file = options.value("x") ?? "/etc/zones/\(zone).xml"
            self.zone = zone
        }
    }

    /// What `zoneadm attach -n MANIFEST` calls the zone.
    private static let manifestsZone = "-"

    /// The zone of `-z`, or what the manifest describes.
    private static func zoneadmsSubject(_ options: Options, _ words: [String]) throws(ValueError) -> Subject {
        guard options.value("z") == manifestsZone else { return Subject(zone: try options.zoneName(), options) }
        guard let manifest = words.dropFirst().last(where: { $0.holds("/") }) else {
            throw ValueError("no manifest given")
        }
        return Subject(file: manifest)
    }

    private static func subject(_ options: Options, _ words: [String]) throws(ValueError) -> Subject {
        guard let operand = words.first else { throw ValueError("no zone and no file given") }
        guard words.count == 1 else { throw ValueError("unexpected argument \(words[1].quoted)") }
        if operand.holds("/") && !options.has("x") { return Subject(file: operand) }
        guard Options.isZoneName(operand) else { throw ValueError("\(operand.quoted) is not a zone name") }
        return Subject(zone: operand, options)
    }
}
