import Text

/// A GUID, as UEFI stores it: the first three fields little-endian (UEFI 2.10, appendix A).
package struct GUID: Hashable, Sendable {
    private let head: UInt64
    private let tail: UInt64

    /// From the parts of its text: `8be4df61-93ca-11d2-aa0d00e098032b8c`.
    package init(_ first: UInt32, _ second: UInt16, _ third: UInt16, _ rest: UInt64) {
        head = UInt64(first) | UInt64(second) << 32 | UInt64(third) << 48
        tail = rest.byteSwapped
    }

    /// The one at an offset; `nil` when it does not lie within the bytes.
    init?(_ bytes: [UInt8], at offset: Int) {
        guard let head = bytes.number(UInt64.self, at: offset), let tail = bytes.number(UInt64.self, at: offset + 8)
        else { return nil }
        self.head = head
        self.tail = tail
    }

    /// The sixteen bytes, as they are stored.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(number: head)
        bytes.append(number: tail)
        return bytes
    }

    /// `8be4df61-93ca-11d2-aa0d-00e098032b8c`.
    package var text: String {
        let digits = bytes.map { $0.hexadecimal }
        let order = [[3, 2, 1, 0], [5, 4], [7, 6], [8, 9], [10, 11, 12, 13, 14, 15]]
        return order.map { $0.map { digits[$0] }.joined() }.joined(separator: "-")
    }

    /// EFI_GLOBAL_VARIABLE: what UEFI itself defines, such as BootOrder.
    package static let global = GUID(0x8be4_df61, 0x93ca, 0x11d2, 0xaa0d_00e0_9803_2b8c)
    /// EFI_SYSTEM_NV_DATA_FV_GUID: a volume that holds variables.
    static let variableVolume = GUID(0xfff1_2b8d, 0x7696, 0x4c8b, 0xa985_2747_075b_4f50)
    /// EFI_AUTHENTICATED_VARIABLE_GUID: a store with timestamps.
    static let authenticatedStore = GUID(0xaaf3_2c78, 0x947b, 0x439a, 0xa180_2e14_4ec3_7792)
    /// The UEFI shell.
    static let shell = GUID(0x7c04_a583, 0x9e3e, 0x4f1c, 0xad65_e052_68d0_b4d1)
    /// The firmware volume of EDK II's virtual machines, in which the shell lies.
    static let driverVolume = GUID(0x7cb8_bdc9, 0xf8eb, 0x4f34, 0xaaea_3ee4_af65_16a1)
    /// The optional data of entries that the firmware has made itself.
    static let firmwareEntry = GUID(0x8108_ac4e, 0x9f11, 0x4d59, 0x850e_e21a_522c_59b2)
}
