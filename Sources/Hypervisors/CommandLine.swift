import Machine
import Platform

/// The command that runs a machine: what init will exec.
public struct CommandLine: Equatable, Sendable {
    /// Whose command it is.
    public let hypervisor: Hypervisor
    /// Absolute path of the hypervisor.
    public let program: String
    /// What `ps` shows as its name.
    public let argv0: String
    public let arguments: [Argument]
    /// The file that holds what must not be seen in `ps`, when there is something.
    public let secretFile: SecretFile?

    /// The words, the program's path first.
    public var words: [String] { [program] + arguments.flatMap { $0.words } }
}

/// An option of the hypervisor with its value: the words that stand for it, what it is for and where it comes from.
public struct Argument: Equatable, Sendable {
    public let words: [String]
    public let purpose: String
    /// Everything that had a say in it: what the zone says, or else where the value comes from without that.
    public let origins: [Origin]

    init(_ words: [String], _ purpose: String, _ origins: [Origin]) {
        self.words = words
        self.purpose = purpose
        let said = origins.filter { $0.line != nil }
        self.origins = said.isEmpty ? Array(origins.prefix(1)) : said
    }
}

/// The file, of mode 0600, that the hypervisor reads a secret from. It lies beside the launch file, out of the zone's reach.
public struct SecretFile: Equatable, Sendable {
    /// Its path in the zone, and below the zonepath.
    public static let path = "/hvm/secret"

    public let source: SecretSource
    let form: Form

    enum Form: Sendable {
        /// A line of bhyve's `-k` configuration.
        case bhyveConfiguration
        /// The secret and nothing else.
        case plain
    }

    /// What stands in the file, once the secret is known.
    public func content(_ secret: Secret) -> Secret {
        switch form {
        case .plain: return secret
        case .bhyveConfiguration:
            let value = secret.revealed.escapedForBhyve
            let place = "pci.0." + String(Screen.place.slot.number) + "." + String(Screen.place.function.number)
            return Secret(place + ".password=" + value + "\n")
        }
    }
}

/// What a hypervisor made of a machine.
public struct Rendering: Sendable {
    public let commandLine: CommandLine
    /// What it cannot do as the zone wants it.
    public let diagnostics: [Diagnostic]
}

extension String {
    /// As a value of bhyve's configuration. bhyve expands `%(name)` in a value, and there, but in no other value, takes a
    /// backslash for an escape.
    var escapedForBhyve: String {
        guard holds("%") else { return self }
        let escaped = utf8.flatMap { byte in
            byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), byte] : [byte]
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}

/// Who runs the machine: chosen once by brand and platform. The raw value is its name in the launch file.
public enum Hypervisor: String, Sendable {
    case bhyve
    /// The QEMU of illumos-kvm, with the options of its time (0.14).
    case classicQEMU = "classic-qemu"
    /// Today's QEMU on Linux, standing in for both brands.
    case modernQEMU = "modern-qemu"

    /// How QEMU on Linux runs the guest's code.
    public enum Accelerator: String, CaseIterable, Sendable {
        /// Translated: works everywhere.
        case tcg
        /// By the CPU's virtualization.
        case kvm
    }

    public init(brand: Brand, platform: HostPlatform) {
        switch (platform, brand) {
        case (.illumos, .bhyve): self = .bhyve
        case (.illumos, .kvm): self = .classicQEMU
        case (.linux, _): self = .modernQEMU
        }
    }

    /// Absolute path of its program.
    public var program: String {
        switch self {
        case .bhyve: "/usr/sbin/bhyve"
        case .classicQEMU, .modernQEMU: "/usr/bin/qemu-system-x86_64"
        }
    }

    /// The file in a zone that holds more variables for the hypervisor's environment.
    public var environmentFile: String {
        switch self {
        case .bhyve: "/etc/bhyve.env"
        case .classicQEMU, .modernQEMU: "/etc/qemu.env"
        }
    }

    /// Seconds that `zoneadm shutdown` waits for the guest when the zone says nothing (attr `shutdown-timeout`).
    public var shutdownLimit: Int {
        switch self {
        case .bhyve: 300
        case .classicQEMU, .modernQEMU: 60
        }
    }

    /// The command that runs the machine. `accelerator` matters to today's QEMU alone.
    @export(interface)
    public func render(_ machine: Machine, accelerator: Accelerator = .tcg) -> Rendering {
        var writer = ArgumentWriter(machine)
        switch self {
        case .bhyve: writer.writeBhyve()
        case .classicQEMU: writer.writeClassicQEMU()
        case .modernQEMU: writer.writeModernQEMU(accelerator)
        }
        let commandLine = CommandLine(
            hypervisor: self, program: program, argv0: program.baseName + "-" + machine.zoneName,
            arguments: writer.arguments,
            secretFile: writer.secretFile)
        return Rendering(commandLine: commandLine, diagnostics: writer.diagnostics)
    }
}

/// Collects the arguments of one command line.
struct ArgumentWriter {
    let machine: Machine
    private(set) var arguments: [Argument] = []
    private(set) var diagnostics: [Diagnostic] = []
    var secretFile: SecretFile?

    init(_ machine: Machine) {
        self.machine = machine
    }

    mutating func add(_ words: String..., for purpose: String, from origins: Origin...) {
        arguments.append(Argument(words, purpose, origins))
    }

    mutating func add(words: [String], for purpose: String, from origins: [Origin]) {
        arguments.append(Argument(words, purpose, origins))
    }

    mutating func report(_ severity: Diagnostic.Severity, _ origin: Origin, _ message: String, _ remedy: String) {
        let name = if case .attribute(let name, _) = origin { "attr \"" + name + "\": " } else { "" }
        diagnostics.append(
            Diagnostic(severity, file: machine.file, line: origin.line, message: name + message, remedy: [remedy]))
    }
}

extension Drive {
    /// What `-e` calls it.
    var purpose: String {
        for (stem, noun) in [("cdrom", "CD-ROM "), ("disk", "disk ")] {
            if let number = name.dropping(prefix: stem) { return noun + number }
        }
        return "boot disk"
    }
}
