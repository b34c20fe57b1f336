import Text

extension Attributes {
    static let vcpus = Attribute<Topology>(
        "vcpus", "number of virtual CPUs", from: .page, elsewhere: ["cores", "cpus", "ncpus", "smp"],
        .of(
            .bhyve, default: .one, syntax: topologySyntax, example: "cpus=8,sockets=2,cores=2,threads=2",
            parse: { text throws(ValueError) in try Topology(text, brand: .bhyve) }),
        .of(
            .kvm, default: .one, syntax: "\(topologySyntax); a plain number is safer", example: "4",
            parse: { text throws(ValueError) in try Topology(text, brand: .kvm) }))
    static let cpu = Attribute<String>(
        "cpu", "CPU model",
        .of(.kvm, default: "qemu64", syntax: "a -cpu of QEMU's: MODEL[,+FLAG …]", example: "host", parse: Words.asIs))

    private static let topologySyntax = "N, or [cpus=]N[,sockets=N][,cores=N][,threads=N]"
}

/// Virtual CPUs and how they are grouped (attr `vcpus`): `N` or `[cpus=]N[,sockets=N][,cores=N][,threads=N]`.
package struct Topology: Equatable, Sendable {
    /// As written, each part trimmed.
    package let text: String
    /// How many in all, where that is written.
    package let cpus: Int?
    /// How many sockets, where that is written.
    package let sockets: Int?
    /// How many cores a socket, where that is written.
    package let cores: Int?
    /// How many threads a core, where that is written.
    package let threads: Int?

    /// As many as both hypervisors can be told of.
    static let counts = 1...255

    static let one = Topology()

    private init() {
        (text, cpus, sockets, cores, threads) = ("1", 1, nil, nil, nil)
    }

    package init(_ text: String, brand: Brand) throws(ValueError) {
        var counts: [String: Int] = [:]
        var parts: [String] = []
        for (index, part) in text.trimmedParts(separator: ",").enumerated() {
            var (key, value) = part.splitOnce(at: "=")
            if value == nil && index == 0 { (key, value) = ("cpus", key) }
            key = key.trimmed
            guard ["cpus", "sockets", "cores", "threads"].contains(key), let count = value?.trimmed else {
                throw ValueError(part, isNot: "part of a CPU topology", remedy: Self.remedy)
            }
            guard let number = count.decimal(in: Self.counts) else {
                throw ValueError(count, isNot: "a count from 1 to 255", remedy: Self.remedy)
            }
            guard counts[key] == nil else { throw ValueError("\(key) is given twice", remedy: Self.remedy) }
            counts[key] = number
            parts.append(part.holds("=") ? "\(key)=\(count)" : count)
        }
        self.text = parts.joined(separator: ",")
        cpus = counts["cpus"]
        sockets = counts["sockets"]
        cores = counts["cores"]
        threads = counts["threads"]
        try checkProduct(isExact: brand.hasExactTopology || (sockets != nil && cores != nil && threads != nil))
    }

    private static let remedy = "use a number, such as 4, or cpus=8,sockets=2,cores=2,threads=2"

    /// True for a plain number.
    package var isSimple: Bool { sockets == nil && cores == nil && threads == nil }

    /// How many CPUs there are. A group that is not given counts as one.
    package var total: Int { cpus ?? product }

    private var product: Int { (sockets ?? 1) * (cores ?? 1) * (threads ?? 1) }

    /// bhyve takes as many sockets as CPUs when none are given, and then wants the product to be the number of CPUs; QEMU
    /// works out what is left open.
    private func checkProduct(isExact: Bool) throws(ValueError) {
        guard product <= Self.counts.upperBound else {
            throw ValueError("\(text.quoted) makes \(product) CPUs, more than 255", remedy: Self.remedy)
        }
        guard let cpus, isExact, !isSimple else { return }
        let product = (sockets ?? cpus) * (cores ?? 1) * (threads ?? 1)
        guard cpus != product else { return }
        throw ValueError(
            "\(text.quoted): sockets times cores times threads is \(product), not \(cpus)",
            remedy: "give sockets, cores and threads and leave out cpus, or make it their product")
    }
}

extension Topology: AttributeValue {}

extension MachineBuilder {
    mutating func topology() -> Sourced<Topology> {
        let topology = settings.read(Attributes.vcpus, otherwise: .one)
        if !brand.hasExactTopology && !topology.value.isSimple {
            report(
                .warning, topology.origin,
                "\(topology.origin.prefix)sockets, cores and threads can trouble guests of \(brand.rawValue) "
                    + "zones",
                "use a plain number: \(topology.value.total)")
        }
        return topology
    }
}
