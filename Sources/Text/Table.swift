/// Columns of text, each as wide as its widest cell; the last one is free to be long.
package struct Table: Sendable {
    private let header: [String]
    private let rows: [[String]]

    /// Where a row or cell is that is painted: the row is `nil` in the header.
    package typealias Paint = (_ row: Int?, _ column: Int, _ cell: String) -> String

    /// Every row has as many cells as the header.
    package init(_ header: [String], _ rows: [[String]]) {
        self.header = header
        self.rows = rows
    }

    /// Returns the lines. With a width, columns that do not fit are narrowed, the widest first, and a cell goes on below
    /// itself. `paint` may add what takes no room, such as colour.
    package func text(width: Int? = nil, paint: Paint = { $2 }) -> String {
        let widths = widths(within: width)
        var text = line(header, widths) { paint(nil, $0, $1) }
        for (index, row) in rows.enumerated() {
            text += line(row, widths) { paint(index, $0, $1) }
        }
        return text
    }

    /// The table as it is, for a place that is not a terminal.
    package static func text(header: [String], rows: [[String]]) -> String { Table(header, rows).text() }

    private static let gap = 2
    /// No column is made narrower than that.
    private static let narrowest = 8

    private func widths(within limit: Int?) -> [Int] {
        var widths = header.indices.map { column in
            rows.map { $0[column].count }.reduce(header[column].count) { Swift.max($0, $1) }
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - limit
        while excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
            widths[widest] > Self.narrowest
        {
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    /// A row: as many lines as its highest cell has.
    private func line(_ row: [String], _ widths: [Int], _ paint: (Int, String) -> String) -> String {
        let cells = row.indices.map { row[$0].wrapped(to: widths[$0]) }
        let height = cells.map { $0.count }.reduce(1) { Swift.max($0, $1) }
        var text = ""
        for index in 0..<height {
            let parts = cells.map { index < $0.count ? $0[index] : "" }
            let last = parts.lastIndex { !$0.isEmpty } ?? 0
            for column in 0...last {
                text += paint(column, column == last ? parts[column] : parts[column].padded(to: widths[column]))
                if column < last { text += String(repeating: " ", count: Self.gap) }
            }
            text += "\n"
        }
        return text
    }
}

extension String {
    /// The text in lines of at most this many characters. A line ends at a blank, which is dropped, or after a comma, slash,
    /// colon or equals sign, whichever fills it better; where there is none of them, anywhere.
    package func wrapped(to width: Int) -> [String] {
        guard utf8.count > width else { return [self] }
        var rest = Array(self)[...]
        var lines: [String] = []
        while rest.count > Swift.max(width, 1) {
            let line = rest.prefix(width)
            let blank = rest[line.endIndex] == " " ? line.endIndex : line.lastIndex(of: " ") ?? line.startIndex
            let mark = (line.lastIndex { $0 == "," || $0 == "/" || $0 == ":" || $0 == "=" } ?? line.startIndex) + 1
            if blank - line.startIndex > width / 2 || blank > mark {
                lines.append(String(rest[..<blank]))
                rest = rest[(blank + 1)...]
            } else {
                let end = mark > line.startIndex + 1 ? mark : line.endIndex
                lines.append(String(rest[..<end]))
                rest = rest[end...]
            }
        }
        return lines + [String(rest)]
    }
}
