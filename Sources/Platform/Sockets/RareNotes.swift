/// Tells what is worth saying when the same may happen again and again: each text once a minute.
struct RareNotes {
    private var said: [(text: String, pause: Deadline)] = []
    private static let pause = Duration.seconds(60)

    /// True when the text was not said within the last minute; it counts as said now.
    mutating func isDue(_ text: String) -> Bool {
        said.removeAll { $0.pause.hasPassed }
        guard !said.contains(where: { $0.text == text }) else { return false }
        said.append((text, Deadline(in: Self.pause)))
        return true
    }
}
