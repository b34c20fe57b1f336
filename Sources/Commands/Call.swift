import Hypervisors
import Lifecycle
import Platform
import Text
import ZoneBoot

/// How a word of `hvm` was called.
struct Call {
    let options: Options
    /// The zone it is about; `nil` when none is named.
    let zone: String?
    /// The operands after the zone.
    let words: [String]
    let platform: HostPlatform
    let commands: HostCommands

    /// Whether a word is about a zone: its first operand.
    enum Zone {
        case needed, allowed, none
    }

    /// The options that all words share, in getopt(3)'s spelling.
    private static let letters = "hp:C:d:x:"

    /// What the usage texts of words that look at zones say of them.
    static let commonUsage = """
          -d DIR   where the XML of zones is (default: /etc/zones)
          -p NAME  the platform whose hypervisor and commands are meant (default: this one)
          -C DIR   use the commands in DIR (zoneadm, dladm, zfs …) instead of the system's
          -h       show this text

        """

    /// The same for words that look at one zone's boot.
    static let bootUsage =
        """
          -x FILE  the zone's XML (default: /etc/zones/ZONE.xml)
          -F DIR   look for bhyve's boot ROMs in DIR (default: /usr/share/bhyve/firmware)

        """ + commonUsage

    /// Reads a word's arguments and runs it. At most `words` operands may follow the zone. Wrong usage is told with the usage
    /// text.
    static func run(
        _ word: String, _ arguments: [String], usage: String, letters: String = "", zone: Zone, words: Int = 0,
        _ body: (Call) throws(ValueError) -> ExitStatus
    ) -> ExitStatus {
        Hook.run("hvm \(word)", arguments, usage: usage, letters: Call.letters + letters) {
            options throws(ValueError) in try body(try Call(options, zone, words: words))
        }
    }

    private init(_ options: Options, _ zone: Zone, words limit: Int) throws(ValueError) {
        self.options = options
        platform = try options.platform()
        commands = Self.commands(options)
        let isNamed = zone == .needed || zone == .allowed && !options.operands.isEmpty
        if isNamed {
            let (name, words) = try options.zone(words: limit)
            (self.zone, self.words) = (name, words)
        } else {
            guard options.operands.count <= limit else {
                throw ValueError("unexpected argument \(options.operands[limit].printable.quoted)")
            }
            (self.zone, words) = (nil, options.operands)
        }
        guard zone == .needed || self.zone != nil || !options.has("x") else {
            throw ValueError("-x FILE goes with one zone")
        }
    }

    /// The host's commands: those that `-C DIR` names, else, where this is not illumos, those that HVM_COMMANDS names: a
    /// machine that only has zones in a lab has their commands elsewhere.
    static func commands(_ options: Options) -> HostCommands {
        HostCommands(
            directory: options.value("C") ?? (Program.isOnIllumos ? nil : Program.environment("HVM_COMMANDS")))
    }

    /// The XML of a zone.
    func file(of zone: String) -> String {
        options.value("x") ?? "\((options.value("d") ?? "/etc/zones").withoutTrailingSlashes)/\(zone).xml"
    }

    /// What a look at a zone's boot asks for.
    func request(_ zone: String) throws(ValueError) -> BootRequest {
        BootRequest(
            zoneName: zone, file: file(of: zone), platform: platform, firmwareDirectory: options.value("F"),
            commands: commands, accelerator: platform == .linux ? try Hook.accelerator() : .tcg)
    }

    /// Prints a value for programs, on one line.
    func print(json members: [JSON.Member]) -> ExitStatus {
        Program.print("\(JSON.object(members).text)\n") ? .ok : .fatal
    }

    /// Does what may fail, and tells why it has.
    static func telling(_ zone: String?, _ body: () throws(Failure) -> ExitStatus) -> ExitStatus {
        do throws(Failure) {
            return try body()
        } catch {
            Program.printError(error.diagnostic.text(zone: zone))
            return .fatal
        }
    }
}
