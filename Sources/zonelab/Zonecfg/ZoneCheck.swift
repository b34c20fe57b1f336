import Glibc
import Machine
import Platform

/// What zonecfg checks before a configuration is committed; last, the brand's own program is asked.
struct ZoneCheck {
    let document: ZoneDocument

    init(_ document: ZoneDocument) {
        self.document = document
    }

    func check() throws {
        for property in ["zonepath", "brand"] where (document.properties[property] ?? "").isEmpty {
            throw LabError(
                document.name + ": required property " + property + " not specified", remedy: "set " + property + "=…")
        }
        guard document.zonepath.hasPrefix("/"), document.zonepath != "/" else {
            throw LabError(document.zonepath + " is not an absolute path", remedy: "set zonepath=/…")
        }
        let brand = try ZoneBrand(document.brand)
        for resource in document.resources { try ZoneCheck.check(resource) }
        try checkNames()
        try askBrand(brand)
    }

    /// A resource by itself, as `end` checks it.
    static func check(_ resource: ZoneDocument.Resource) throws {
        for property in resource.definition.properties
        where property.isRequired && resource.values[property.name] == nil {
            throw LabError(
                resource.kind + ": required property " + property.name + " not specified",
                remedy: "set " + property.name + "=…")
        }
        let types = ["boolean", "int", "string", "uint"]
        if resource.kind == "attr", let type = resource.values["type"], !types.contains(type) {
            throw LabError("attr: \"" + type + "\" is no type", remedy: "set type=string")
        }
        if resource.kind == "fs", resource.values["dir"]?.hasPrefix("/") != true {
            throw LabError("fs: dir \"" + (resource.values["dir"] ?? "") + "\" is not an absolute path")
        }
    }

    private func checkNames() throws {
        for kind in ResourceKind.all {
            var seen: Set<String> = []
            for resource in document.all(kind.name) {
                let name = resource.values[kind.key] ?? ""
                guard seen.insert(name).inserted else {
                    throw LabError(
                        kind.name + ": there are two with " + kind.key + " " + name,
                        remedy: "remove " + kind.name + " " + kind.key + "=" + name)
                }
            }
        }
    }

    /// The brand's verify_cfg gets a temporary file; what it says goes straight to the administrator.
    private func askBrand(_ brand: ZoneBrand) throws {
        guard let command = brand.command(.verifyConfiguration, zone: document.name, zonepath: document.zonepath) else {
            return
        }
        var template = Array("/tmp/zonecfg.XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw LabError(errno: errno, "cannot write in /tmp") }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        Stream.write(descriptor, document.xml)
        close(descriptor)
        let ending = try Child.start(["/bin/sh", "-c", command + " " + path]).wait()
        guard ending.isSuccess else {
            throw LabError(
                document.name + ": the " + brand.name + " brand refuses the configuration: verify " + ending.text)
        }
    }
}

/// Identities of zones.
enum ZoneUUID {
    /// A random one.
    static func make() -> String { UUIDText.random(randomBytes(16)) }
}
