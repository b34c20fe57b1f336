import Machine
import Text

/// What cloud-init in the guest is configured by, in the form of its NoCloud source: a few files on a disc. Values of zone
/// attributes are JSON strings in them, so none can become anything else.
package struct Seed: Sendable {
    /// In the order in which they are written to the disc.
    package let files: [SeedFile]

    /// Reads the host's files that the zone names, and builds the seed of a machine that has one.
    ///
    /// Returns what is wrong with the files and networks too; with an error among that, the seed is not whole.
    @export(interface)
    package static func make(_ machine: Machine) -> (seed: Seed, diagnostics: [Diagnostic]) {
        var diagnostics = machine.nics.flatMap { warnings($0, machine) }
        let contents = SeedContents(machine) { diagnostics.append($0) }
        return (Seed(machine, contents), diagnostics)
    }

    /// The same machine and contents give the same seed.
    init(_ machine: Machine, _ contents: SeedContents) {
        files =
            [Self.metaData(machine), Self.userData(machine, contents)]
            + (NetworkConfig.text(machine).map { [SeedFile(name: "network-config", text: $0)] } ?? [])
    }

    private static func metaData(_ machine: Machine) -> SeedFile {
        let members = [
            JSON.Member("instance-id", .string(machine.uuid?.value ?? "")),
            JSON.Member("local-hostname", .string(machine.zoneName)),
        ]
        return SeedFile(name: "meta-data", text: "\(JSON.object(members).text)\n")
    }

    private static func userData(_ machine: Machine, _ contents: SeedContents) -> SeedFile {
        let name = "user-data"
        if let file = contents.userData {
            return SeedFile(name: name, bytes: file.bytes, shown: ["as it is in \(file.path)"])
        }
        let text = UserData.text(machine, contents) { $0.revealed }
        let shown = UserData.text(machine, contents) { $0.description }
        return SeedFile(name: name, bytes: Array(text.utf8), shown: shown.pieces(separator: "\n", omittingEmpty: true))
    }

    /// What the guest is not told of a NIC that has addresses.
    private static func warnings(_ nic: NIC, _ machine: Machine) -> [Diagnostic] {
        guard !nic.addresses.own.isEmpty else { return [] }
        func warning(_ message: String, _ remedy: String) -> [Diagnostic] {
            [
                Diagnostic(
                    .warning, file: machine.file, line: nic.link.origin.line,
                    message: "net \(nic.link.value.quoted): \(message)", remedy: [remedy])
            ]
        }
        guard nic.mac != nil else {
            return warning(
                "its MAC address is not known, so cloud-init is not told its addresses",
                "create the VNIC (dladm create-vnic -l LINK \(nic.link.value)), or give the net resource a mac-addr")
        }
        guard nic.link.value.isInterfaceName else {
            return warning(
                "no interface of a Linux guest can have this name, so the guest chooses another",
                "give the VNIC a name of at most 15 letters, digits, _, - and .")
        }
        return []
    }
}

/// A file of a seed.
package struct SeedFile: Equatable, Sendable {
    /// Its name on the disc.
    package let name: String
    /// What people see of it, a line each: secrets are starred.
    package let shown: [String]
    /// What is in it, for the disc alone: a password may be part of it.
    let bytes: [UInt8]

    init(name: String, bytes: [UInt8], shown: [String]) {
        self.name = name
        self.bytes = bytes
        self.shown = shown
    }

    /// One without secrets.
    init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8), shown: text.pieces(separator: "\n", omittingEmpty: true))
    }
}
