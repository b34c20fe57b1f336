import Foundation
import Glibc
import Machine
import Platform
import Text

/// What zonecfg checks before a configuration is committed; last, the brand's own program is asked.
struct ZoneCheck {
    private let document: ZoneDocument
    /// What the brand's program has said so far: what it says again is not shown again.
    private(set) var said = ""

    init(_ document: ZoneDocument, said: String) {
        self.document = document
        self.said = said
    }

    mutating func check() throws {
        for property in ["zonepath", "brand"] where (document.properties[property] ?? "").isEmpty {
            throw LabError(
                "\(document.name): required property \(property) not specified", remedy: "set \(property)=…")
        }
        try ZoneCheck.checkZonepath(document)
        let brand = try ZoneBrand(document.brand)
        for resource in document.resources { try ZoneCheck.check(resource) }
        try checkAddresses()
        try checkNames()
        try askBrand(brand)
    }

    /// What is the lab's own: a zone installed there would take it along when it goes.
    private static let systemDirectories = [
        "/bin", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run", "/sbin", "/tmp", "/usr", "/var/run",
        GlobalZone.stateDirectory,
    ]

    /// What zonecfg refuses of a zonepath as soon as it is set.
    static func checkZonepathSyntax(_ zonepath: String) throws {
        guard zonepath.hasPrefix("/") else {
            throw LabError("\(zonepath) is not an absolute path.", remedy: "set zonepath=/…")
        }
        guard zonepath.utf8.contains(where: { $0 != UInt8(ascii: "/") }) else {
            throw LabError("/ is not allowed as a zonepath.", remedy: "set zonepath=/…")
        }
    }

    /// A zonepath is a plain path to a place that no other zone and nothing of the system has.
    static func checkZonepath(_ document: ZoneDocument) throws {
        let zonepath = document.zonepath
        try checkZonepathSyntax(zonepath)
        let remedy = "set zonepath=/data/zone/\(document.name)"
        guard
            zonepath.dropFirst().split(separator: "/", omittingEmptySubsequences: false).allSatisfy({
                !["", ".", ".."].contains($0)
            })
        else { throw LabError("zonepath " + zonepath + " holds //, . or ..", remedy: remedy) }
        func overlaps(_ path: String) -> Bool { path.isPath(atOrBelow: zonepath) || zonepath.isPath(atOrBelow: path) }
        if let directory = systemDirectories.first(where: overlaps) {
            throw LabError("zonepath \(zonepath): \(directory) belongs to the system", remedy: remedy)
        }
        if let other = ZoneIndex.read().entries.first(where: { $0.name != document.name && overlaps($0.zonepath) }) {
            throw LabError(
                "zonepath \(zonepath) overlaps that of zone \(other.name), \(other.zonepath)", remedy: remedy)
        }
    }

    /// A resource by itself, as `end` checks it.
    static func check(_ resource: ZoneDocument.Resource) throws {
        for property in resource.definition.properties
        where property.isRequired && resource.values[property.name] == nil {
            throw LabError(
                "\(resource.kind): required property \(property.name) not specified",
                remedy: resource.kind == "attr" && property.name == "type"
                    ? "set type=string" : "set \(property.name)=…")
        }
        if resource.kind == "attr" { try checkType(of: resource) }
        if let dataset = resource.kind == "dataset" ? resource.values["name"] : nil, !isDatasetName(dataset) {
            throw LabError("dataset: \"\(dataset)\" is not a name of a dataset", remedy: "set name=POOL/NAME")
        }
        if resource.kind == "fs", resource.values["dir"]?.hasPrefix("/") != true {
            throw LabError("fs: dir \"" + (resource.values["dir"] ?? "") + "\" is not an absolute path")
        }
    }

    private static func checkType(of attr: ZoneDocument.Resource) throws {
        let (type, value) = (attr.values["type"] ?? "", attr.values["value"] ?? "")
        let isValid: Bool
        switch type {
        case "string": isValid = true
        case "boolean": isValid = ["true", "false"].contains(value)
        case "int": isValid = Int64(value) != nil
        case "uint": isValid = UInt64(value) != nil
        default: throw LabError("attr: \"\(type)\" is no type", remedy: "set type=string")
        }
        guard isValid else {
            throw LabError(
                "attr \"" + (attr.values["name"] ?? "") + "\": \"\(value)\" is not a value of type \(type)",
                remedy: "set type=string")
        }
    }

    /// What zfs(8) takes: components of letters, digits and `-_.: `, with slashes between.
    private static func isDatasetName(_ name: String) -> Bool {
        name.utf8.count < 256
            && name.pieces(separator: "/").allSatisfy { part in
                !["", ".", ".."].contains(part)
                    && part.utf8.allSatisfy {
                        $0.isDigit || (0x61...0x7a).contains($0 | 0x20) || "-_.: ".utf8.contains($0)
                    }
            }
    }

    /// A zone with a stack of its own is given links, and addresses are its own to set.
    private func checkAddresses() throws {
        guard document.properties["ip-type"] == "exclusive" else { return }
        for net in document.all("net") where net.values["address"] != nil {
            throw LabError(
                "net: address cannot be specified for an exclusive IP type",
                remedy: "select net physical=" + (net.values["physical"] ?? "")
                    + "; clear address; set allowed-address=…")
        }
    }

    private func checkNames() throws {
        for kind in ResourceKind.all {
            var seen: Set<String> = []
            for resource in document.all(kind.name) {
                let name = resource.values[kind.key] ?? ""
                guard seen.insert(name).inserted else {
                    throw LabError(
                        "\(kind.name): there are two with \(kind.key) \(name)",
                        remedy: "remove \(kind.name) \(kind.key)=\(name)")
                }
            }
        }
    }

    /// The brand's verify_cfg gets a temporary file, whose name means nothing to the administrator.
    private mutating func askBrand(_ brand: ZoneBrand) throws {
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
        let (ending, text) = try EventLoop().run(
            ["/bin/sh", "-c", "\(command) \(path)"], keeping: \.errors, Child.Setup())
        let words = text.replacingOccurrences(of: "\(path)(:[0-9]+)?: ", with: "", options: .regularExpression)
        if words != said || !ending.isSuccess { Stream.write(2, words) }
        said = words
        guard ending.isSuccess else {
            throw LabError(
                "\(document.name): the \(brand.name) brand refuses the configuration: verify \(ending.text)")
        }
    }
}

/// Identities of zones.
enum ZoneUUID {
    /// A random one.
    static func make() -> String { UUIDText.random(randomBytes(16)) }
}
