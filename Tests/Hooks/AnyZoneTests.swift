import Foundation
import TestSupport
import Testing

/// What the programs say of any zone.
@Suite struct AnyZoneTests {
    /// The attributes of a brand, as `boot -A` tells of them.
    private static func choices(_ brand: String) throws -> [RandomZone.Choice] {
        let table = try JSONSerialization.jsonObject(with: Data(Hooks.run("boot", ["-A", "-j"]).output.utf8))
        return (table as? [[String: Any]] ?? []).flatMap { row in
            (row["forms"] as? [[String: Any]] ?? []).compactMap { form in
                guard let name = row["name"] as? String, let example = form["example"] as? String,
                    (form["brands"] as? [String])?.contains(brand) == true
                else { return nil }
                let numbers = (form["numbers"] as? [Int]).map { $0[0]...$0[1] }
                return RandomZone.Choice(name, example: example, numbers: numbers)
            }
        }
    }

    @Test(
        "the same zone is told in the same bytes, and its command line outlives a shell", arguments: 0..<20,
        ["bhyve", "kvm"])
    func shell(_ seed: Int, _ brand: String) throws {
        let choices = try Self.choices(brand)
        #expect(choices.count > 10)
        let scratch = try Scratch()
        let zone = RandomZone(seed: 1000 + seed, brand: brand, choices: choices.filter { $0.name != "uuid" })
        var text = zone.xml()
        if brand == "bhyve" {
            // Otherwise it is another one each time.
            let uuid = #"<attr name="uuid" type="string" value="11111111-2222-4333-8444-555555555555"/></zone>"#
            text = text.replacingOccurrences(of: "</zone>", with: uuid)
        }
        let file = try scratch.write("zone.xml", text)
        for rom in ["_RELEASE", "_RELEASE_CSM"] { try scratch.write("fw/BHYVE\(rom).fd", "") }
        for platform in ["illumos", "linux"] {
            let common = ["-p", platform, "-F", scratch.path + "/fw", "-x", file, "vm"]
            let json = try Hooks.run("boot", ["-j"] + common)
            try expect(Hooks.run("boot", ["-j"] + common), equals: json)
            let shown = try Hooks.run("boot", ["-t"] + common)
            try expect(Hooks.run("boot", ["-t"] + common), equals: shown)
            let argv = try #require(try json.json()["argv"] as? [String], "\(json.errors)")
            let read = try Hooks.run(program: "/bin/sh", ["-c", "printf '%s\\n' " + shown.output])
            expect(read, equals: Outcome(status: 0, output: argv.joined(separator: "\n") + "\n", errors: ""))
        }
    }
}
