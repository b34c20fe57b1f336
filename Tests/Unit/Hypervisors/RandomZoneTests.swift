import Hypervisors
import Machine
import Platform
import TestSupport
import Testing
import ZoneConfig

/// What holds of every machine.
@Suite struct RandomZoneTests {
    /// A zone with what the table says attributes are like.
    static func zone(_ seed: Int, _ brand: Brand) -> RandomZone {
        let choices = AttributeEffectTests.rows.filter { $0.brand == brand }.map { row in
            if case .list(let numbers, _) = row.form.multiplicity {
                RandomZone.Choice(row.row.name, example: row.form.example, numbers: numbers)
            } else {
                RandomZone.Choice(row.row.name, example: row.form.example, numbers: nil)
            }
        }
        return RandomZone(seed: seed, brand: brand.rawValue, choices: choices)
    }

    /// The command line of a zone's text, without the program.
    private func words(_ xml: String, _ hypervisor: Hypervisor, _ brand: Brand) throws -> [String] {
        let zone = try ZoneConfiguration.parse(Array(xml.utf8), file: "vm.xml")
        let reading = Machine.read(
            zone, brand: brand, facts: HostFacts(zoneUUID: someUUID, randomUUID: someUUID))
        let machine = try #require(reading.machine, "\(reading.diagnostics)")
        let rendering = hypervisor.render(machine, accelerator: .tcg)
        let errors = (reading.diagnostics + rendering.diagnostics).filter { $0.severity == .error }
        #expect(errors.isEmpty, "\(errors)\n\(xml)")
        return rendering.commandLine.words
    }

    private func each(_ seeds: Range<Int>, _ body: (RandomZone, Hypervisor, Brand, inout FixedRandom) throws -> Void)
        throws
    {
        for seed in seeds {
            for brand in Brand.allCases {
                for platform in HostPlatform.allCases {
                    var dice = FixedRandom(seed: UInt64(seed))
                    try body(Self.zone(seed, brand), Hypervisor(brand: brand, platform: platform), brand, &dice)
                }
            }
        }
    }

    @Test("the same zone has the same command line, in whatever order its attributes stand")
    func order() throws {
        var moved = 0
        try each(0..<100) { zone, hypervisor, brand, dice in
            let first = try words(zone.xml(), hypervisor, brand)
            let shuffled = zone.shuffled(&dice)
            moved += zip(shuffled, zone.attributes).count { $0.0.name != $0.1.name }
            try expect(words(zone.xml(), hypervisor, brand), equals: first)
            try expect(words(zone.xml(attributes: shuffled), hypervisor, brand), equals: first, zone.xml())
        }
        #expect(moved > 1000)
    }

    @Test("no two devices share a place")
    func places() throws {
        var most = 0
        try each(100..<300) { zone, hypervisor, brand, _ in
            let places = Self.places(try words(zone.xml(), hypervisor, brand), hypervisor)
            most = max(most, places.count)
            expect(Set(places).count, equals: places.count, "\(places.sorted())\n\(zone.xml())")
        }
        #expect(most > 20)
    }

    /// Slots and functions in a command line.
    static func places(_ words: [String], _ hypervisor: Hypervisor) -> [String] {
        guard hypervisor == .bhyve else {
            return words.flatMap { word in
                word.split(separator: ",").filter { $0.hasPrefix("addr=") }.map { String($0) }
            }
        }
        return zip(words, words.dropFirst()).filter { $0.0 == "-s" }.map { _, device in
            let place = device.split(separator: ",")[0].split(separator: ":")
            return "\(place[0]):\(place.count > 1 ? String(place[1]) : "0")"
        }
    }
}
