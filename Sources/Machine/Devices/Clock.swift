extension Attributes {
    static let rtc = Attribute<String>(
        "rtc", "real-time clock",
        .of(
            .kvm, default: "base=utc,driftfix=slew", syntax: "a -rtc of QEMU's", example: "base=localtime",
            parse: Words.asIs))
}
