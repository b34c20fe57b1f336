import Foundation
import TestSupport
import Testing

/// One recorded zone: its XML and what today's hooks made of it.
struct Vector: Sendable, CustomTestStringConvertible {
    let brand: String
    let name: String
    let zone: String
    let xml: String?
    /// The arguments it was recorded with, when they are not the usual ones.
    let cli: [String]?
    let files: [String: String]
    /// What dladm prints; `nil`: it fails.
    let macs: [String: String?]
    let uuidFile: String?
    let isRefused: Bool
    let isUsageError: Bool
    let argv: [String]?
    /// `uefi` and `bootoptions` and `slots` and `opts`, as JSON text with sorted keys.
    let parts: [String: String]
    let options: [String: String?]
    let reservoirBytes: UInt64?
    /// The texts of the seed's files that were recorded, by name; `nil` without a seed.
    let seed: [String: String]?
    /// True when its user-data is a file of the host.
    let hasOwnUserData: Bool

    var testDescription: String { id }
    var id: String { brand + "/" + name }

    static let all: [Vector] = ["bhyve", "kvm"].flatMap { brand in
        let cases = read(directory + "/" + brand + "/cases.json") as? [String: [String: Any]] ?? [:]
        return cases.map { Vector(brand, $0, $1) }.sorted { $0.id < $1.id }
    }

    static func named(_ id: String) -> Vector? { all.first { $0.id == id } }

    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path

    private static func read(_ path: String) -> Any? {
        FileManager.default.contents(atPath: path).flatMap { try? JSONSerialization.jsonObject(with: $0) }
    }

    private init(_ brand: String, _ name: String, _ recorded: [String: Any]) {
        let repaired = recorded["if_extra_loop_fixed"] as? [String: Any]
        let value = recorded.merging(repaired ?? [:]) { $1 }
        self.brand = brand
        self.name = name
        zone = value["zone"] as? String ?? name
        xml = (value["xml"] as? String).flatMap {
            try? String(contentsOfFile: Vector.directory + "/" + brand + "/" + $0, encoding: .utf8)
        }
        cli = value["cli"] as? [String]
        files = value["files"] as? [String: String] ?? [:]
        macs = (value["macs"] as? [String: Any] ?? [:]).mapValues { $0 as? String }
        uuidFile = value["uuid_file"] as? String
        isRefused = (value["exit"] as? Int) != 0
        isUsageError = value["error_kind"] as? String == "usage"
        argv = value["argv"] as? [String]
        parts = ["slots", "bootoptions", "uefi"].reduce(into: [:]) { parts, key in
            if let part = value[key], !(part is NSNull) { parts[key] = canonical(part) }
        }
        options = (value["opts"] as? [String: Any] ?? [:]).mapValues { $0 as? String }
        reservoirBytes = (value["reservoir_bytes"] as? NSNumber)?.uint64Value
        let recordedSeed = value["cloudinit"] as? [String: Any]
        seed = recordedSeed?.compactMapValues { $0 as? String }
        hasOwnUserData = recordedSeed?["user_supplied"] as? Bool ?? false
    }

    /// Lays the vector out in a scratch directory: the XML, the files it speaks of, a dladm that answers as recorded.
    func layOut(in scratch: Scratch) throws -> (xml: String, commands: String, firmware: String) {
        var text = xml ?? ""
        for (path, content) in files {
            let real = try scratch.write(String(path.dropFirst()), content)
            if !path.contains("/root/") { text = text.replacingOccurrences(of: "\"\(path)\"", with: "\"\(real)\"") }
        }
        if let uuidFile { try scratch.write("data/zone/\(zone)/root/etc/uuid", uuidFile) }
        text = text.replacingOccurrences(of: "zonepath=\"/", with: "zonepath=\"\(scratch.path)/")
        let path = xml == nil ? scratch.path + "/zone.xml" : try scratch.write("zone.xml", text)
        let answers = macs.map { link, mac in "\(link)) \(mac.map { "echo \($0)" } ?? "exit 1") ;;\n" }.joined()
        try scratch.write(
            "bin/dladm",
            """
            #!/bin/sh
            [ "$1 $2 $3 $4" = "show-vnic -p -o macaddress" ] || exit 2
            case $5 in
            \(answers)*) echo "dladm: invalid link name '$5'" >&2; exit 1 ;;
            esac

            """, mode: 0o755)
        for rom in ["", "_CSM", "_DEBUG", "_DEBUG_CSM", "_RELEASE", "_RELEASE_CSM", "_VARS"] {
            try scratch.write("firmware/BHYVE\(rom).fd", "")
        }
        return (path, scratch.path + "/bin", scratch.path + "/firmware")
    }

    /// Runs `boot -j` on it, or another dry run.
    func run(_ mode: String = "-j", platform: String, in scratch: Scratch) throws -> Outcome {
        let place = try layOut(in: scratch)
        let arguments = cli?.map { $0 == "@XML@" ? place.xml : $0 } ?? ["-x", place.xml, "-z", zone]
        return try Hooks.run(
            "boot", [mode, "-F", place.firmware, "-C", place.commands] + Hooks.platform(platform) + arguments)
    }
}

/// JSON as text that two equal values share.
func canonical(_ value: Any) -> String {
    let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])
    return String(decoding: data ?? Data(), as: UTF8.self)
}
