import Foundation
import TestSupport
import Testing

/// The seeds for cloud-init that were recorded, compared as data: ours are JSON, the recorded ones YAML.
@Suite struct SeedTests {
    /// Where ours is right to differ: the rule, and the user-data instead of the recorded one; `nil`: there is no seed.
    static let departures: [String: (rule: String, userData: String?)] = [
        "bhyve/cloudinit-upper-off": ("D13", nil),
        "bhyve/cloudinit-empty": ("D24", nil),
        "bhyve/cloudinit-files": (
            "D7",
            #"{"hostname":"cloudinit-files","disable_root":false,"password":"********","chpasswd":{"expire":false},"#
                + #""ssh_pwauth":true,"ssh_authorized_keys":["ssh-rsa AAAA a@b","ssh-rsa BBBB c@d"],"#
                + #""users":["default",{"name":"root","#
                + #""ssh_authorized_keys":["ssh-rsa AAAA a@b","ssh-rsa BBBB c@d"]}]}"#
        ),
    ]

    static let vectors = Vector.all.filter { $0.seed != nil }

    @Test("boot -t shows the seed that was recorded, or what a rule says instead", arguments: vectors)
    func conforms(_ vector: Vector) throws {
        let scratch = try Scratch()
        let shown = Self.files(try vector.run("-t", platform: "illumos", in: scratch).output)
        let recorded = try #require(vector.seed)
        let departure = Self.departures[vector.id]
        if departure != nil && departure?.userData == nil {
            #expect(shown == [:])
            return
        }
        #expect(Set(shown.keys) == Set(recorded.keys))
        for name in ["meta-data", "network-config"] {
            try expect(shown[name].map { try canonicalJSON($0) }, equals: recorded[name].map { try fromYAML($0) })
        }
        let userData = try #require(shown["user-data"])
        if vector.hasOwnUserData {
            #expect(userData == "as it is in \(scratch.path)/ci/user-data")
        } else {
            let expected =
                try departure?.userData.map { try canonicalJSON($0) } ?? fromYAML(#require(recorded["user-data"]))
            try expect(canonicalJSON(userData), equals: expected)
        }
    }

    @Test("no seed is lost, and every departure has its vector")
    func count() {
        #expect(Self.vectors.count == 9)
        #expect(Self.departures.keys.filter { Vector.named($0)?.seed == nil } == [])
    }

    /// The seed's files as a dry run shows them, without the line that a cloud-config begins with.
    private static func files(_ output: String) -> [String: String] {
        output.split(separator: "\n").filter { $0.hasPrefix("#   ") }.reduce(into: [:]) { files, line in
            let (name, text) = (line.dropFirst(4).prefix { $0 != ":" }, line.drop { $0 != ":" }.dropFirst(2))
            if text != "#cloud-config" { files[String(name), default: ""] += text }
        }
    }

    private func canonicalJSON(_ text: String) throws -> String {
        canonical(try JSONSerialization.jsonObject(with: Data(text.utf8)))
    }

    /// The data of a recorded text, with a password starred as a dry run shows it.
    private func fromYAML(_ text: String) throws -> String {
        let program = """
            import json, sys, yaml
            data = yaml.safe_load(sys.argv[1])
            if "password" in data: data["password"] = "********"
            print(json.dumps(data))
            """
        return try canonicalJSON(Hooks.run(program: "/usr/bin/python3", ["-c", program, text]).output)
    }
}
