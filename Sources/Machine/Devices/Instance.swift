extension Attributes {
    static let privDebug = Attribute<Bool>(
        "priv.debug", "switch for privilege debugging",
        .of(.bhyve, default: false, syntax: Flag.syntax, example: "on", parse: Flag.parse))
    static let debugPersist = Attribute<Bool>(
        "debug.persist", "switch that keeps the VM's instance after it ends",
        .of(.bhyve, default: false, syntax: Flag.syntax, example: "on", parse: Flag.parse))
}

extension MachineBuilder {
    mutating func debugsPrivileges() -> Sourced<Bool> {
        settings.read(Attributes.privDebug, otherwise: false)
    }

    mutating func persists() -> Sourced<Bool> {
        settings.read(Attributes.debugPersist, otherwise: false)
    }
}
