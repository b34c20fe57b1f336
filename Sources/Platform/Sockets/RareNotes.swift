/// Tells what is worth saying when the same may happen again and again: each text once a minute.
struct RareNotes {
    private var said: [(text: String, at: Int)] = []
    /// In milliseconds.
    private static let pause = 60_000

    /// True when the text was not said within the last minute; it counts as said now.
    mutating func isDue(_ text: String) -> Bool {
        let now = Clock.milliseconds
        said.removeAll { now - $0.at >= Self.pause }
        guard !said.contains(where: { $0.text == text }) else { return false }
        said.append((text, now))
        return true
    }
}
