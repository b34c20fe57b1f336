import Machine
import Testing

@testable import UEFI

@Suite struct BootOrderTests {
    private static let disk = BootDevice("bootdisk", at: PCIPlace(.bootDisk), drive: "virtio-blk")
    private static let cdrom = BootDevice("cdrom0", at: PCIPlace(.cdroms), drive: "ahci-cd")
    private static let nvme = BootDevice("disk0", at: PCIPlace(.disks), drive: "nvme")
    private static let nic = BootDevice(network: "net0", at: PCIPlace(.nics))
    private static let devices = [disk, cdrom, nvme, nic]

    /// What the firmware makes for a place.
    private static func found(_ title: String, slot: UInt8, _ tail: [UInt8] = [], attributes: UInt8 = 1) -> [UInt8] {
        let path: [UInt8] =
            [2, 1, 12, 0, 0xd0, 0x41, 3, 0x0a, 0, 0, 0, 0, 1, 1, 6, 0, 0, slot] + tail + [0x7f, 0xff, 4, 0]
        return [attributes, 0, 0, 0, UInt8(path.count), 0] + [UInt8](units: Array(title.utf16) + [0]) + path
            + GUID.firmwareEntry.bytes
    }

    private static let mac: [UInt8] = [3, 11, 37, 0] + [UInt8](repeating: 2, count: 32) + [1]
    private static let ipv4: [UInt8] = [3, 12, 27, 0] + [UInt8](repeating: 0, count: 23)
    private static let ipv6: [UInt8] = [3, 13, 60, 0] + [UInt8](repeating: 0, count: 56)
    private static let uri: [UInt8] = [3, 24, 4, 0]

    private static func order(_ store: VariableStore) -> [UInt16]? { store.variable(BootVariables.order)?.data.units }

    private static func titles(_ store: VariableStore) -> [String] {
        BootVariables(store).options.map { "\($0.number) \($0.option.title)" }
    }

