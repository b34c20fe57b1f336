import TestSupport
import Testing

@testable import Machine
import Text

@Suite struct PlacesTests {
    @Test("the fixed places are the documented ones")
    func fixedPlaces() throws {
        let machine = try #require(read(.bhyve, []).machine)
        #expect(
            machine.slots.map { $0.name + "=" + String($0.slot.number) } == [
                "bootdisk=4", "cdrom=3", "cloudinit=29", "disk=5", "hostbridge=0", "lpc=1", "net=6", "ppt=9", "rng=10",
                "virtfs=11",
                "vnc=30",
            ])
        #expect(
            [PCISlot.moreDisks, .moreNICs, .cdromsBehindDisks, .lpcForWindows].map { $0.number } == [8, 12, 7, 31])
        #expect(Screen.place.description == "30:0")
        #expect(Screen.tabletPlace.description == "30:1")
    }

    @Test(
        "the LPC bridge moves to slot 31 for Windows alone",
        arguments: [("generic", 1), ("openbsd", 1), ("windows", 31)])
    func lpcBridge(type: String, slot: Int) throws {
        try expect(#require(read(.bhyve, [("type", type)]).machine).lpc.number, equals: slot)
    }

    @Test(
        "a list has eight places a slot, and none when its slots are full",
        arguments: [(0, "5:0"), (7, "5:7"), (8, "8:0"), (15, "8:7"), (16, nil), (1000, nil), (Int.max, nil)])
    func listEight(index: Int, place: String?) {
        #expect(PCIPlace(index, in: [.disks, .moreDisks])?.description == place)
    }

    @Test("no slot has a function outside 0 to 7", arguments: [-1, 8, Int.min, Int.max])
    func slotFunction(number: Int) {
        #expect(PCIFunction(number) == nil)
    }

    @Test("disks and NICs fill two slots")
    func disksNICs() throws {
        let disks = (0...15).map { ("disk\($0)" as String?, "rpool/\($0)" as String?) }
        let networks = (0...15).map { makeNetwork("vm\($0)", line: 100 + $0) }
        let reading = read(makeZone(.bhyve, disks, networks: networks))
        let machine = try #require(reading.machine)
        #expect(reading.diagnostics == [])
        #expect(machine.disks.map { $0.place.description } == (0...7).map { "5:\($0)" } + (0...7).map { "8:\($0)" })
        #expect(machine.nics.map { $0.place.description } == (0...7).map { "6:\($0)" } + (0...7).map { "12:\($0)" })
    }
}

@Suite struct PassthroughTests {
    /// Devices and places, in the machine's order.
    static func places(_ reading: MachineReading) -> [String]? {
        reading.machine?.passthrough.map { $0.device + "@" + $0.place.description }
    }

    @Test("all eight functions can be used, in any way of asking")
    func allEight() {
        let expected = (0...7).map { "/dev/ppt\($0)@9:\($0)" }
        for value in ["on", "slot"] {
            let reading = read(.bhyve, (0...7).map { ("ppt\($0)", value == "on" ? "on" : "slot\($0)") })
            #expect(reading.diagnostics == [])
            #expect(Self.places(reading) == expected)
        }
    }

    @Test("fixed functions are given out first, the others fill the gaps")
    func fixedFunctions() {
        let reading = read(
            .bhyve, [("ppt0", "on"), ("ppt1", "slot0"), ("ppt2", "off"), ("ppt3", "slot2"), ("ppt4", "yes")])
        #expect(reading.diagnostics == [])
        #expect(Self.places(reading) == ["/dev/ppt1@9:0", "/dev/ppt0@9:1", "/dev/ppt3@9:2", "/dev/ppt4@9:3"])
    }

