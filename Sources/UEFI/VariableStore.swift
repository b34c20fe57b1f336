import Text

/// The UEFI variables of a machine, as EDK II keeps them in flash: an authenticated variable store in a firmware volume.
/// What is not changed stays as it is, byte for byte.
package struct VariableStore: Equatable, Sendable {
    /// The whole file.
    package private(set) var bytes: [UInt8]
    private let header: VolumeHeader
    private(set) var records: [VariableRecord]

    /// Throws what is wrong with the bytes, and where.
    package init(_ bytes: [UInt8]) throws(ValueError) {
        header = try VolumeHeader(bytes)
        records = try Self.records(bytes, header.variables)
        self.bytes = bytes
        try checkFreeSpace()
    }

    /// Bytes that no variable has used yet.
    package var freeBytes: Int { header.variables.upperBound - freeStart }

    private var freeStart: Int {
        records.last.map { min($0.end, header.variables.upperBound) } ?? header.variables.lowerBound
    }

    // MARK: Reading

    private static func records(_ bytes: [UInt8], _ range: Range<Int>) throws(ValueError) -> [VariableRecord] {
        var records: [VariableRecord] = []
        var offset = range.lowerBound
        while offset + 2 <= range.upperBound, bytes.number(UInt16.self, at: offset) == VariableRecord.startID {
            guard offset + VariableRecord.headerSize <= range.upperBound, let record = VariableRecord(bytes, at: offset)
            else { throw ValueError("the header of a variable runs past the store", at: offset) }
            try check(record, bytes, range)
            records.append(record)
            offset = record.end
        }
        return records
    }

    private static func check(_ record: VariableRecord, _ bytes: [UInt8], _ range: Range<Int>) throws(ValueError) {
        let start = record.offset + VariableRecord.headerSize
        // Both are below 2^32, so their sum is no more than Int holds.
        guard record.nameSize + record.dataSize <= range.upperBound - start else {
            throw ValueError("a variable runs past the store", at: record.offset)
        }
        guard record.isWhole else { return }
        guard record.nameSize >= 2, record.nameSize % 2 == 0 else {
            throw ValueError("the name of a variable has an impossible size", at: record.offset + 36)
        }
        let end = start + record.nameSize
        guard bytes[end - 1] == 0, bytes[end - 2] == 0 else {
            throw ValueError("the name of a variable has no end", at: start)
        }
    }

    private func checkFreeSpace() throws(ValueError) {
        var offset = freeStart
        while offset < header.variables.upperBound {
            guard bytes[offset] == 0xff else { throw ValueError("the free space is not empty", at: offset) }
            offset += 1
        }
    }

    /// The records that count: those added, and those whose deletion was begun with nothing in their place.
    private var live: [VariableRecord] {
        var added: Set<VariableName> = []
        var last: [VariableName: Int] = [:]
        for record in records {
            guard let name = record.name(in: bytes) else { continue }
            if record.state == VariableState.added, added.insert(name).inserted { last[name] = record.offset }
            if record.state == VariableState.inDeletedTransition, !added.contains(name) { last[name] = record.offset }
        }
        return records.filter { record in record.name(in: bytes).map { last[$0] == record.offset } ?? false }
    }

    /// The variables, in the order in which they were written.
    package var variables: [Variable] { live.compactMap { variable($0) } }

    /// One variable; `nil` when there is none of this name.
    package func variable(_ name: VariableName) -> Variable? {
        live.first { $0.name(in: bytes) == name }.flatMap { variable($0) }
    }

    private func variable(_ record: VariableRecord) -> Variable? {
        record.name(in: bytes).map { Variable(name: $0, attributes: record.attributes, data: record.data(in: bytes)) }
    }

    // MARK: Writing, as flash is written

    /// Sets a variable. The new one is written into the free space and the old one marked deleted; when there is
    /// not enough of it, the deleted ones are dropped first. A value that is there already changes nothing. Attributes of
    /// a variable that exists stay. Throws when there is no room, and then nothing is changed.
    package mutating func set(_ name: VariableName, to data: [UInt8]) throws(ValueError) {
        let old = variable(name)
        guard old?.data != data else { return }
        let new = VariableRecord.bytes(Variable(name: name, attributes: old?.attributes ?? .boot, data: data))
        if new.count > freeBytes { try compact(without: name, for: new.count) }
        let replaced = records.indices.filter { records[$0].isWhole && records[$0].name(in: bytes) == name }
        for index in replaced { mark(index, VariableState.transitionMask) }
        append(new)
        for index in replaced { mark(index, VariableState.deletedMask) }
    }

    /// Deletes a variable, if there is one of this name.
    package mutating func delete(_ name: VariableName) {
        for index in records.indices where records[index].isWhole && records[index].name(in: bytes) == name {
            mark(index, VariableState.transitionMask)
            mark(index, VariableState.deletedMask)
        }
    }

    /// Clears a bit of a variable's state.
    private mutating func mark(_ index: Int, _ mask: UInt8) {
        let offset = records[index].offset
        bytes[offset + VariableRecord.stateOffset] &= mask
        if let record = VariableRecord(bytes, at: offset) { records[index] = record }
    }

    /// Adds the bytes of a record; there is room for them.
    private mutating func append(_ new: [UInt8]) {
        let offset = freeStart
        bytes.replaceSubrange(offset..<offset + new.count, with: new)
        if let record = VariableRecord(bytes, at: offset) { records.append(record) }
    }

    /// Keeps what is live, but for the variable of which a new value comes, and erases the rest. Variables whose deletion
    /// was begun with nothing in their place are added ones again. Throws when the new value has no room even then.
    private mutating func compact(without name: VariableName, for size: Int) throws(ValueError) {
        let kept = live.filter { $0.name(in: bytes) != name }
        let used = kept.reduce(0) { $0 + ($1.end - $1.offset) }
        guard used + size <= header.variables.count else {
            throw ValueError("the variable store is full: \"\(name.text)\" needs \(size) bytes")
        }
        var content: [UInt8] = []
        for record in kept {
            var copy = Array(bytes[record.offset..<min(record.end, header.variables.upperBound)])
            copy[VariableRecord.stateOffset] = VariableState.added
            content += copy + [UInt8](repeating: 0xff, count: copy.count.aligned - copy.count)
        }
        content += [UInt8](repeating: 0xff, count: header.variables.count - content.count)
        bytes.replaceSubrange(header.variables, with: content)
        records = try Self.records(bytes, header.variables)
    }
}
