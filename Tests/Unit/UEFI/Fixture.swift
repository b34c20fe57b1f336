import Foundation
import Machine

@testable import UEFI

/// A store with these variables in a volume of its own, as small as it can be tried on.
func makeStore(_ variables: [Variable] = [], capacity: Int = 2048) throws -> VariableStore {
    var store = try VariableStore(makeVolume(capacity: capacity))
    for variable in variables { try store.set(variable.name, to: variable.data) }
    return store
}

/// An empty store with room for this many bytes of variables, and a block behind it that is none of the store's.
func makeVolume(capacity: Int) -> [UInt8] {
    let length = 0x64 + capacity + 64
    var bytes = [UInt8](repeating: 0, count: 16) + GUID.variableVolume.bytes
    bytes.append(number: UInt64(length))
    bytes += Array("_FVH".utf8)
    bytes.append(number: UInt32(0x4feff))
    bytes.append(number: UInt16(0x48))
    bytes += [0, 0, 0, 0, 0, 2]
    for word in [UInt32(1), UInt32(length), 0, 0] { bytes.append(number: word) }
    fixChecksum(&bytes)
    bytes += GUID.authenticatedStore.bytes
    bytes.append(number: UInt32(capacity + 28))
    bytes += [0x5a, 0xfe] + [UInt8](repeating: 0, count: 6)
    bytes += [UInt8](repeating: 0xff, count: capacity)
    return bytes + [UInt8](repeating: 0x77, count: 64)
}

func fixChecksum(_ bytes: inout [UInt8]) {
    (bytes[50], bytes[51]) = (0, 0)
    let sum = 0 &- Array(bytes[0..<0x48]).units.reduce(UInt16(0)) { $0 &+ $1 }
    (bytes[50], bytes[51]) = (UInt8(truncatingIfNeeded: sum), UInt8(sum >> 8))
}

func makeVariable(_ name: String, _ data: [UInt8], owner: GUID = .global) -> Variable {
    Variable(name: VariableName(name, owner: owner), attributes: .boot, data: data)
}

func repository(_ path: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../\(path)")
}
