import Text

/// A table as one of the host's commands prints it.
struct Columns {
    struct Column {
        let title: String
        /// Fixed, with the gap after it; `nil` for as wide as the widest cell.
        var width: Int?
        /// As numbers stand.
        var isRight = false
    }

    let columns: [Column]
    /// Between columns.
    let gap: String

    /// The header, and a line a row.
    func text(_ rows: [[String]]) -> String {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { place in
            columns[place].width ?? all.map { $0[place].count }.max() ?? 0
        }
        return all.map { "\(line($0, widths))\n" }.joined()
    }

    private func line(_ row: [String], _ widths: [Int]) -> String {
        let cells = columns.indices.map { place in
            let blanks = String(repeating: " ", count: max(0, widths[place] - row[place].count))
            return columns[place].isRight ? blanks + row[place] : row[place] + blanks
        }
        let text = cells.joined(separator: gap)
        return String(text.prefix(text.count - text.reversed().prefix { $0 == " " }.count))
    }
}
