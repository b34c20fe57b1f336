/// What a variable is known by: its name and its owner.
package struct VariableName: Hashable, Sendable {
    /// UTF-16, without the NUL at its end. Any units: not every name is text.
    package let units: [UInt16]
    package let owner: GUID

    package init(units: [UInt16], owner: GUID) {
        self.units = units
        self.owner = owner
    }

    /// One of UEFI's own.
    package init(_ name: String, owner: GUID = .global) {
        self.init(units: Array(name.utf16), owner: owner)
    }

    /// The name, for people.
    package var text: String { String(units: units) }
}

/// What UEFI 2.10 §8.2 says about a variable's life.
package struct VariableAttributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let nonVolatile = Self(rawValue: 1)
    package static let bootServices = Self(rawValue: 2)
    package static let runtime = Self(rawValue: 4)
    /// What UEFI's boot variables have.
    package static let boot: Self = [.nonVolatile, .bootServices, .runtime]
}

/// A variable and its value.
package struct Variable: Hashable, Sendable {
    package let name: VariableName
    package let attributes: VariableAttributes
    package let data: [UInt8]
}

/// How far the writing or the deletion of a variable got. Each step clears a bit, as flash can.
enum VariableState {
    static let unwritten: UInt8 = 0xff
    static let added: UInt8 = 0x3f
    static let inDeletedTransition: UInt8 = 0x3e
    /// What a step leaves of the bits.
    static let transitionMask: UInt8 = 0xfe
    static let deletedMask: UInt8 = 0xfd
}

/// Where a variable lies in the file: AUTHENTICATED_VARIABLE_HEADER, name, data.
struct VariableRecord: Equatable, Sendable {
    static let headerSize = 60
    static let startID: UInt16 = 0x55aa
    static let stateOffset = 2

    let offset: Int
    let state: UInt8
    let attributes: VariableAttributes
    let nameSize: Int
    let dataSize: Int

    /// Where the next one begins.
    var end: Int { (offset + Self.headerSize + nameSize + dataSize).aligned }
    /// True when its value counts, or did until its deletion was begun.
    var isWhole: Bool { state == VariableState.added || state == VariableState.inDeletedTransition }

    /// The header at an offset, whose sizes may be any. One whose header was never finished has no name and no data.
    init?(_ bytes: [UInt8], at offset: Int) {
        guard let attributes = bytes.number(UInt32.self, at: offset + 4),
            let nameSize = bytes.number(UInt32.self, at: offset + 36),
            let dataSize = bytes.number(UInt32.self, at: offset + 40), offset + Self.headerSize <= bytes.count
        else { return nil }
        self.offset = offset
        state = bytes[offset + Self.stateOffset]
        self.attributes = VariableAttributes(rawValue: attributes)
        let isFinished =
            state != VariableState.unwritten && ![attributes, nameSize, dataSize].contains(UInt32.max)
        self.nameSize = isFinished ? Int(nameSize) : 0
        self.dataSize = isFinished ? Int(dataSize) : 0
    }

    func name(in bytes: [UInt8]) -> VariableName? {
        let start = offset + Self.headerSize
        guard nameSize >= 2, let owner = GUID(bytes, at: offset + 44) else { return nil }
        return VariableName(units: Array(bytes[start..<start + nameSize - 2]).units, owner: owner)
    }

    func data(in bytes: [UInt8]) -> [UInt8] {
        let start = offset + Self.headerSize + nameSize
        return Array(bytes[start..<start + dataSize])
    }

    /// The bytes of a variable that is there: no counter, timestamp or key, as for all that needs no signature.
    static func bytes(_ variable: Variable) -> [UInt8] {
        let name = [UInt8](units: variable.name.units + [0])
        var bytes: [UInt8] = []
        bytes.append(number: startID)
        bytes += [VariableState.added, 0]
        bytes.append(number: variable.attributes.rawValue)
        bytes += [UInt8](repeating: 0, count: 28)
        bytes.append(number: UInt32(truncatingIfNeeded: name.count))
        bytes.append(number: UInt32(truncatingIfNeeded: variable.data.count))
        bytes += variable.name.owner.bytes + name + variable.data
        return bytes + [UInt8](repeating: 0xff, count: bytes.count.aligned - bytes.count)
    }
}

extension Int {
    /// Rounded up to where a variable can begin.
    var aligned: Int { (self + 3) & ~3 }
}
