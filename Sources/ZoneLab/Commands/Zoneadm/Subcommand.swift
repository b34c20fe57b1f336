/// A subcommand of zoneadm's for one zone: everything that is said of it is in its row.
struct Subcommand: Sendable {
    let name: String
    /// What is after its name in zoneadm's help here.
    var synopsis = ""
    /// How a host's zoneadm says that it is used; `nil` when it says nothing.
    var form: String?
    /// The states of a zone that it is for.
    var states = States.any
    /// True when the zone may not be up, whatever else its state is.
    var isForStopped = false
    /// True when the zone's zonepath has to be there.
    var needsZonepath = false
    var verification = Verification.none
    /// Does it. Returns the exit status.
    let action: @Sendable (Zoneadm) throws -> Int32

    /// States that a subcommand is for.
    enum States {
        /// All of them.
        case any
        /// Those of a zone that has something to take away.
        case notConfigured
        /// That of a zone with nothing in it.
        case empty
        /// Those of a zone that is not half installed.
        case complete
        case installed
        /// Those of a zone that is up.
        case up
    }

    /// What is asked before anything is done.
    enum Verification {
        case none
        /// The brand's verify_adm alone.
        case brand
        /// What zoneadm itself finds wrong with the configuration, and then the brand.
        case configuration
    }

    static let all = [
        Subcommand(name: "list", synopsis: "[-v | -p]", form: "list [-cipv]", verification: .brand) { try $0.list() },
        Subcommand(name: "verify", form: "verify", states: .complete, verification: .configuration) {
            try $0.verify()
        },
        Subcommand(
            name: "install", synopsis: "[-x VALUE] [WORD …]", form: "install [-x nodataset] [brand-specific args]",
            states: .empty, isForStopped: true, verification: .configuration
        ) { try $0.install() },
        Subcommand(
            name: "ready", form: "ready", states: .installed, needsZonepath: true, verification: .configuration
        ) { try $0.ready() },
        Subcommand(
            name: "boot", synopsis: "[-f] [-s] [-- BOOT-ARGUMENT …]", form: "boot [-- boot_arguments]",
            states: .installed, needsZonepath: true, verification: .configuration
        ) { try $0.boot() },
        Subcommand(name: "halt", form: "halt", verification: .brand) { try $0.halt() },
        Subcommand(
            name: "reboot", synopsis: "[-- BOOT-ARGUMENT …]", form: "reboot [-- boot_arguments]", states: .up,
            needsZonepath: true, verification: .configuration
        ) { try $0.reboot() },
        Subcommand(
            name: "shutdown", synopsis: "[-r [-- BOOT-ARGUMENT …]]", form: "shutdown [-r [-- boot_arguments]]",
            states: .up
        ) { try $0.shutdown() },
        Subcommand(
            name: "clone", synopsis: "[-m copy] SOURCE",
            form: "clone [-m method] [-s <ZFS snapshot>] [brand-specific args] zonename", states: .empty,
            isForStopped: true, verification: .configuration
        ) { try $0.clone() },
        Subcommand(
            name: "move", synopsis: "ZONEPATH", form: "move zonepath", states: .installed,
            isForStopped: true, verification: .configuration
        ) { try $0.move() },
        Subcommand(
            name: "detach", synopsis: "[-n]", form: "detach [-n] [brand-specific args]", states: .installed,
            isForStopped: true, needsZonepath: true, verification: .configuration
        ) { try $0.detach() },
        Subcommand(
            name: "attach", synopsis: "[-F | -n MANIFEST]", form: "attach [-F] [-n <path>] [brand-specific args]",
            states: .empty, isForStopped: true, needsZonepath: true, verification: .configuration
        ) { try $0.attach() },
        Subcommand(
            name: "mark", synopsis: "incomplete | -F configured | -F installed", isForStopped: true,
            verification: .brand
        ) { try $0.mark() },
        Subcommand(
            name: "uninstall", synopsis: "[-F]", form: "uninstall [-F] [brand-specific args]",
            states: .notConfigured, isForStopped: true, verification: .brand
        ) { try $0.uninstall() },
    ]

    /// Those of a host's that the lab leaves out.
    static let leftOut = ["mount", "unmount", "apply", "sysboot"]

    /// Finds a subcommand. Throws when there is none of this name.
    static func named(_ name: String) throws -> Subcommand {
        if let found = all.first(where: { $0.name == name }) { return found }
        if leftOut.contains(name) { throw LabError.notInTheLab(name) }
        if let meant = meant[name] ?? name.nearest(among: all.map(\.name)) {
            throw LabError(
                "\"\(name)\" is not a subcommand", remedy: "did you mean zoneadm -z ZONE \(meant)?",
                status: LabError.wrongUsage)
        }
        throw LabError.usage("\"\(name)\" is not a subcommand\n\(Zoneadm.usage)")
    }

    /// What other tools that run machines call them (virsh(1), vmadm(8), vm(8)).
    private static let meant = [
        "start": "boot", "stop": "shutdown", "poweroff": "halt", "destroy": "halt", "kill": "halt", "restart": "reboot",
        "create": "install", "delete": "uninstall", "remove": "uninstall", "status": "list -v", "info": "list -v",
    ]

    /// Why it is refused for a zone that is in this state of the index; `nil` when it is not. `isForced` is for `boot -f`.
    func refusal(of zone: String, in state: ZoneIndex.State, isForced: Bool = false) -> LabError? {
        let mustBeInstalled = "must be installed before \(name)."
        let (text, way): (String, String?) =
            switch (states, state) {
            case (.notConfigured, .configured): ("is already in state 'configured'.", nil)
            case (.empty, .installed): ("is already installed.", nil)
            case (.empty, .incomplete), (.complete, .incomplete):
                ("zone is incomplete; uninstall required.", state.wayToInstalled(zone))
            case (.installed, .configured) where isForced: ("must be incomplete before boot.", nil)
            case (.installed, .incomplete) where isForced: ("", nil)
            case (.installed, .configured), (.installed, .incomplete): (mustBeInstalled, state.wayToInstalled(zone))
            default: ("", nil)
            }
        return text.isEmpty ? nil : LabError("zone '\(zone)': \(text)", remedies: way.map { [$0] } ?? [])
    }
}
