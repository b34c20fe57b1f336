import Platform

/// Colour, where what is printed is seen on a terminal that is to have it.
struct Style: Sendable {
    private let isOn: Bool

    /// That of standard output.
    static var ofOutput: Style { Style(isOn: Program.outputHasColour) }

    func heading(_ text: String) -> String { paint("1", text) }

    /// A zone's state: green when it runs, yellow on the way.
    func state(_ state: String, _ text: String) -> String {
        switch state {
        case "running": paint("32", text)
        case "configured", "installed": text
        default: paint("33", text)
        }
    }

    func grade(_ grade: Finding.Grade) -> String {
        switch grade {
        case .pass: paint("32", grade.label)
        case .warn: paint("33", grade.label)
        case .fail: paint("31", grade.label)
        }
    }

    private func paint(_ code: String, _ text: String) -> String {
        isOn && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}
