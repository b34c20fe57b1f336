import Foundation
import Machine
import TestSupport
import Testing

@testable import UEFI

/// Stores that a real firmware has written (stores/README.md).
@Suite struct RealStoreTests {
    private static let devices = [
        BootDevice("bootdisk", at: PCIPlace(.bootDisk), drive: "virtio-blk"),
        BootDevice("disk0", at: PCIPlace(.disks), drive: "virtio-blk"),
        BootDevice("disk8", at: PCIPlace(.cdromsBehindDisks), drive: "virtio-blk"),
        BootDevice("cdrom0", at: PCIPlace(.cdroms), drive: "ahci-cd"),
        BootDevice(network: "net0", at: PCIPlace(.nics)),
    ]

    private static func store(_ name: String) throws -> VariableStore {
        let data = try Data(contentsOf: repository("Tests/Unit/UEFI/stores/\(name).json"))
        let bytes = try #require(StoreVector.image(try JSONSerialization.jsonObject(with: data)))
        let store = try VariableStore(bytes)
        #expect(store.bytes == bytes)
        return store
    }

    @Test(
        "the firmware's entries have their names",
        arguments: [
            ("first-boot", .bootdisk, ["UEFI Misc Device"]), ("first-boot", .disk(0), ["UEFI Misc Device 2"]),
            ("first-boot", .cdrom(0), ["UEFI QEMU DVD-ROM QM00005 "]), ("first-boot", .shell, ["EFI Internal Shell"]),
            ("first-boot", .net(0, .pxe), ["UEFI PXEv4 (MAC:525400123456) 2", "UEFI PXEv6 (MAC:525400123456)"]),
            ("first-boot", .net(0, .http), ["UEFI HTTPv4 (MAC:525400123456)", "UEFI HTTPv6 (MAC:525400123456)"]),
            ("first-boot", .path(0), []), ("first-boot", .boot(0), []), ("changed-devices", .disk(0), []),
            ("changed-devices", .disk(8), ["UEFI Misc Device 2"]),
        ] as [(String, BootEntry, [String])])
    func firmwaresEntries(name: String, entry: BootEntry, titles: [String]) throws {
        let variables = BootVariables(try Self.store(name))
        let numbers = variables.numbers(entry, Self.devices)
        #expect(numbers.map { number in variables.options.first { $0.number == number }?.option.title } == titles)
    }

    @Test("the order is set among them, and another program of the firmware's stays in it")
    func orderSet() throws {
        var store = try Self.store("changed-devices")
        let before = try #require(store.variable(BootVariables.order)?.data.units)
        _ = try store.apply(BootWish(devices: Self.devices, order: [.disk(8), .cdrom(0), .net(1, nil)]))
        let order = try #require(store.variable(BootVariables.order)?.data.units)
        let first = [BootEntry.disk(8), .cdrom(0)].flatMap { BootVariables(store).numbers($0, Self.devices) }
        #expect(order == first + before.filter { !first.contains($0) })
    }

    @Test("people are shown every entry, with the name that a boot order knows it by")
    func peopleShown() throws {
        var store = try Self.store("first-boot")
        #expect(try store.apply(BootWish(devices: Self.devices, order: [], next: .shell)).setsNext)
        let shown = store.bootEntries(Self.devices).map { entry in
            "\(entry.isNext ? "*" : "") \(entry.position ?? 0) \(entry.variable) \(entry.name.text) \(entry.option.title)"
                + (entry.option.isHidden ? " hidden" : "")
        }
        #expect(
            shown == [
                " 1 Boot0000 boot0 UiApp hidden", " 2 Boot0001 cdrom0 UEFI QEMU DVD-ROM QM00005 ",
                " 3 Boot0002 bootdisk UEFI Misc Device", " 4 Boot0003 disk0 UEFI Misc Device 2",
                " 5 Boot0004 boot4 UEFI PXEv4 (MAC:525400123456)",
                " 6 Boot0005 net0=pxe UEFI PXEv4 (MAC:525400123456) 2",
                " 7 Boot0006 net0=pxe UEFI PXEv6 (MAC:525400123456)",
                " 8 Boot0007 net0=http UEFI HTTPv4 (MAC:525400123456)",
                " 9 Boot0008 net0=http UEFI HTTPv6 (MAC:525400123456)", "* 10 Boot0009 shell EFI Internal Shell",
            ])
        for entry in store.bootEntries(Self.devices) where entry.option.isOffered {
            expect(BootVariables(store).numbers(entry.name, Self.devices), contains: entry.number)
        }
    }

    // MARK: virt-fw-vars, an independent program

    private static let tools = repository(".build/virt-firmware").standardized.path
    private static var hasTool: Bool { FileManager.default.fileExists(atPath: tools + "/bin/virt-fw-vars") }

    private static func virtFWVars(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["PYTHONPATH=\(tools)", "python3", tools + "/bin/virt-fw-vars"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }

    private static func scratch() throws -> String {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("hvm-uefi-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        return directory.path
    }

    @Test("virt-fw-vars reads what is written here", .enabled(if: hasTool, "virt-fw-vars is not installed: make setup"))
    func virtFw() throws {
        let directory = try Self.scratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for name in ["/usr/share/OVMF/OVMF_VARS.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"] {
            var store = try VariableStore([UInt8](try Data(contentsOf: URL(fileURLWithPath: name))))
            let wish = BootWish(devices: Self.devices, order: [.cdrom(0), .bootdisk, .shell], next: .disk(0))
            _ = try store.apply(wish)
            try Data(store.bytes).write(to: URL(fileURLWithPath: directory + "/vars.fd"))
            let lines = try Self.virtFWVars(["-i", directory + "/vars.fd", "-p"]).split(separator: "\n").filter {
                $0.hasPrefix("Boot")
            }.map { $0.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) } }
            #expect(
                lines == [
                    ["Boot0000", #"boot entry: title="zone cdrom0" devpath=PciRoot()/PCI(dev=03:0)/SATA(port=0)"#],
                    ["Boot0001", #"boot entry: title="zone bootdisk" devpath=PciRoot()/PCI(dev=04:0)"#],
                    [
                        "Boot0002",
                        "boot entry: title=\"EFI Internal Shell\" devpath=FvName(\(GUID.driverVolume.text))/FvFileName(\(GUID.shell.text))",
                    ], ["Boot0003", #"boot entry: title="zone disk0" devpath=PciRoot()/PCI(dev=05:0)"#],
                    ["BootNext", "boot order: 0003"], ["BootOrder", "boot order: 0000, 0001, 0002"],
                ])
        }
    }

    @Test("what virt-fw-vars writes is read here", .enabled(if: hasTool, "virt-fw-vars is not installed: make setup"))
    func virtFwVars() throws {
        let directory = try Self.scratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let (json, file) = (directory + "/in.json", directory + "/vars.fd")
        let variable =
            #"{"name":"BootOrder","guid":"8be4df61-93ca-11d2-aa0d-00e098032b8c","attr":7,"data":"03000100"}"#
        try Data(#"{"version":2,"variables":[\#(variable)]}"#.utf8).write(to: URL(fileURLWithPath: json))
        _ = try Self.virtFWVars(["-i", "/usr/share/OVMF/OVMF_VARS.fd", "-o", file, "--set-json", json])
        let store = try VariableStore([UInt8](try Data(contentsOf: URL(fileURLWithPath: file))))
        #expect(store.variable(BootVariables.order)?.data == [3, 0, 1, 0])
    }
}
