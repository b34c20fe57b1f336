/// A slot on the machine's PCI bus, 0–31. The brand's fixed places have names.
package struct PCISlot: Hashable, Sendable {
    package let number: Int

    fileprivate init(_ number: Int) {
        self.number = number
    }

    /// The host bridge.
    package static let hostBridge = PCISlot(0)
    /// The LPC bridge, of guests other than Windows.
    package static let lpc = PCISlot(1)
    /// CD-ROMs 0 to 7.
    package static let cdroms = PCISlot(3)
    /// The boot disk.
    package static let bootDisk = PCISlot(4)
    /// Disks 0 to 7.
    package static let disks = PCISlot(5)
    /// NICs 0 to 7.
    package static let nics = PCISlot(6)
    /// The CD-ROMs, when a BIOS is to try the boot disk first: it tries slots in order.
    package static let cdromsBehindDisks = PCISlot(7)
    /// Disks 8 to 15.
    package static let moreDisks = PCISlot(8)
    /// Devices of the host, but those with a slot of their own.
    package static let passthrough = PCISlot(9)
    /// The random number device.
    package static let rng = PCISlot(10)
    /// Shared directories.
    package static let shares = PCISlot(11)
    /// NICs 8 to 15.
    package static let moreNICs = PCISlot(12)
    /// cloud-init's seed.
    package static let cloudInit = PCISlot(29)
    /// The screen and its tablet.
    package static let framebuffer = PCISlot(30)
    /// The LPC bridge, of Windows.
    package static let lpcForWindows = PCISlot(31)
}

/// A function of a slot, 0–7.
package struct PCIFunction: Hashable, Sendable {
    package let number: Int

    /// `nil` outside 0–7.
    package init?(_ number: Int) {
        guard Self.range.contains(number) else { return nil }
        self.number = number
    }

    private init(known number: Int) {
        self.number = number
    }

    /// The function that guests look at first.
    package static let zero = PCIFunction(known: 0)
    /// The one after it.
    package static let one = PCIFunction(known: 1)
    static let range = 0...7
    static let all = range.map { PCIFunction(known: $0) }
}

/// A slot and a function: where one device sits.
package struct PCIPlace: Hashable, Sendable {
    /// 0 to 31.
    package let slot: PCISlot
    /// 0 to 7.
    package let function: PCIFunction

    package init(_ slot: PCISlot, _ function: PCIFunction = .zero) {
        self.slot = slot
        self.function = function
    }

    /// `nil` where no slot or function has this number.
    package init?(slot: Int, function: Int) {
        guard (0...31).contains(slot), let function = PCIFunction(function) else { return nil }
        self.slot = PCISlot(slot)
        self.function = function
    }

    /// The place of a list's member: eight to a slot, in the order of the slots; `nil` when they are full.
    package init?(_ index: Int, in slots: [PCISlot]) {
        guard slots.indices.contains(index / PCIFunction.all.count) else { return nil }
        slot = slots[index / PCIFunction.all.count]
        function = PCIFunction.all[index % PCIFunction.all.count]
    }

    /// `4:0`, as bhyve(8) writes it.
    package var description: String { "\(slot.number):\(function.number)" }
}

/// Who sits where. It alone gives out places, so no two devices share one.
struct PCIPlaces {
    private(set) var owners: [PCIPlace: Sourced<String>] = [:]

    /// Assigns a place to its owner. Returns who had it before and keeps it; `nil` when it was free.
    mutating func take(_ place: PCIPlace, for owner: Sourced<String>) -> String? {
        if let other = owners[place] { return other.value }
        owners[place] = owner
        return nil
    }

    /// The lowest free function of a slot; `nil` when all are taken.
    mutating func takeFirstFree(of slot: PCISlot, for owner: Sourced<String>) -> PCIPlace? {
        for place in PCIFunction.all.map({ PCIPlace(slot, $0) }) where owners[place] == nil {
            owners[place] = owner
            return place
        }
        return nil
    }

    /// Slots that have devices but none at function 0, where guests look first; each with the owner of its first device.
    var slotsWithoutFunctionZero: [(slot: PCISlot, owner: Sourced<String>)] {
        let used = owners.sorted {
            ($0.key.slot.number, $0.key.function.number) < ($1.key.slot.number, $1.key.function.number)
        }
        var found: [(slot: PCISlot, owner: Sourced<String>)] = []
        for (place, owner) in used where owners[PCIPlace(place.slot)] == nil && found.last?.slot != place.slot {
            found.append((place.slot, owner))
        }
        return found
    }
}
