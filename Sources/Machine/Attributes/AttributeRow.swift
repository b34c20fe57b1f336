/// How often an attribute may be in a zone, and under which names.
package enum Multiplicity: Equatable, Sendable {
    /// Once, under its own name.
    case once
    /// A list: `disk3` is number 3, and what a plain `disk` does.
    case list(ClosedRange<Int>, plain: PlainNames)
}

/// What a list's name without a number means.
package enum PlainNames: Equatable, Sendable {
    /// It takes the first free number of these.
    case fill(ClosedRange<Int>)
    /// It is another attribute.
    case other
    /// It means nothing; a warning asks for the number.
    case ignored
    /// It is an error.
    case refused
}

/// An attribute as some brands understand it.
package struct AttributeForm: Equatable, Sendable {
    /// Those that understand it so.
    package let brands: [Brand]
    /// How often it may stand, and under which names.
    package let multiplicity: Multiplicity
    /// What holds when the zone says nothing; `nil`: then there is none.
    package let fallback: String?
    /// What it changes.
    package let effect: Effect
    /// What values there are, in words.
    package let syntax: String
    /// A value that it takes.
    package let example: String

    /// What an attribute changes.
    package enum Effect: Equatable, Sendable {
        /// The command line of the brand's hypervisor, on one platform at least.
        case commandLine
        /// Not the command line, but this.
        case elsewhere(String)
        /// Nothing, for this reason.
        case nothing(String)
    }
}

/// One row of the attribute table: what there is to tell of an attribute.
package struct AttributeRow: Equatable, Sendable {
    /// The name, of a list's members without their numbers.
    package let name: String
    /// What it is to the machine, in a few words.
    package let summary: String
    /// True when its names have numbers.
    package let isList: Bool
    /// One for the brands that understand it alike.
    package let forms: [AttributeForm]
    /// Where it comes from.
    package let source: Source
    /// Whether `boot -j` lists its text under `opts`, as zone managers read them.
    package let isOption: Bool
    /// A wrong value is a warning, and the default holds: other tools take any.
    let isLenient: Bool
    /// May stand empty.
    let allowsEmpty: Bool
    /// What other tools call it: vm-bhyve, vmadm, libvirt, Proxmox, QEMU's options.
    let otherNames: [String]

    /// Where an attribute comes from.
    package enum Source: String, Sendable {
        /// OmniOS' page on bhyve and KVM zones lists it.
        case page
        /// OmniOS has it, and its page does not list it yet.
        case later
        /// These hooks alone have it.
        case ours
    }

    /// The name as documents write it; it tells a list from a single attribute of that name: `diskN`.
    package var label: String { isList ? "\(name)N" : name }

    /// `nil`: the brand has no such attribute.
    package func form(for brand: Brand) -> AttributeForm? {
        forms.first { $0.brands.contains(brand) }
    }
}
