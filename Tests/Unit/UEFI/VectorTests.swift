import Foundation
import Machine
import Testing
import ZoneConfig

@testable import UEFI
import Text

/// A store that today's hooks were given, and what they made of it.
struct StoreVector: Sendable, CustomTestStringConvertible {
    let name: String
    let input: [UInt8]
    /// `nil` when they changed nothing.
    let output: [UInt8]?
    let order: [BootEntry]
    let next: BootEntry?
    /// What they took each entry for.
    let map: [UInt16: BootEntry]
    let failed: Bool

    var testDescription: String { name }

    static let all: [StoreVector] = {
        let data = try? Data(contentsOf: repository("Tests/Conformance/uefi-vars/cases.json"))
        let cases = data.flatMap { try? JSONSerialization.jsonObject(with: $0) } as? [String: [String: Any]] ?? [:]
        return cases.map { StoreVector($0, $1) }.sorted { $0.name < $1.name }
    }()

    private init(_ name: String, _ value: [String: Any]) {
        self.name = name
        input = Self.image(value["input"]) ?? []
        output = Self.image(value["output"])
        order = (value["order"] as? [[Any]] ?? []).map { Self.entry($0) }
        next = (value["next"] as? [Any]).map { Self.entry($0) }
        map = (value["bootmap"] as? [[Any]] ?? []).reduce(into: [:]) { map, pair in
            map[UInt16(pair[0] as? Int ?? 0)] = Self.entry(pair[1] as? [Any] ?? [])
        }
        failed = value["write_error"] is String
    }

    static func image(_ value: Any?) -> [UInt8]? {
        guard let value = value as? [String: Any], let size = value["size"] as? Int else { return nil }
        var bytes = [UInt8](repeating: UInt8(value["fill"] as? Int ?? 0), count: size)
        for chunk in value["chunks"] as? [[Any]] ?? [] {
            let digits = Array((chunk[1] as? String ?? "").utf8)
            for index in 0..<digits.count / 2 {
                bytes[(chunk[0] as? Int ?? 0) + index] =
                    UInt8(String(decoding: digits[2 * index..<2 * index + 2], as: UTF8.self), radix: 16) ?? 0
            }
        }
        return bytes
    }

    /// An entry as the vectors write it; a path stays unknown where its text and not its index is there.
    static func entry(_ parts: [Any]) -> BootEntry {
        let texts = parts.map { $0 as? String ?? "\($0)" }
        switch (texts[0], texts[1]) {
        case ("pci", "3.0"): return .cdrom(0)
        case ("pci", "4.0"): return .bootdisk
        case ("pci", "6.0"): return .net(0, texts.count == 3 ? .http : nil)
        case ("app", GUID.shell.text): return .shell
        case ("path", let text): return Int(text).map { .path($0) } ?? .unknown("path")
        case ("boot", let text): return .boot(Int(text) ?? -1)
        default: return .unknown(texts.joined(separator: " "))
        }
    }
}

@Suite struct VectorTests {
    private static let devices = [
        BootDevice("bootdisk", at: PCIPlace(.bootDisk), drive: "virtio-blk"),
        BootDevice("cdrom0", at: PCIPlace(.cdroms), drive: "ahci-cd"),
        BootDevice(network: "net0", at: PCIPlace(.nics)),
    ]

    /// Boot orders that are right to differ (D34): the others that were in it follow, an entry is there once, one
    /// whose deletion was begun counts, and so does one above Boot00FF.
    private static let departures: [String: [UInt16]] = [
        "std-cd-first": [1, 2, 0, 3, 4, 5], "std-default-order": [2, 1, 0, 3, 4, 5],
        "std-net-http-shell": [4, 3, 5, 0, 1, 2], "longer-order-shifts": [2, 1, 3, 4, 5, 0],
        "deleted-then-added": [1, 2, 0], "in-transition-boot": [2, 1, 0], "other-guid": [2, 0, 1, 3, 4, 5],
        "win-path": [6, 7, 2, 0, 1, 3, 4, 5], "win-path-next": [2, 0, 1, 3, 4, 5],
        "win-duplicate-entries": [2, 0, 1, 3, 4, 5], "hex-index": [10, 31, 0x1000],
    ]

    @Test("every vector is there")
    func everyVector() {
        #expect(StoreVector.all.count == 18)
        let names = StoreVector.all.map { $0.name }
        #expect(Self.departures.keys.filter { !names.contains($0) } == [])
    }

