import Firmware
import Hypervisors
import Machine
import Platform
import ZoneBoot
import ZoneConfig

/// `verify`: tells everything that is wrong with a zone's configuration, as zonecfg(8) and zoneadm(8) ask it to.
public enum VerifyHook {
    static let usage = """
        usage: verify [-p illumos|linux] [-F dir] zone.xml
               verify [-p illumos|linux] [-F dir] [-x zone.xml] [-R dir] [-z] ZONE

          -z ZONE  the zone; without -z and -x, an operand is the zone's XML
          -x FILE  the zone's XML (default: /etc/zones/ZONE.xml)
          -R DIR   taken as zoneadm gives it; the zonepath in the zone's XML counts
          -F DIR   look for bhyve's boot ROMs in DIR (default: /usr/share/bhyve/firmware)

        """ + Hook.commonUsage

    @export(interface)
    public static func run(_ arguments: [String]) -> ExitStatus {
        do throws(Options.Failure) {
            let options = try Options(arguments, letters: Hook.letters + "x:F:")
            if options.has("h") {
                Program.print(usage)
                return .ok
            }
            let (file, zone) = try subject(options)
            let request = BootRequest(
                zoneName: zone, file: file, platform: try options.platform(), firmwareDirectory: options.value("F"),
                commands: HostCommands(directory: options.value("C")), accelerator: .tcg, onlyReservoir: false)
            let diagnostics = BootPlan.verify(request)
            for diagnostic in diagnostics where diagnostic.severity != .info {
                Program.printError(diagnostic.text(zone: zone.isEmpty ? nil : zone))
            }
            return diagnostics.hasErrors ? .fatal : .ok
        } catch {
            Program.printError("verify: " + error.message.printable + "\n" + usage)
            return .usage
        }
    }

    /// zonecfg names a file alone, and zoneadm the zone.
    private static func subject(_ options: Options) throws(Options.Failure) -> (file: String, zone: String) {
        if options.has("z") || options.has("x") {
            let zone = try options.zoneName()
            return (options.value("x") ?? "/etc/zones/" + zone + ".xml", zone)
        }
        guard let file = options.operands.first else { throw Options.Failure("no zone and no file given") }
        guard options.operands.count == 1 else {
            throw Options.Failure("unexpected argument \"" + options.operands[1] + "\"")
        }
        return (file, (try? ZoneConfiguration.read(file: file))?.name ?? "")
    }
}