    @Test("a function wanted twice is refused, and the owner named")
    func functionWanted() {
        let reading = read(.bhyve, [("ppt5", "slot3"), ("ppt0", "slot3"), ("ppt7", "on")])
        #expect(
            reading.diagnostics.filter { $0.severity == .error }
                == [
                    says(
                        .error, 2, "ppt5: PCI place 9:3 is taken by ppt0", "give one of them another place", of: "ppt5")
                ])
        #expect(reading.machine == nil)
    }

    static func warning(_ line: Int, _ owner: String, _ slot: Int, _ remedy: String = "number the list from 0")
        -> Diagnostic
    {
        says(
            .warning, line,
            "attr \"\(owner)\": it is in PCI slot \(slot), whose function 0 is empty: most guests will not find it",
            remedy)
    }
    static let giveZero = "use on, or give one of them slot0"

    typealias EmptyZero = (attributes: [(String, String)], warnings: [Diagnostic])

    @Test(
        "a slot without function 0 is warned about, for guests do not look further",
        arguments: [
            ([("ppt1", "slot1")], [warning(2, "ppt1", 9, giveZero)]),
            ([("ppt3", "slot5"), ("ppt2", "slot2")], [warning(3, "ppt2", 9, giveZero)]),
            ([("disk1", "a")], [warning(2, "disk1", 5)]),
            ([("disk0", "a"), ("disk9", "b")], [warning(3, "disk9", 8, "number the disks from 0 on, then from 8 on")]),
            ([("cdrom2", "/a"), ("disk3", "b")], [warning(2, "cdrom2", 3), warning(3, "disk3", 5)]),
            ([("virtfs4", "a,/b")], [warning(2, "virtfs4", 11)]),
            ([("ppt1", "on")], []), ([("disk0", "a"), ("disk1", "b"), ("disk8", "c")], []),
            ([("cdrom", "/a"), ("virtfs", "a,/b"), ("rng", "on")], []),
        ] as [EmptyZero])
    func slotWithout(
        attributes: [(String, String)], warnings: [Diagnostic]
    ) {
        #expect(read(.bhyve, attributes.map { ($0.0, $0.1) }).diagnostics == warnings)
    }

    @Test("a kvm zone's places have no gaps")
    func kvmZones() {
        #expect(read(.kvm, [("disk5", "a"), ("cdrom3", "/b")]).diagnostics == [])
    }

    @Test("shares are at the places of their numbers")
    func sharesPlaces() throws {
        let machine = try #require(
            read(.bhyve, [("virtfs7", "b,/b,ro"), ("virtfs", "a,/a"), ("virtfs2", "c,/c")]).machine)
        #expect(
            machine.shares.map { $0.share.value.name + "@" + $0.place.description } == ["a@11:0", "c@11:2", "b@11:7"])
    }
}

@Suite struct ReservoirTests {
    @Test(
        "the memory, the ROM and the screen are set aside",
        arguments: [
            ("1G", "off", (1024 + 16) << 20), ("1G", "on", (1024 + 48) << 20), ("512", "off", (512 + 16) << 20),
            ("1048577", "off", 1_048_577 + 16 << 20), ("16T", "on", 16 << 40 + 48 << 20),
        ] as [(String, String, UInt64)])
    func memoryROM(ram: String, vnc: String, bytes: UInt64) throws {
        let attributes = [("ram", ram), ("vnc", vnc), ("memreserve", "on")]
        try expect(#require(read(.bhyve, attributes).machine).reservoirBytes, equals: bytes)
        let reservoir = Reservoir.read(makeZone(.bhyve, attributes.map { ($0.0, $0.1) }))
        #expect(reservoir.bytes == bytes)
        #expect(reservoir.diagnostics == [])
    }

    @Test("nothing is set aside unless wanted")
    func nothingSet() throws {
        try expect(#require(read(.bhyve, [("ram", "4G")]).machine).reservoirBytes, equals: nil)
        #expect(Reservoir.read(makeZone(.bhyve, [("memreserve", "off")])).bytes == nil)
    }

    @Test("only what the reservoir needs is looked at")
    func onlyReservoir() {
        let reservoir = Reservoir.read(
            makeZone(.bhyve, [("memreserve", "on"), ("vcpus", "x"), (nil, nil), ("rma", "1G"), ("disk99", "")]))
        #expect(reservoir.bytes == (1024 + 16) << 20)
        #expect(reservoir.diagnostics == [])
    }

    @Test("a fault in what the reservoir needs is reported")
    func faultReservoir() {
        let unclear = Reservoir.read(makeZone(.bhyve, [("memreserve", "x"), ("ram", "0")]))
        #expect(unclear.bytes == nil)
        #expect(
            unclear.diagnostics == [
                says(
                    .error, 2, "attr \"memreserve\": \"x\" is not on or off",
                    "use on or off (true, yes, 1, false, no and 0 do too)")
            ])
        let wanted = Reservoir.read(makeZone(.bhyve, [("memreserve", "on"), ("ram", "0")]))
        #expect(wanted.bytes == nil)
        #expect(
            wanted.diagnostics == [
                says(
                    .error, 3, "attr \"ram\": \"0\" is less than 1M", "use at least 1M; most guests need 256M or more")
            ])
        let unwanted = Reservoir.read(makeZone(.bhyve, [("memreserve", "off"), ("ram", "0"), ("vnc", "unix=x")]))
        #expect(unwanted.bytes == nil)
        #expect(unwanted.diagnostics == [])
    }
}
