import Machine
import Text

/// What a zone's attributes want of the firmware.
package struct BootWish: Sendable {
    package let devices: [BootDevice]
    /// The attr `bootorder`.
    package let order: [BootEntry]
    /// The attr `bootnext`.
    package let next: BootEntry?

    package init(devices: [BootDevice], order: [BootEntry], next: BootEntry? = nil) {
        self.devices = devices
        self.order = order
        self.next = next
    }
}

/// What came of it.
package struct BootOutcome: Equatable, Sendable {
    /// Entries of the order that the firmware does not have yet, and that cannot be made for it.
    package let missing: [BootEntry]
    /// True when the next boot is another one: BootNext is set.
    package let setsNext: Bool
}

extension VariableStore {
    /// Sets the boot order: the entries that are wished for, each once, then the others that were in it. A device without an
    /// entry gets one; one of ours goes when the firmware has made its own for the same place, or when nothing that boots
    /// is there any more. Throws when the store is full, and then nothing is changed.
    package mutating func apply(_ wish: BootWish) throws(ValueError) -> BootOutcome {
        var edit = BootEdit(BootVariables(self), wish.devices)
        edit.removeStale()
        let (listed, missing) = edit.resolve(wish.order)
        let next = wish.next.flatMap { edit.resolve([$0]).listed.first }
        var store = self
        try store.write(edit, listed)
        if let next { try store.set(BootVariables.next, to: [UInt8](units: [next])) }
        self = store
        return BootOutcome(missing: missing, setsNext: next != nil)
    }

    private mutating func write(_ edit: BootEdit, _ listed: [UInt16]) throws(ValueError) {
        for number in edit.removed.keys.sorted() { delete(BootVariables.name(number)) }
        for (number, option) in edit.made { try set(BootVariables.name(number), to: option.bytes) }
        guard let order = edit.order(listed) else { return }
        if order.isEmpty { return delete(BootVariables.order) }
        try set(BootVariables.order, to: [UInt8](units: order))
    }
}

/// The entries as they are to be.
private struct BootEdit {
    private var variables: BootVariables
    private let devices: [BootDevice]
    /// Entries that were added.
    private(set) var made: [(number: UInt16, option: LoadOption)] = []
    /// Entries that go, each with the one that takes its place in the order.
    private(set) var removed: [UInt16: UInt16?] = [:]

    init(_ variables: BootVariables, _ devices: [BootDevice]) {
        self.variables = variables
        self.devices = devices
    }

    /// Removes our own entries that have had their time.
    mutating func removeStale() {
        for (number, option) in variables.options where option.isOwn {
            let better = variables.options.last {
                $0.option.isMadeByFirmware && $0.option.isOffered && $0.option.target == option.target
            }
            if let better {
                removed[number] = .some(better.number)
            } else if !devices.contains(where: { $0.entry?.target == option.target }) {
                removed[number] = .some(nil)
            }
        }
        for number in removed.keys { variables.remove(number) }
    }

    /// The numbers that entries stand for, and the entries that stand for none. Those that can be are made.
    mutating func resolve(_ entries: [BootEntry]) -> (listed: [UInt16], missing: [BootEntry]) {
        var listed: [UInt16] = []
        var missing: [BootEntry] = []
        for entry in entries {
            var numbers = variables.numbers(entry, devices)
            if numbers.isEmpty, let number = make(entry) { numbers = [number] }
            if numbers.isEmpty { missing.append(entry) }
            listed += numbers
        }
        return (listed, missing)
    }

    private mutating func make(_ entry: BootEntry) -> UInt16? {
        let option: LoadOption? =
            switch entry {
            case .shell: .shell
            case .bootdisk, .disk, .cdrom: devices.first { $0.name == entry.device }?.entry
            case .net, .path, .boot, .unknown: nil
            }
        guard let option, let number = variables.add(option) else { return nil }
        made.append((number, option))
        return number
    }

    /// BootOrder: those listed, then the others that were in it, each once. `nil` when it is to be left alone.
    func order(_ listed: [UInt16]) -> [UInt16]? {
        guard !listed.isEmpty || !removed.isEmpty else { return nil }
        var order: [UInt16] = []
        for number in listed + variables.order {
            guard let kept = removed[number] ?? number, !order.contains(kept) else { continue }
            order.append(kept)
        }
        return order
    }
}
