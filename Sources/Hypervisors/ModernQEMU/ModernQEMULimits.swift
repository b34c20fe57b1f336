import Machine

/// What today's QEMU refuses of a kvm zone's texts for QEMU. A bhyve zone's limits are bhyve's, and told where bhyve is.
extension Findings {
    mutating func checkModernQEMU() {
        checkRTC(clocks: ["host", "vm", "rt"])
        checkConsole()
    }
}
