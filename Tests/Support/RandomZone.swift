/// A zone that zonecfg(8) would take, with a machine that nothing is wrong with: the same one for a seed in every run.
package struct RandomZone: Sendable {
    /// An attribute that a zone may have.
    package struct Choice: Sendable {
        package let name: String
        let example: String
        /// Those of a list.
        let numbers: ClosedRange<Int>?

        package init(_ name: String, example: String, numbers: ClosedRange<Int>?) {
            (self.name, self.example, self.numbers) = (name, example, numbers)
        }
    }

    package let brand: String
    /// Each on a line of the file.
    package private(set) var attributes: [(name: String, value: String)] = []
    /// The other resources.
    private var resources: [String] = []

    package init(seed: Int, brand: String, choices: [Choice]) {
        self.brand = brand
        var dice = FixedRandom(seed: UInt64(seed))
        for choice in choices where dice.below(2) == 0 && !Self.needsOthers.contains(choice.name) {
            guard let numbers = choice.numbers else {
                attributes.append((choice.name, Self.value(choice, nil, brand, &dice)))
                continue
            }
            // Four places of a PC are all that CD-ROMs have in a kvm zone.
            let most = choice.name == "cdrom" && brand == "kvm" ? 4 : 16
            for number in numbers.prefix(most) where dice.below(3) == 0 {
                attributes.append((choice.name + String(number), Self.value(choice, number, brand, &dice)))
            }
        }
        // The QEMU of kvm zones takes eight e1000.
        resources = (0..<dice.below(brand == "kvm" ? 9 : 17)).map { number in
            let address = dice.below(2) == 0 ? "mac-addr=\"2:8:20:0:0:\(String(number + 1, radix: 16))\"" : ""
            return "<network physical=\"vm\(number)\" \(address)/>"
        }
        resources.append("<device match=\"/dev/zvol/rdsk/*\"/>")
        resources.append("<device match=\"/dev/ppt*\"/>")
        for directory in ["/iso", "/data", "/images"] {
            resources.append("<filesystem special=\"\(directory)\" directory=\"\(directory)\" type=\"lofs\"/>")
        }
    }

    /// What goes with others alone, or says a name of the host's.
    private static let needsOthers = ["bootnext", "bootorder", "password", "sshkey", "extra"]

    /// Names that a shell would take apart.
    private static let words = [
        "vm0", "it's", "a\"b", "$HOME", "$(id)", "`id`", "a;b", "a&b", "*", "~", "a|b", "<a>", "#a", "{a,b}", "!!",
        "[a]",
        "a\\b", "é", "a%b",
    ]

    private static func value(
        _ choice: Choice, _ number: Int?, _ brand: String, _ dice: inout FixedRandom
    ) -> String {
        let word = words[dice.below(words.count)].split(separator: ",").joined()
        switch (choice.name, number) {
        case ("ram", _): return ["\(1 + dice.below(64))G", "\(256 * (1 + dice.below(16)))M"][dice.below(2)]
        case ("vcpus", _): return String(1 + dice.below(16))
        case ("disk", let number?): return ["rpool/\(number)", "/images/\(number)\(word)"][dice.below(2)]
        case ("bootdisk", _): return "/images/boot\(word)"
        case ("cdrom", let number?): return "/iso/\(number)\(word)"
        case ("com", let number?): return "socket,/tmp/\(word)\(number)"
        case ("virtfs", let number?): return "share\(number),/data/\(word)"
        case ("cloud-init", _): return ["on", choice.example][dice.below(2)]
        case ("diskif", _) where brand == "kvm": return "virtio"
        default: return choice.example
        }
    }

    /// The attributes in another order. In a kvm zone that of a list's members means something.
    package func shuffled(_ dice: inout FixedRandom) -> [(name: String, value: String)] {
        let shuffled = attributes.shuffled(using: &dice)
        guard brand == "kvm" else { return shuffled }
        let isMember = { (name: String) in name.utf8.last.map { (0x30...0x39).contains($0) } ?? false }
        var members = attributes.filter { isMember($0.name) }[...]
        return shuffled.map { isMember($0.name) ? members.removeFirst() : $0 }
    }

    /// The zone's XML. The attributes stand in this order, or else in the order in which they were drawn.
    package func xml(name: String = "vm", attributes order: [(name: String, value: String)]? = nil) -> String {
        let lines = (order ?? attributes).map {
            "<attr name=\"\($0.name)\" type=\"string\" value=\"\(Self.escaped($0.value))\"/>"
        }
        return "<zone name=\"\(name)\" zonepath=\"/zones/\(name)\" brand=\"\(brand)\">\n"
            + (lines + resources).joined(separator: "\n") + "\n</zone>\n"
    }

    private static func escaped(_ text: String) -> String {
        text.map { ["&", "<", "\""].contains($0) ? "&#\($0.asciiValue ?? 0x20);" : String($0) }.joined()
    }
}
