/// The brands whose zones are virtual machines (the zone's `brand` property).
package enum Brand: String, CaseIterable, Sendable {
    case bhyve
    case kvm
}

/// What differs between the brands' machines, whichever hypervisor runs them.
extension Brand {
    /// The numbers in the names of drives, shares and the like are PCI functions, and lists are in their order. Otherwise
    /// lists are in the file's order, plain names last, and a number only tells an attribute from the others.
    var numbersArePlaces: Bool { self == .bhyve }

    /// The device model of every CD-ROM.
    var cdromInterface: String {
        switch self {
        case .bhyve: "ahci-cd"
        case .kvm: "ide"
        }
    }

    /// A machine has a UUID even when its zone has none.
    var alwaysHasUUID: Bool { self == .bhyve }

    /// The screen is a PCI device with a size of its own, and the guest can wait for its first client. Otherwise it is the
    /// screen of a PC's graphics card.
    var hasFramebuffer: Bool { self == .bhyve }

    /// NICs have more properties than their model.
    var hasNICProperties: Bool { self == .bhyve }

    /// Guests get along with any grouping of CPUs, as long as it makes as many as there are. Otherwise a plain number is safer,
    /// and a grouping that is not complete is completed.
    var hasExactTopology: Bool { self == .bhyve }
}
