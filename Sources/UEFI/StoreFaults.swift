import Text

extension ValueError {
    /// Why bytes are not a variable store, and where in the file, in bytes: `the name of a variable has no end, at 0x64`.
    init(_ fault: String, at offset: Int) {
        self.init("\(fault), at 0x\(String(offset, radix: 16))")
    }
}
