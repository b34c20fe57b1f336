/// What `zoneadm boot -- …` hands on to init, or the zone's `bootargs` when nothing is given, as zoneadmd reads it.
struct BootArguments: Equatable {
    /// A program in place of the brand's init (`-i`).
    private(set) var program: String?
    /// init's arguments.
    private(set) var words: [String] = []
    /// What zoneadmd does not know, or drops; empty when there is nothing.
    private(set) var invalid = ""
    /// True when there are words that are dropped.
    private(set) var dropsWords = false

    init(_ text: String) {
        var rest = text.split { $0 == " " || $0 == "\t" }.map(String.init)[...]
        // A kernel's name, as reboot(8) has it.
        if rest.first?.hasPrefix("-") == false { rest.removeFirst() }
        while let word = rest.first, word.hasPrefix("-"), word != "-" {
            rest.removeFirst()
            if word == "--" { break }
            take(word.dropFirst(), &rest)
        }
        dropsWords = !rest.isEmpty
        for word in rest { invalid += (invalid.isEmpty ? "" : " ") + word }
    }

    /// A group of options, whose last one may have its value in the next word.
    private mutating func take(_ group: Substring, _ rest: inout ArraySlice<String>) {
        var letters = group
        while let letter = letters.popFirst() {
            switch letter {
            // It is for zoneadm.
            case "f": break
            case "s": words.append("-s")
            case "i", "m":
                guard let value = letters.isEmpty ? rest.popFirst() : String(letters) else { return refuse(letter) }
                if letter == "i" { program = value } else { words += ["-m", value] }
                return
            default: refuse(letter)
            }
        }
    }

    /// init gets it all the same.
    private mutating func refuse(_ letter: Character) {
        words.append("-\(letter)")
        invalid += " -\(letter)"
    }
}
