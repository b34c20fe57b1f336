import Text

extension Attributes {
    static let type = Attribute<GuestType>(
        "type", "guest type", from: .page, isLenient: true, elsewhere: ["ostype", "os_type"],
        .of(.bhyve, default: .generic, syntax: syntax, example: "windows", parse: GuestType.parse),
        .of(
            .kvm, default: .generic, effect: .nothing("QEMU's machine is the same for every guest"), syntax: syntax,
            example: "windows", parse: GuestType.parse))

    private static let syntax = "generic, windows or openbsd"
}

/// The kinds of guests that are treated differently (attr `type`).
package enum GuestType: String, CaseIterable, Sendable {
    case generic
    /// The LPC bridge is at slot 31, the CD-ROMs always at slot 3.
    case windows
    /// Accesses to unknown model-specific registers are ignored.
    case openbsd

    static func parse(_ text: String) throws(ValueError) -> GuestType { try Choice.parse(text, allCases) }
}

extension GuestType: AttributeValue {
    var text: String { rawValue }
    func shown(written: String) -> String { written }
}

extension MachineBuilder {
    mutating func guest() -> Sourced<GuestType> {
        settings.read(Attributes.type, otherwise: .generic)
    }
}
