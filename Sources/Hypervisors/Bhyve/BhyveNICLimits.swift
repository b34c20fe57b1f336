import Machine
import Text

/// NICs: viona, and the two models on top of a DLPI backend.
extension Findings {
    mutating func checkBhyveNICs() {
        for nic in machine.nics {
            checkModel(of: nic, among: BhyveLimits.nicModels, of: "bhyve")
            checkReference(nic.link.value, nic.link.origin, in: "net \(nic.link.value.quoted): ")
            for option in nic.properties {
                let property = Property(option, of: nic)
                if checkReserved(option, property.origin, in: property.place) { continue }
                checkReference(option.text, property.origin, in: property.place)
                if nic.model.value == "virtio-net-viona" { checkViona(property) } else { checkDLPI(property) }
            }
        }
    }

    /// One property of a NIC, and how messages name it.
    private struct Property {
        let key: String
        let option: DeviceOption
        let model: String
        let origin: Origin
        let place: String

        init(_ option: DeviceOption, of nic: NIC) {
            self.option = option
            key = option.key
            model = nic.model.value
            origin = nic.link.origin
            place = nic.place(option.key)
        }
    }

    private mutating func checkViona(_ property: Property) {
        switch property.key {
        case "vqsize", "txvqsize", "rxvqsize":
            checkNumber(property, "a power of two from 2 to 32768") {
                (2...32768).contains($0) && $0 & ($0 - 1) == 0
            }
        case "qpair": checkNumber(property, "a number from 1 to 256") { (1...256).contains($0) }
        case "feature_mask": checkNumber(property, "a number") { _ in true }
        // The hook sets a property of the link by promiscphys.
        case "speed", "promiscphys": break
        default: reportUnknown(property)
        }
    }

    private mutating func checkDLPI(_ property: Property) {
        switch property.key {
        case "mtu": _ = checkLeadingZero(property.option, property.origin, in: property.place)
        case "mac": checkAddress(property)
        case "promiscphys", "promiscrxonly", "promiscsap", "promiscmulti": break
        default: reportUnknown(property)
        }
    }

    private mutating func reportUnknown(_ property: Property) {
        report(
            .warning, property.origin,
            "\(property.place)\(property.model) does not know it; it is passed on, and ignored",
            "remove it if it is a mistake")
    }

    private mutating func checkNumber(_ property: Property, _ what: String, _ accepts: (UInt64) -> Bool) {
        if checkLeadingZero(property.option, property.origin, in: property.place) { return }
        let value = property.option.value ?? ""
        if let number = value.bhyveNumber, accepts(number) { return }
        report(
            .error, property.origin, "\(property.place)\(value.quoted) is not \(what)",
            "write it in decimal, or in hexadecimal with 0x")
    }

    /// A wrong address ends bhyve; a right one is replaced by the VNIC's.
    private mutating func checkAddress(_ property: Property) {
        let remedy = "remove it; the net resource's mac-addr is the NIC's address"
        let value = property.option.value ?? ""
        if MACAddress(value) == nil {
            report(.error, property.origin, "\(property.place)\(value.quoted) is not a MAC address", remedy)
        } else {
            report(.warning, property.origin, "\(property.place)it is replaced by the VNIC's address", remedy)
        }
    }
}
