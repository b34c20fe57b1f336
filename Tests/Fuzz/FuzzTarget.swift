/// What is tried with bytes from outside: each reads them as a hook does, and traps when something is not as promised.
///
/// `make fuzz` runs it with ever new bytes; ``InputTests`` with those that are kept in `inputs`.
enum FuzzTarget: String, CaseIterable, Sendable {
    /// A zone's XML, to the command lines of every hypervisor.
    case zone
    /// The same from a zone's resources, a line each.
    case machine
    /// A store of UEFI variables, edited and read again.
    case variables
    /// The launch file, the variables for the hypervisor's environment, and init's log.
    case launch
    /// The index of zones, and what zoneadm(8) prints of them.
    case index
    /// What a hypervisor's monitor answers.
    case answers
    /// Both ends of a relay's connection.
    case relay

    /// Tries one input; traps when something is wrong.
    func run(_ bytes: [UInt8]) {
        switch self {
        case .zone: ZoneTarget.run(xml: bytes)
        case .machine: ZoneTarget.run(lines: bytes)
        case .variables: VariablesTarget.run(bytes)
        case .launch: TextTargets.runLaunch(bytes)
        case .index: TextTargets.runIndex(bytes)
        case .answers: PeerTargets.runAnswers(bytes)
        case .relay: PeerTargets.runRelay(bytes)
        }
    }
}

/// Traps with what was promised, which a bare trap would not say.
func promise(_ isKept: Bool, _ what: @autoclosure () -> String) {
    if !isKept { fatalError("not kept: \(what())") }
}
