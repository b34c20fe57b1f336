import Testing

@testable import ZoneLab

/// Whether an acceleration of QEMU's runs a guest: one that does, one that is too slow, and one that there is not.
@Suite struct KVMTrialTests {
    @Test(
        "a guest runs to its last instruction, or the acceleration is of no use",
        arguments: [("tcg", 300, true), ("tcg", 0, false), ("nonsense", 300, false)])
    func trial(_ row: (accelerator: String, seconds: Int, works: Bool)) {
        #expect(KVMTrial.works(row.accelerator, within: .seconds(row.seconds)) == row.works)
    }
}
