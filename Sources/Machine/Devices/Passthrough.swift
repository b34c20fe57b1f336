import Text
import ZoneConfig

extension Attributes {
    static let ppt = ListAttribute<PassthroughChoice>(
        "ppt", "device passed through to the guest", elsewhere: ["passthru", "passthrough", "hostpci", "hostdev"],
        .of(
            .bhyve, numbers: 0...7, plain: .ignored, syntax: "on, off, or slot0 to slot7", example: "on",
            parse: PassthroughChoice.init))
}

/// Whether and where a PCI device is passed through (attr `pptN`).
package enum PassthroughChoice: Equatable, Sendable {
    case off
    /// At the first free function of the slot.
    case anywhere
    /// At this function.
    case function(PCIFunction)

    init(_ text: String) throws(ValueError) {
        if let flag = try? Flag.parse(text) {
            self = flag ? .anywhere : .off
        } else if let function = text.dropping(prefix: "slot")?.decimal(in: 0...7).flatMap({ PCIFunction($0) }) {
            self = .function(function)
        } else {
            throw ValueError(
                text, isNot: "a place for a passed-through device", remedy: "use on, off or slot0 to slot7")
        }
    }
}

/// A PCI device of the host.
package struct PassedThrough: Equatable, Sendable {
    /// `/dev/ppt0`.
    package let device: String
    /// Where the guest sees it.
    package let place: PCIPlace
    /// The attribute that passes it through.
    package let origin: Origin
}

extension PassedThrough {
    var need: ResourceNeed {
        ResourceNeed(path: device, kind: .device(volume: nil), missing: .warning, origin: origin)
    }
}

extension ResourceCheck {
    /// Devices that a resource gives to the zone, and that the host does not have.
    var absentDeviceDiagnostics: [Diagnostic] {
        machine.passthrough.filter { absentDevices.contains($0.device) }.map {
            Diagnostic(
                .error, file: zone.file, line: $0.origin.line, attribute: $0.origin.attribute,
                message: "\($0.origin.prefix)the host has no \($0.device)",
                remedy: ["pptadm list -a shows the devices that can be passed through; off leaves this one out"])
        }
    }
}

extension MachineBuilder {
    /// Those with a function of their own first, whatever their order: the others take what is left.
    mutating func passthrough() -> [PassedThrough] {
        var devices: [PassedThrough] = []
        var floating: [ListMember<PassthroughChoice>] = []
        for member in settings.read(Attributes.ppt) {
            switch member.setting.value {
            case .off: break
            case .anywhere: floating.append(member)
            case .function(let function):
                let place = PCIPlace(.passthrough, function)
                guard take(place, for: member.name, member.setting.origin) else { continue }
                devices.append(PassedThrough(member, at: place))
            }
        }
        for member in floating {
            let owner = Sourced(member.name, member.setting.origin)
            guard let place = places.takeFirstFree(of: .passthrough, for: owner) else { continue }
            devices.append(PassedThrough(member, at: place))
        }
        return devices.sorted { $0.place.function.number < $1.place.function.number }
    }
}

extension PassedThrough {
    fileprivate init(_ member: ListMember<PassthroughChoice>, at place: PCIPlace) {
        device = "/dev/ppt\(member.index)"
        self.place = place
        origin = member.setting.origin
    }
}
