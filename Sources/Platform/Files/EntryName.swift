import CPlatform
import Text

/// The name of a directory's entry, byte for byte: the kernel takes any but `/` and NUL, whether or not they are UTF-8.
struct EntryName: Equatable, Sendable, Comparable {
    /// What C reads: the bytes and the NUL after them.
    let cString: [CChar]

    init(_ text: String) {
        cString = text.utf8.map { CChar(bitPattern: $0) } + [0]
    }

    /// Copies a NUL-terminated name.
    init(_ name: UnsafePointer<CChar>) {
        var end = 0
        while name[end] != 0 { end += 1 }
        cString = Array(UnsafeBufferPointer(start: name, count: end + 1))
    }

    /// The name for messages alone: where it is not UTF-8, the bytes above ASCII are written as `\xNN`.
    var text: String {
        let bytes = self.bytes
        let text = String(decoding: bytes, as: UTF8.self)
        if text.utf8.elementsEqual(bytes) { return text }
        return String(
            decoding: bytes.flatMap { $0 < 0x80 ? [$0] : Array(("\\x\($0.hexadecimal)").utf8) }, as: UTF8.self)
    }

    /// True when these bytes are at its beginning.
    func begins(with prefix: String) -> Bool { bytes.starts(with: prefix.utf8) }

    private var bytes: [UInt8] { cString.dropLast().map { UInt8(bitPattern: $0) } }

    /// In the order of their bytes.
    static func < (one: EntryName, other: EntryName) -> Bool {
        one.bytes.lexicographicallyPrecedes(other.bytes)
    }
}

extension FileDescriptor {
    /// The names in this directory, sorted; `name` is what errors call it.
    func names(name: String) throws(SystemError) -> [EntryName] {
        var failure: Int32 = 0
        guard let listing = cp_list(number, &failure) else { throw SystemError(code: -failure, action: "list \(name)") }
        defer { cp_list_end(listing) }
        var names: [EntryName] = []
        while let entry = cp_list_next(listing) { names.append(EntryName(entry)) }
        return names.sorted()
    }
}
