/// The two brands whose zones are virtual machines (the zone's `brand` property).
public enum Brand: String, CaseIterable, Sendable {
    case bhyve
    case kvm
}
