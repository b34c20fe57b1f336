import Text

/// Names, found by their shapes: most that are not here are told apart without a look at a letter.
struct NameIndex: Sendable {
    /// A name, and the place of the row that has it.
    private struct Entry: Sendable {
        let name: String
        let place: Int
        let shape: NameShape
    }

    /// By the length of the name.
    private let entries: [[Entry]]

    init(_ names: [(name: String, place: Int)]) {
        var entries: [[Entry]] = []
        for (name, place) in names {
            let shape = NameShape(name.utf8)
            while entries.count <= shape.count { entries.append([]) }
            entries[shape.count].append(Entry(name: name, place: place, shape: shape))
        }
        self.entries = entries
    }

    /// The rows that have this very name, in their order.
    func places(of name: String, shape: NameShape) -> [Int] {
        guard shape.count < entries.count else { return [] }
        return entries[shape.count].compactMap { $0.shape == shape && $0.name == name ? $0.place : nil }
    }

    /// The row with the nearest name, and how many edits lead to it; `nil` when none is within the shape's tolerance.
    func nearest(to name: String, shape: NameShape, where counts: (Int) -> Bool) -> (place: Int, distance: Int)? {
        var best: (place: Int, distance: Int)?
        lazy var lower = name.lowercasedASCII
        let lengths = (shape.count - shape.tolerance)...(shape.count + shape.tolerance)
        for length in lengths.clamped(to: 0...(entries.count - 1)) {
            for entry in entries[length] where shape.mayBe(within: shape.tolerance, of: entry.shape) {
                guard counts(entry.place) else { continue }
                let limit = best.map { $0.distance - 1 } ?? shape.tolerance
                guard let distance = lower.editDistance(to: entry.name, atMost: limit) else { continue }
                best = (entry.place, distance)
            }
        }
        return best
    }
}