    @Test("an entry is known by its name", arguments: StoreVector.all)
    func entryKnown(vector: StoreVector) throws {
        let variables = BootVariables(try VariableStore(vector.input))
        let paths = vector.map.filter { $0.value == .unknown("path") }.keys.sorted()
        for (number, entry) in vector.map where entry != .unknown("path") {
            // Of two that lead to one place, the later one counts.
            let last = vector.map.filter { $0.value == entry }.keys.max()
            #expect(variables.numbers(entry, Self.devices) == [last ?? number])
        }
        #expect(paths.indices.map { variables.numbers(.path($0), []) } == paths.map { [$0] })
    }

    @Test("the live variables are those of today, but for the departures", arguments: StoreVector.all)
    func liveVariables(vector: StoreVector) throws {
        var store = try VariableStore(vector.input)
        #expect(store.bytes == vector.input)
        let wish = BootWish(devices: Self.devices, order: vector.order, next: vector.next)
        guard !vector.failed else {
            #expect(throws: ValueError("the variable store is full: \"BootOrder\" needs 92 bytes")) {
                _ = try store.apply(wish)
            }
            #expect(store.bytes == vector.input)
            return
        }
        _ = try store.apply(wish)
        #expect(try VariableStore(store.bytes) == store)
        var expected = try vector.output.map { try VariableStore($0) } ?? VariableStore(vector.input)
        if let order = Self.departures[vector.name] {
            #expect(expected.variable(BootVariables.order)?.data.units != order)
            try expected.set(BootVariables.order, to: [UInt8](units: order))
        }
        #expect(Self.sorted(store) == Self.sorted(expected))
        if vector.output == nil { #expect(store.bytes == vector.input) }
    }

    private static func sorted(_ store: VariableStore) -> [String] {
        store.variables.map { "\($0.name.text) \($0.name.owner.text) \($0.attributes.rawValue) \($0.data)" }.sorted()
    }
}

/// The boot orders of the recorded bhyve zones.
@Suite struct OrderVectorTests {
    struct Order: Sendable, CustomTestStringConvertible {
        let name: String
        let xml: [UInt8]
        /// As today's hooks resolved them; `nil` where they fail.
        let order: [BootEntry]?
        let next: BootEntry?
        var testDescription: String { name }

        static let all: [Order] = {
            let directory = repository("Tests/Conformance/bhyve")
            let data = try? Data(contentsOf: directory.appendingPathComponent("cases.json"))
            let cases = data.flatMap { try? JSONSerialization.jsonObject(with: $0) } as? [String: [String: Any]] ?? [:]
            return cases.compactMap { name, value in
                guard let resolved = value["bootorder_resolved"] as? [String: Any], let file = value["xml"] as? String
                else { return nil }
                let xml = try? Data(contentsOf: directory.appendingPathComponent(file))
                return Order(
                    name: name, xml: [UInt8](xml ?? Data()),
                    order: resolved["order_error"] == nil
                        ? (resolved["order"] as? [[Any]] ?? []).map { StoreVector.entry($0) } : nil,
                    next: (resolved["next"] as? [Any]).map { StoreVector.entry($0) })
            }.sorted { $0.name < $1.name }
        }()
    }

    @Test("every order is there")
    func everyOrder() { #expect(Order.all.count == 17) }

    @Test("an order names what it names today, of the devices that are there", arguments: Order.all)
    func orderNames(recorded: Order) throws {
        let zone = try ZoneConfiguration.parse(recorded.xml, file: "zone.xml")
        let facts = HostFacts(randomUUID: "8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11")
        let reading = Machine.read(zone, brand: .bhyve, facts: facts)
        guard recorded.name != "bootrom-comma-abs" else {
            // Refused for its ROM.
            #expect(reading.machine == nil)
            return
        }
        let machine = try #require(reading.machine)
        let devices = BootDevice.list(machine)
        func isThere(_ entry: BootEntry) -> Bool {
            if case .unknown = entry { return false }
            return entry.device.map { name in devices.contains { $0.name == name } } ?? true
        }
        let next = machine.bootNext.map { $0.value }.flatMap { isThere($0) ? $0 : nil }
        #expect(next == recorded.next)
        guard let order = recorded.order else {
            // What ends today's hooks is left out, with a warning (D12).
            #expect(reading.diagnostics.contains { $0.message.hasSuffix("is not a boot entry and is left out") })
            return
        }
        #expect(machine.bootOrder.value.filter { isThere($0) } == order)
    }
}
