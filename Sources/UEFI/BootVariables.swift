import Machine

/// The boot entries of a store: Boot#### and BootOrder (UEFI 2.10 §3.1, §3.3).
struct BootVariables {
    static let order = VariableName("BootOrder")
    static let next = VariableName("BootNext")

    /// By number; what is not a load option is left out.
    private(set) var options: [(number: UInt16, option: LoadOption)]
    /// BootOrder.
    let order: [UInt16]
    /// The numbers that are taken, whatever they hold.
    private var taken: Set<UInt16>

    init(_ store: VariableStore) {
        options = []
        taken = []
        order = store.variable(Self.order)?.data.units ?? []
        taken.formUnion(order)
        for variable in store.variables {
            guard let number = Self.number(variable.name) else { continue }
            taken.insert(number)
            if let option = LoadOption(variable.data) { options.append((number, option)) }
        }
        options.sort { $0.number < $1.number }
    }

    /// The name of an entry: `Boot` and four digits, hexadecimal, in capitals.
    static func name(_ number: UInt16) -> VariableName {
        let digits = String(number, radix: 16, uppercase: true)
        return VariableName("Boot" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
    }

    private static func number(_ name: VariableName) -> UInt16? {
        guard name.owner == .global, name.units.count == 8 else { return nil }
        guard let number = UInt16(String(decoding: name.text.utf8.dropFirst(4), as: UTF8.self), radix: 16) else {
            return nil
        }
        return self.name(number) == name ? number : nil
    }

    /// Adds an entry under the lowest number that is free; `nil` when there is none.
    mutating func add(_ option: LoadOption) -> UInt16? {
        guard let number = (0...UInt16.max).first(where: { !taken.contains($0) }) else { return nil }
        taken.insert(number)
        options.append((number, option))
        return number
    }

    /// Takes an entry away.
    mutating func remove(_ number: UInt16) { options.removeAll { $0.number == number } }

    /// The numbers of the entries that lead to a target, of which the last one counts.
    func last(_ target: LoadOption.Target) -> UInt16? {
        options.last { $0.option.isOffered && $0.option.target == target }?.number
    }

    /// The numbers an entry of the vocabulary stands for, in order: none when the firmware has none; several for a network
    /// card, which has one for each version of IP.
    func numbers(_ entry: BootEntry, _ devices: [BootDevice]) -> [UInt16] {
        let offered = options.filter { $0.option.isOffered }
        switch entry {
        case .unknown: return []
        case .shell: return [last(.application(.shell))].compactMap { $0 }
        case .boot(let number): return offered.filter { Int($0.number) == number }.map { $0.number }
        case .path(let index):
            let files = offered.filter { $0.option.target == .file }
            return files.indices.contains(index) ? [files[index].number] : []
        case .bootdisk, .disk, .cdrom: return numbers(entry.device, [.disk], devices)
        case .net(_, .http): return numbers(entry.device, [.http4, .http6], devices)
        case .net: return numbers(entry.device, [.network4, .network6, .disk], devices)
        }
    }

    private func numbers(_ name: String?, _ ways: [LoadOption.Way], _ devices: [BootDevice]) -> [UInt16] {
        guard let place = devices.first(where: { $0.name == name })?.place else { return [] }
        return ways.compactMap {
            last(.device(slot: place.slot.number, function: place.function.number, way: $0))
        }
    }
}
