import Machine
import Text

@testable import UEFI

/// Stores of UEFI variables: read, edited, and read again.
enum VariablesTarget {
    private static let devices = [
        BootDevice("bootdisk", at: PCIPlace(.bootDisk), drive: "virtio-blk"),
        BootDevice("cdrom0", at: PCIPlace(.cdroms), drive: "ahci-cd"),
        BootDevice(network: "net0", at: PCIPlace(.nics)),
    ]
    private static let entries: [BootEntry] = [
        .shell, .bootdisk, .cdrom(0), .net(0, .pxe), .net(0, .http), .path(0), .path(1), .boot(1), .boot(65535),
        .disk(0),
    ]

    /// The first byte says what the others are: when it is odd, the variables of a store whose headers are right; else the
    /// whole file. The second one says what is wished for.
    static func run(_ bytes: [UInt8]) {
        guard bytes.count >= 2 else { return }
        let content = Array(bytes[2...])
        let file = bytes[0] & 1 == 1 ? volume(content) : fixChecksum(content)
        guard let store = try? VariableStore(file) else { return }
        promise(store.bytes == file, "reading changes nothing")
        _ = store.variables
        _ = store.bootEntries(devices)
        edit(store, wish(bytes[1]))
    }

    private static func wish(_ number: UInt8) -> BootWish {
        let first = Int(number) % entries.count
        let order = (0..<Int(number >> 6) + 1).map { entries[(first + $0 * 3) % entries.count] }
        return BootWish(
            devices: number & 0x20 == 0 ? devices : [], order: order, next: number & 0x10 == 0 ? nil : order.last)
    }

    private static func edit(_ before: VariableStore, _ wish: BootWish) {
        var store = before
        do throws(ValueError) {
            let outcome = try store.apply(wish)
            promise(outcome.missing.count <= wish.order.count, "no more is missing than was wished for")
        } catch {
            promise(store == before, "what fails changes nothing")
            return
        }
        promise(store.bytes.count == before.bytes.count, "a store keeps its size")
        let listed = store.bootEntries(devices)
        promise(listed.count { $0.isNext } <= 1, "one entry is next")
        guard let again = try? VariableStore(store.bytes) else { fatalError("an edited store is not read again") }
        promise(again == store, "an edited store is read as it is")
        let others = before.variables.filter { !$0.name.isOfBooting }
        promise(store.variables.filter { !$0.name.isOfBooting } == others, "other variables are left alone")
        var twice = store
        promise((try? twice.apply(wish)) != nil, "a second edit works")
        promise(twice.bytes == store.bytes, "a second edit changes nothing")
    }

    /// A volume that holds these bytes as its variables, with some free space behind them.
    private static func volume(_ content: [UInt8]) -> [UInt8] {
        let content = content.prefix(4096)
        let space = (content.count + 512 + 3) / 4 * 4
        var bytes = [UInt8](repeating: 0, count: 16) + GUID.variableVolume.bytes
        let length = 0x48 + 28 + space
        bytes.append(number: UInt64(length))
        bytes += Array("_FVH".utf8)
        bytes.append(number: UInt32(0x4feff))
        bytes.append(number: UInt16(0x48))
        bytes += [0, 0, 0, 0, 0, 2]
        for word in [UInt32(1), UInt32(length), 0, 0] { bytes.append(number: word) }
        bytes += GUID.authenticatedStore.bytes
        bytes.append(number: UInt32(space + 28))
        bytes += [0x5a, 0xfe] + [UInt8](repeating: 0, count: 6) + content
        return fixChecksum(bytes + [UInt8](repeating: 0xff, count: length - bytes.count))
    }

    /// With the sum of the volume's header right, which chance would hardly ever hit.
    private static func fixChecksum(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= 0x48 else { return bytes }
        var bytes = bytes
        (bytes[50], bytes[51]) = (0, 0)
        let size = min(Int(bytes.number(UInt16.self, at: 48) ?? 0), bytes.count)
        let sum = 0 &- Array(bytes[0..<size]).units.reduce(UInt16(0)) { $0 &+ $1 }
        (bytes[50], bytes[51]) = (UInt8(truncatingIfNeeded: sum), UInt8(sum >> 8))
        return bytes
    }
}

extension VariableName {
    /// `Boot####`, `BootOrder` and `BootNext`.
    fileprivate var isOfBooting: Bool { owner == .global && text.beginsWith("Boot") }
}
