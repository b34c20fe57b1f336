import Machine
import TestSupport
import Testing

@testable import UEFI
import Text

@Suite struct RandomTests {
    private static let names = (0..<8).map { VariableName("Boot000\($0)") } + [VariableName("BootOrder")]

    @Test("whatever is set or deleted, the other variables keep their values", arguments: 0..<200)
    func whateverSet(seed: Int) throws {
        var dice = FixedRandom(seed: UInt64(seed))
        var store = try makeStore(capacity: Int.random(in: 64...250, using: &dice) * 4)
        var expected: [VariableName: [UInt8]] = [:]
        for _ in 0..<60 {
            let name = Self.names.randomElement(using: &dice)!
            let data = (0..<Int.random(in: 0...150, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
            let before = store
            if Int.random(in: 0..<5, using: &dice) == 0 {
                store.delete(name)
                expected[name] = nil
            } else {
                do throws(ValueError) {
                    try store.set(name, to: data)
                    expected[name] = data
                } catch {
                    #expect(store == before)
                }
            }
            #expect(Dictionary(uniqueKeysWithValues: store.variables.map { ($0.name, $0.data) }) == expected)
            #expect(try VariableStore(store.bytes) == store)
        }
    }

    /// 100 stores, each mutated 1000 times: whatever is read is also changed and read again.
    @Test("no mutated store traps, and what is taken can be edited", arguments: 0..<100)
    func mutatedStore(seed: Int) throws {
        var dice = FixedRandom(seed: UInt64(seed) << 32)
        let original = try Self.bootStore(&dice).bytes
        let used = original.count - 64
        var edited = 0
        for _ in 0..<1000 {
            var bytes = original
            for _ in 0...Int.random(in: 0..<4, using: &dice) {
                let offset = Int.random(in: Bool.random(using: &dice) ? 0..<used : 100..<340, using: &dice)
                bytes[offset] = [0, 1, 0x7f, 0xff, UInt8.random(in: 0...255, using: &dice)].randomElement(using: &dice)!
            }
            if Int.random(in: 0..<20, using: &dice) == 0 { bytes.removeLast(Int.random(in: 0..<used, using: &dice)) }
            if bytes.count > 0x48, Int.random(in: 0..<8, using: &dice) > 0 { fixChecksum(&bytes) }
            guard var store = try? VariableStore(bytes) else { continue }
            #expect(store.bytes == bytes)
            guard (try? store.apply(Self.wish)) != nil else { continue }
            #expect(try VariableStore(store.bytes) == store)
            edited += 1
        }
        #expect(edited > 100)
    }

    private static let wish = BootWish(
        devices: [
            BootDevice("bootdisk", at: PCIPlace(.bootDisk), drive: "virtio-blk"),
            BootDevice("cdrom0", at: PCIPlace(.cdroms), drive: "ahci-cd"),
        ], order: [.shell, .path(0), .cdrom(0), .bootdisk, .boot(3)], next: .bootdisk)

    private static func bootStore(_ dice: inout FixedRandom) throws -> VariableStore {
        var store = try makeStore(capacity: 720)
        _ = try store.apply(BootWish(devices: wish.devices, order: [.bootdisk, .cdrom(0)].shuffled(using: &dice)))
        return store
    }
}
