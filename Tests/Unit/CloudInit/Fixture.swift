import Foundation
import TestSupport
import Testing
import ZoneConfig

@testable import CloudInit
@testable import Machine

/// A zone with a seed, as XML, and what is made of it.
struct SeedCase {
    let scratch: Scratch
    let machine: Machine

    static let uuid = "8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11"
    /// The line of the attr `cloud-init`; those of the others follow.
    static let line = 2

    /// Attributes stand a line each after `cloud-init`, then the networks. `@` in a value stands for the scratch directory.
    init(
        _ attributes: [(String, String)] = [], cloudInit: String = "on", networks: [String] = [], name: String = "web",
        macs: [String: String] = [:], files: [String: Data] = [:]
    ) throws {
        scratch = try Scratch()
        let directory = scratch.path
        for (file, content) in files { try content.write(to: URL(fileURLWithPath: directory + "/" + file)) }
        let all = [("cloud-init", cloudInit)] + attributes
        let lines =
            all.map { name, value in
                let text = value.replacingOccurrences(of: "@", with: directory)
                    .replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
                    .replacingOccurrences(of: "\"", with: "&quot;")
                return "<attr name=\"\(name)\" type=\"string\" value=\"\(text)\"/>"
            } + networks
        let xml = "<zone name=\"\(name)\" brand=\"bhyve\">\n" + lines.joined(separator: "\n") + "\n</zone>\n"
        let zone = try ZoneConfiguration.read(file: scratch.write("zone.xml", xml))
        var facts = HostFacts(randomUUID: Self.uuid)
        facts.macAddresses = macs.compactMapValues { MACAddress($0) }
        let reading = Machine.read(zone, brand: .bhyve, facts: facts)
        machine = try #require(reading.machine, "\(reading.diagnostics)")
    }

    /// The seed, and what is said about it with the scratch directory written as `@`.
    func make() -> (seed: Seed, said: [String]) {
        let (seed, diagnostics) = Seed.make(machine)
        return (seed, diagnostics.map { $0.text(zone: nil).replacingOccurrences(of: scratch.path, with: "@") })
    }

    /// A file of the seed; `nil` when there is none.
    func text(_ name: String) -> String? {
        make().seed.files.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// A file of the seed as JSON, after the line that a cloud-config begins with.
    func json(_ name: String) throws -> NSDictionary {
        let whole = try #require(self.text(name))
        let text = whole.replacingOccurrences(of: "#cloud-config\n", with: "")
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
    }
}
