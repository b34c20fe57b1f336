import Machine

/// What SMBIOS type 1 says of every bhyve zone's machine.
enum SystemInformation {
    /// The fields as `key=value` with commas between; `spell` writes a value as the hypervisor wants it.
    static func text(_ machine: Machine, spell: (String) -> String = { $0 }) -> String {
        let fields = [
            ("manufacturer", "OmniOS"), ("product", "OmniOS HVM"), ("version", "1.0"),
            ("serial", machine.systemSerial), ("sku", "001"), ("family", "Virtual Machine"),
        ]
        return fields.map { "\($0.0)=\(spell($0.1))" }.joined(separator: ",")
    }
}
