import Text

/// What the exit statuses of both QEMUs mean.
enum QEMUEnd {
    /// What a status means; `nil` when QEMU failed, or was told to end. A QEMU that `resets` ends also when the guest resets.
    static func meaning(of status: Int, words: [String], resets: Bool) -> String? {
        guard status == 0, !words.contains(where: { $0.holds(text: "terminating on signal") }) else { return nil }
        return resets ? "the guest powered itself off or reset" : "the guest powered itself off"
    }
}
