import Foundation
import Testing

@testable import UEFI
import Text

@Suite struct VariableStoreTests {
    private static let firmware = [
        "OVMF_VARS", "OVMF_VARS.ms", "OVMF_VARS_4M", "OVMF_VARS_4M.ms", "OVMF_VARS_4M.snakeoil",
    ]

    @Test("a real store is read, and stays as it is", arguments: firmware)
    func realStore(name: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "/usr/share/OVMF/\(name).fd")))
        var store = try VariableStore(bytes)
        #expect(store.bytes == bytes)
        for variable in store.variables { try store.set(variable.name, to: variable.data) }
        #expect(store.bytes == bytes)
    }

    @Test("the store of a firmware that has run holds what it wrote last")
    func storeFirmware() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "/usr/share/OVMF/OVMF_VARS.ms.fd")))
        let store = try VariableStore(bytes)
        #expect(store.variable(VariableName("BootOrder")) == nil)
        #expect(store.variable(VariableName("Timeout"))?.data == [0, 0])
        let option = LoadOption(try #require(store.variable(VariableName("Boot0002"))).data)
        #expect(option == .shell)
        #expect(option?.bytes == store.variable(VariableName("Boot0002"))?.data)
    }

    @Test("a value is appended, and the old one marked")
    func valueAppended() throws {
        var store = try makeStore([makeVariable("A", [1]), makeVariable("B", [2])])
        let free = store.freeBytes
        try store.set(VariableName("A"), to: [3, 4])
        #expect(store.records.map { $0.state } == [0x3c, 0x3f, 0x3f])
        #expect(store.variables == [makeVariable("B", [2]), makeVariable("A", [3, 4])])
        #expect(store.freeBytes == free - 68)
        let bytes = store.bytes
        try store.set(VariableName("A"), to: [3, 4])
        #expect(store.bytes == bytes)
        store.delete(VariableName("B"))
        #expect(store.records.map { $0.state } == [0x3c, 0x3c, 0x3f])
        #expect(try VariableStore(store.bytes) == store)
    }

    @Test("names differ by their owner, and attributes stay")
    func namesDiffer() throws {
        let other = GUID(0x1111_1111, 0x2222, 0x3333, 0x4444_5555_5555_5555)
        #expect(other.text == "11111111-2222-3333-4444-555555555555")
        var store = try makeStore([makeVariable("A", [1]), makeVariable("A", [2], owner: other)])
        var bytes = store.bytes
        bytes[store.records[0].offset + 4] = 3
        store = try VariableStore(bytes)
        try store.set(VariableName("A"), to: [9])
        #expect(store.variable(VariableName("A"))?.attributes == [.nonVolatile, .bootServices])
        #expect(store.variable(VariableName("A", owner: other))?.data == [2])
    }

    /// A, B (deletion begun, nothing in its place), A's twin (deletion begun).
    private static func interrupted() throws -> VariableStore {
        let store = try makeStore([makeVariable("A", [1]), makeVariable("B", [2]), makeVariable("a", [3])])
        var bytes = store.bytes
        bytes[store.records[1].offset + 2] = 0x3e
        bytes[store.records[2].offset + 2] = 0x3e
        bytes[store.records[2].offset + 60] = UInt8(ascii: "A")
        return try VariableStore(bytes)
    }

    @Test("one whose deletion was begun counts until another has its name")
    func oneDeletion() throws {
        var store = try Self.interrupted()
        #expect(store.variables == [makeVariable("A", [1]), makeVariable("B", [2])])
        try store.set(VariableName("B"), to: [5])
        try store.set(VariableName("A"), to: [6])
        #expect(store.records.map { $0.state } == [0x3c, 0x3c, 0x3c, 0x3f, 0x3f])
    }

    @Test("a full store drops what is deleted, and one that stays full changes nothing")
    func fullStore() throws {
        var store = try Self.interrupted()
        let big = [UInt8](repeating: 7, count: 600)
        for round in 0..<20 { try store.set(VariableName("C"), to: big + [UInt8(round)]) }
        #expect(store.variable(VariableName("A"))?.data == [1])
        #expect(store.variable(VariableName("B"))?.data == [2])
        #expect(store.variable(VariableName("C"))?.data == big + [19])
        #expect(store.records.allSatisfy { $0.state == 0x3f || $0.state == 0x3c })
        #expect(Array(store.bytes.suffix(64)) == [UInt8](repeating: 0x77, count: 64))
        let before = store
        #expect(throws: ValueError("the variable store is full: \"D\" needs 2064 bytes")) {
            try store.set(VariableName("D"), to: [UInt8](repeating: 1, count: 2000))
        }
        #expect(store == before)
    }

    @Test("the last byte can be used")
    func lastByte() throws {
        var store = try makeStore(capacity: 256)
        try store.set(VariableName("A"), to: [UInt8](repeating: 1, count: 192))
        #expect(store.freeBytes == 0)
        #expect(try VariableStore(store.bytes) == store)
        try store.set(VariableName("A"), to: [UInt8](repeating: 2, count: 192))
        #expect(store.variables == [makeVariable("A", [UInt8](repeating: 2, count: 192))])
    }

    /// Offset, bytes put there, whether the checksum is right again, what is said.
    @Test(
        "a corrupt store is refused, with what is wrong and where",
        arguments: [
            (40, [0], true, "it is not a firmware volume: there is no _FVH, at 0x28"),
            (16, [0], true, "the firmware volume is not one of variables, at 0x10"),
            (33, [0xff], true, "the firmware volume is longer than the file, at 0x20"),
            (39, [0xff], true, "the firmware volume is longer than the file, at 0x20"),
            (45, [0], true, "the firmware volume does not erase to ones, at 0x2c"),
            (48, [0x49], true, "the header of the firmware volume has an impossible length, at 0x30"),
            (48, [0x3e], true, "the header of the firmware volume has an impossible length, at 0x30"),
            (49, [0xff], true, "the header of the firmware volume has an impossible length, at 0x30"),
            (0, [1], false, "the checksum of the firmware volume is wrong, at 0x32"),
            (56, [2], true, "the blocks of the firmware volume do not add up to its length, at 0x38"),
            (64, [1], true, "the block map of the firmware volume has no end, at 0x38"),
            (72, [0], true, "it is not an authenticated variable store, at 0x48"),
            (88, [27, 0], true, "the variable store has an impossible size, at 0x58"),
            (91, [0xff], true, "the variable store has an impossible size, at 0x58"),
            (92, [0xff], true, "the variable store is not formatted, at 0x5c"),
            (93, [0xff], true, "the variable store is not healthy, at 0x5d"),
            (100 + 36, [3], true, "the name of a variable has an impossible size, at 0x88"),
            (100 + 36, [0], true, "the name of a variable has an impossible size, at 0x88"),
            (100 + 41, [0x10], true, "a variable runs past the store, at 0x64"),
            (100 + 39, [0x80], true, "a variable runs past the store, at 0x64"),
            (100 + 43, [0x80], true, "a variable runs past the store, at 0x64"),
            (100 + 62, [0x41], true, "the name of a variable has no end, at 0xa0"),
            (100, [0], true, "the free space is not empty, at 0x64"),
            (100 + 2040, [0xaa, 0x55], true, "the free space is not empty, at 0x85c"),
        ] as [(Int, [UInt8], Bool, String)])
    func corruptStore(
        offset: Int, bytes: [UInt8], fixes: Bool, message: String
    ) throws {
        var corrupt = try makeStore([makeVariable("A", [1, 2])]).bytes
        corrupt.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        if fixes { fixChecksum(&corrupt) }
        #expect(refusal(corrupt) == message)
    }

    @Test("a header at the end of the store is refused")
    func headerEnd() throws {
        var bytes = try makeStore([makeVariable("A", [UInt8](repeating: 1, count: 1950))]).bytes
        let offset = 100 + 60 + 4 + 1952
        bytes.replaceSubrange(offset..<offset + 2, with: [0xaa, 0x55])
        #expect(refusal(bytes) == "the header of a variable runs past the store, at 0x844")
    }

    @Test("a file cut short anywhere, or of something else, is refused")
    func fileCut() throws {
        let whole = try makeStore([makeVariable("A", [1, 2])], capacity: 128).bytes
        for count in 0..<whole.count { #expect(refusal(Array(whole[0..<count])) != nil) }
        #expect(refusal([]) == "it is not a firmware volume: there is no _FVH, at 0x28")
        #expect(refusal(Array("#!/bin/sh\n".utf8)) == "it is not a firmware volume: there is no _FVH, at 0x28")
    }

    private func refusal(_ bytes: [UInt8]) -> String? {
        do throws(ValueError) {
            _ = try VariableStore(bytes)
            return nil
        } catch {
            return error.message
        }
    }
}
