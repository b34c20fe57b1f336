/// What zonecfg knows of a zone: its properties and the kinds of its resources, with the names in its XML.
struct ResourceKind {
    /// As zonecfg calls it: `net`.
    let name: String
    /// As the XML calls it: `network`.
    let element: String
    let properties: [Property]
    /// Property that tells one from another.
    let key: String
    /// What `add` inside it adds: `options`, `property`.
    var list: List?

    /// `an attr`, `a net`.
    var withArticle: String { (["attr", "fs"].contains(name) ? "an " : "a ") + name }

    struct Property {
        let name: String
        /// Its XML attribute.
        let attribute: String
        let isRequired: Bool

        init(_ name: String, attribute: String? = nil, isRequired: Bool = false) {
            self.name = name
            self.attribute = attribute ?? name
            self.isRequired = isRequired
        }
    }

    struct List {
        let name: String
        let element: String
        /// `property` has a name and a value, `options` a name alone.
        let hasValue: Bool
    }

    static let all = [
        ResourceKind(
            name: "fs", element: "filesystem",
            properties: [
                Property("dir", attribute: "directory", isRequired: true), Property("special", isRequired: true),
                Property("raw"), Property("type", isRequired: true),
            ], key: "dir", list: List(name: "options", element: "fsoption", hasValue: false)),
        ResourceKind(
            name: "net", element: "network",
            properties: [
                Property("address"), Property("allowed-address"), Property("defrouter"), Property("global-nic"),
                Property("mac-addr"), Property("physical", isRequired: true), Property("vlan-id"),
            ], key: "physical", list: List(name: "property", element: "net-attr", hasValue: true)),
        ResourceKind(
            name: "device", element: "device", properties: [Property("match", isRequired: true)], key: "match",
            list: List(name: "property", element: "net-attr", hasValue: true)),
        ResourceKind(
            name: "attr", element: "attr",
            properties: [
                Property("name", isRequired: true), Property("type", isRequired: true),
                Property("value", isRequired: true),
            ], key: "name"),
        ResourceKind(
            name: "dataset", element: "dataset", properties: [Property("name", isRequired: true)], key: "name"),
    ]

    /// Properties of the zone itself, in the order of `info`; its name comes first there.
    static let zoneProperties = [
        "zonepath", "brand", "autoboot", "bootargs", "pool", "limitpriv", "scheduling-class", "ip-type", "hostid",
        "fs-allowed",
    ]

    /// What else a host's zonecfg knows: said to be left out, not unknown.
    static let leftOut = [
        "rctl", "dedicated-cpu", "capped-cpu", "capped-memory", "admin", "security-flags", "cpu-shares", "max-lwps",
        "inherit-pkg-dir",
    ]
}
