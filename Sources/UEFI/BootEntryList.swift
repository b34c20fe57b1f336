import Machine

/// A boot entry of a store, as people are shown it.
package struct ListedBootEntry: Equatable, Sendable {
    /// The four digits of `Boot####`.
    package let number: UInt16
    /// What a boot order names it by: `bootdisk`, `net0=http`; `bootN` when nothing else does.
    package let name: BootEntry
    package let option: LoadOption
    /// Where it is in BootOrder, from 1; `nil` when it is not.
    package let position: Int?
    /// True for the one that BootNext names.
    package let isNext: Bool

    /// The name of its variable: `Boot000A`.
    package var variable: String { BootVariables.name(number).text }
}

extension VariableStore {
    /// The boot entries: first those of BootOrder, in its order, then the others by number. The devices are the machine's,
    /// by which the entries get their names.
    package func bootEntries(_ devices: [BootDevice]) -> [ListedBootEntry] {
        let variables = BootVariables(self)
        let next = variable(BootVariables.next)?.data.units.first
        let names = variables.names(devices)
        let entries = variables.options.map { number, option in
            ListedBootEntry(
                number: number, name: names[number] ?? .boot(Int(number)), option: option,
                position: variables.order.firstIndex(of: number).map { $0 + 1 }, isNext: number == next)
        }
        return entries.sorted { ($0.position ?? .max, $0.number) < ($1.position ?? .max, $1.number) }
    }

    /// The numbers in BootOrder.
    package var bootOrder: [UInt16] { BootVariables(self).order }
}

extension BootVariables {
    /// What a boot order names each entry by.
    fileprivate func names(_ devices: [BootDevice]) -> [UInt16: BootEntry] {
        let files = options.filter { $0.option.isOffered && $0.option.target == .file }
        let candidates =
            [.shell] + files.indices.map { BootEntry.path($0) }
            + devices.flatMap { device in
                let entry = BootEntry.parse(device.name)
                guard case .net(let index, _) = entry else { return [entry] }
                return [.net(index, .pxe), .net(index, .http)]
            }
        var names: [UInt16: BootEntry] = [:]
        for candidate in candidates {
            for number in numbers(candidate, devices) { names[number] = names[number] ?? candidate }
        }
        return names
    }
}
