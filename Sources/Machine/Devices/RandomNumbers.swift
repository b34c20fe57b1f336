extension Attributes {
    static let rng = Attribute<Bool>(
        "rng", "random number device", elsewhere: ["virt_random", "random"],
        .of(.bhyve, default: false, syntax: Flag.syntax, example: "on", parse: Flag.parse))
}

extension MachineBuilder {
    /// Where the random number device sits; `nil` when there is none.
    mutating func rng() -> Sourced<PCIPlace>? {
        let wanted = settings.read(Attributes.rng, otherwise: false)
        let place = PCIPlace(.rng)
        return wanted.value && take(place, for: Attributes.rng.row.name, wanted.origin)
            ? Sourced(place, wanted.origin) : nil
    }
}
