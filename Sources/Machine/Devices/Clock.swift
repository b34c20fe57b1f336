import Text

extension Attributes {
    static let clock = Attribute<ClockBase>(
        "rtc", "real-time clock", from: .ours, elsewhere: ["utctime", "localtime"],
        .of(
            .bhyve, syntax: "utc or localtime; bhyve keeps local time by itself", example: "utc",
            parse: { text throws(ValueError) in try Choice.parse(text, ClockBase.allCases) }))
    static let rtc = Attribute<String>(
        "rtc", "real-time clock",
        .of(
            .kvm, default: "base=utc,driftfix=slew", syntax: "a -rtc of QEMU's", example: "base=localtime",
            parse: Words.asIs))
}

/// What a guest's real-time clock shows when it starts.
package enum ClockBase: String, CaseIterable, Sendable {
    case utc, localtime
}

extension ClockBase: AttributeValue {
    var text: String { rawValue }
}
