import Platform

/// Arguments as a shell splits them.
enum Words {
    static func parse(_ text: String) throws(ValueError) -> [String] {
        do {
            return try ShellWords.split(text)
        } catch {
            let problem =
                switch error {
                case .unclosedQuote(let quote): "the quote " + String(quote) + " is not closed"
                case .nothingEscaped: "nothing follows the backslash at the end"
                }
            throw ValueError("in \"" + text + "\" " + problem, remedy: "quote the words as a shell wants them")
        }
    }
}

extension MachineBuilder {
    func extra() -> [Sourced<[String]>] {
        var extra: [Sourced<[String]>] = []
        for member in settings.list(.extra, brand: brand) {
            guard case .words(let words) = member.setting.value, !words.isEmpty else { continue }
            extra.append(member.setting.sourced(words))
        }
        return extra
    }
}
