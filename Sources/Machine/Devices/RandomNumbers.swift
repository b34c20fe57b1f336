extension MachineBuilder {
    mutating func rng() -> Sourced<PCIPlace>? {
        let wanted = flag(.rng)
        let place = PCIPlace(.rng)
        return wanted.value && take(place, for: "rng", wanted.origin) ? Sourced(place, wanted.origin) : nil
    }
}
