import Text

/// The lab's links: names with addresses.
struct LinkStore: Equatable {
    struct VNIC: Equatable {
        let name: String
        /// The link it is made over.
        let over: String
        let mac: String
        let vlan: String
    }

    /// The links that need no creating.
    static let physical = ["net0", "net1"]

    /// In the order in which they were made.
    private(set) var vnics: [VNIC]

    /// Reads the list that ``text`` is. Lines that are no VNICs are skipped.
    init(text: String) {
        vnics = text.records.compactMap { line in
            let fields = line.pieces(separator: "\t")
            return fields.count == 4 ? VNIC(name: fields[0], over: fields[1], mac: fields[2], vlan: fields[3]) : nil
        }
    }

    /// The list: a line each, its name, the link it is over, its address and VLAN between tabs.
    var text: String {
        vnics.map { "\([$0.name, $0.over, $0.mac, $0.vlan].joined(separator: "\t"))\n" }.joined()
    }

    /// The VNIC of this name; `nil` when there is none.
    subscript(name: String) -> VNIC? { vnics.first { $0.name == name } }

    /// True when there is a link of this name.
    func has(_ link: String) -> Bool { LinkStore.physical.contains(link) || self[link] != nil }

    /// What dladm(8) takes for a link's name: letters, digits and `_`, a digit last, 31 at most.
    static func isName(_ name: String) -> Bool {
        name.utf8.last?.isDigit == true && name.utf8.count <= 31
            && name.utf8.allSatisfy { $0.isDigit || $0 == 0x5f || (0x61...0x7a).contains($0 | 0x20) }
    }

    mutating func add(_ vnic: VNIC) { vnics.append(vnic) }

    mutating func remove(_ name: String) { vnics.removeAll { $0.name == name } }

    // MARK: In the lab

    private static let file = "\(GlobalZone.stateDirectory)/links"

    /// Those of this lab.
    static func read() -> LinkStore { LinkStore(text: Files.text(file) ?? "") }

    func write() throws { try Files.write(LinkStore.file, text) }
}