    @Test("the first boot follows the order: entries are made, where that is possible")
    func firstBoot() throws {
        var store = try makeStore()
        let wish = BootWish(
            devices: Self.devices, order: [.path(0), .cdrom(0), .bootdisk, .shell, .disk(0), .net(0, nil), .cdrom(0)])
        #expect(
            try store.apply(wish) == BootOutcome(missing: [.path(0), .disk(0), .net(0, nil)], setsNext: false))
        #expect(Self.order(store) == [0, 1, 2])
        #expect(Self.titles(store) == ["0 zone cdrom0", "1 zone bootdisk", "2 EFI Internal Shell"])
        let options = BootVariables(store).options.map { $0.option }
        #expect(
            options.map { $0.path } == [
                [.pciRoot(0), .pci(device: 3, function: 0), .sata(port: 0, multiplier: 0xffff, unit: 0)],
                [.pciRoot(0), .pci(device: 4, function: 0)],
                [.firmwareVolume(.driverVolume), .application(.shell)],
            ])
        let bytes = store.bytes
        _ = try store.apply(wish)
        #expect(store.bytes == bytes)
    }

    @Test("the firmware's own entry takes the place of ours")
    func firmwaresOwn() throws {
        var store = try makeStore()
        _ = try store.apply(BootWish(devices: Self.devices, order: [.bootdisk, .cdrom(0)]))
        try store.set(BootVariables.name(7), to: Self.found("UEFI Misc Device", slot: 4))
        try store.set(BootVariables.name(8), to: Self.found("UiApp", slot: 3, attributes: 9))
        try store.set(BootVariables.order, to: [UInt8](units: [8, 0, 1, 7]))
        _ = try store.apply(BootWish(devices: Self.devices, order: [.cdrom(0)]))
        #expect(Self.order(store) == [1, 8, 7])
        #expect(store.variable(BootVariables.name(0)) == nil)
        #expect(Self.titles(store) == ["1 zone cdrom0", "7 UEFI Misc Device", "8 UiApp"])
    }

    @Test("a disk that has moved gets an entry for its new place, and the old one goes")
    func diskMoved() throws {
        var store = try makeStore()
        _ = try store.apply(BootWish(devices: [Self.disk], order: [.bootdisk]))
        let moved = BootDevice("disk3", at: PCIPlace(.moreDisks), drive: "virtio-blk")
        _ = try store.apply(BootWish(devices: [moved], order: [.disk(3)]))
        #expect(Self.titles(store) == ["1 zone disk3"])
        #expect(Self.order(store) == [1])
        _ = try store.apply(BootWish(devices: [], order: []))
        #expect(Self.titles(store) == [])
        #expect(Self.order(store) == nil)
    }

    @Test("a network card is all its entries of the protocol, IPv4 first")
    func networkCard() throws {
        let tails = [
            Self.mac + Self.ipv6, Self.mac + Self.ipv4, Self.mac + Self.ipv4 + Self.uri,
            Self.mac + Self.ipv6 + Self.uri,
        ]
        var store = try makeStore()
        for (number, tail) in tails.enumerated() {
            try store.set(BootVariables.name(UInt16(number)), to: Self.found("UEFI NIC", slot: 6, tail))
        }
        let variables = BootVariables(store)
        #expect(variables.numbers(.net(0, nil), Self.devices) == [1, 0])
        #expect(variables.numbers(.net(0, .pxe), Self.devices) == [1, 0])
        #expect(variables.numbers(.net(0, .http), Self.devices) == [2, 3])
        #expect(variables.numbers(.net(1, nil), Self.devices) == [])
    }

    @Test("what is on another bus has no name here")
    func anotherBus() {
        let (root, other) = (DevicePathNode.pciRoot(0), DevicePathNode.pciRoot(1))
        let place = DevicePathNode.pci(device: 4, function: 0)
        let target = LoadOption.Target.device(slot: 4, function: 0, way: .disk)
        #expect(LoadOption(title: "", path: [root, place]).target == target)
        #expect(LoadOption(title: "", path: [other, place]).target == nil)
        #expect(LoadOption(title: "", path: [root, place, place]).target == nil)
        #expect(LoadOption(title: "", path: [root]).target == nil)
    }

    @Test("hidden and inactive entries are not offered")
    func hiddenInactive() throws {
        var store = try makeStore()
        for (number, attributes) in [(0, 0), (1, 9), (2, 8)] as [(UInt16, UInt8)] {
            try store.set(BootVariables.name(number), to: Self.found("X", slot: 4, attributes: attributes))
        }
        let variables = BootVariables(store)
        #expect(variables.options.count == 3)
        #expect(variables.numbers(.bootdisk, Self.devices) == [])
        #expect([0, 1, 2].map { variables.numbers(.boot($0), []) } == [[], [], []])
    }

    @Test("the next boot alone can be another, and its entry is made too")
    func nextBoot() throws {
        var store = try makeStore()
        let wish = BootWish(devices: Self.devices, order: [.bootdisk], next: .cdrom(0))
        #expect(try store.apply(wish) == BootOutcome(missing: [], setsNext: true))
        #expect(Self.order(store) == [0])
        #expect(store.variable(BootVariables.next)?.data == [1, 0])
        let none = BootWish(devices: Self.devices, order: [], next: .path(3))
        let bytes = store.bytes
        #expect(try store.apply(none) == BootOutcome(missing: [], setsNext: false))
        #expect(store.bytes == bytes)
    }

    @Test("nothing resolved leaves the boot order alone, whatever it holds")
    func nothingResolved() throws {
        var store = try makeStore([makeVariable("BootOrder", [1, 0, 1, 0, 9])])
        let bytes = store.bytes
        _ = try store.apply(BootWish(devices: [], order: [.path(0), .unknown("x"), .boot(1), .net(0, .http)]))
        #expect(store.bytes == bytes)
    }

    @Test("numbers are the lowest free ones, in capitals")
    func numbersLowest() throws {
        var store = try makeStore([makeVariable("Boot0000", [1]), makeVariable("BootOrder", [1, 0])])
        _ = try store.apply(BootWish(devices: [Self.disk], order: [.bootdisk]))
        #expect(Self.order(store) == [2, 1])
        #expect(BootVariables.name(0xabc).text == "Boot0ABC")
        let lower = makeVariable("Boot00ab", Self.found("X", slot: 4))
        #expect(BootVariables(try makeStore([lower])).options.isEmpty)
    }

    @Test(
        "what is not a load option is left alone",
        arguments: [
            [], [1, 0, 0, 0, 4], [1, 0, 0, 0, 4, 0], [1, 0, 0, 0, 4, 0, 0x41, 0],
            [1, 0, 0, 0, 5, 0, 0, 0, 0x7f, 0xff, 4, 0], [1, 0, 0, 0, 4, 0, 0, 0, 0x7f, 0xff, 5, 0],
            [1, 0, 0, 0, 4, 0, 0, 0, 0x7f, 0xff, 0, 0], [1, 0, 0, 0, 4, 0, 0, 0, 1, 1, 4, 0],
            [1, 0, 0, 0, 0, 0, 0, 0],
        ] as [[UInt8]])
    func loadOption(bytes: [UInt8]) {
        #expect(LoadOption(bytes) == nil)
    }

    @Test(
        "a node of a device path is known by its type",
        arguments: [
            (1, 1, [2, 4], .pci(device: 4, function: 2)), (1, 1, [2], .other(type: 1, subtype: 1, content: [2])),
            (2, 1, [0xd0, 0x41, 8, 0x0a, 1, 0, 0, 0], .pciRoot(1)),
            (
                2, 1, [0xd0, 0x41, 1, 5, 0, 0, 0, 0],
                .other(type: 2, subtype: 1, content: [0xd0, 0x41, 1, 5, 0, 0, 0, 0])
            ),
            (3, 18, [1, 0, 0xff, 0xff, 2, 0], .sata(port: 1, multiplier: 0xffff, unit: 2)),
            (3, 23, [1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0], .nvme(namespace: 1, identifier: 5)),
            (3, 11, [1, 2, 3, 4, 5, 6, 0], .mac([1, 2, 3, 4, 5, 6])), (3, 12, [], .ipv4), (3, 13, [], .ipv6),
            (3, 24, [0x68, 0x74], .uri("ht")), (4, 1, [2, 0, 0, 0, 9], .hardDrive(partition: 2)),
            (4, 2, [1, 0, 0, 0], .cdrom(entry: 1)), (4, 4, [0x5c, 0, 0x61, 0, 0, 0], .file("\\a")),
            (4, 6, GUID.shell.bytes, .application(.shell)), (4, 7, [1], .other(type: 4, subtype: 7, content: [1])),
            (4, 7, GUID.driverVolume.bytes, .firmwareVolume(.driverVolume)),
        ] as [(UInt8, UInt8, [UInt8], DevicePathNode)])
    func nodeDevice(
        type: UInt8, subtype: UInt8, content: [UInt8], node: DevicePathNode
    ) {
        #expect(DevicePathNode(type: type, subtype: subtype, content: content) == node)
    }
}
