import Foundation
import TestSupport
import Testing

/// The manual pages, and what else is printed for a host's packages.
@Suite struct ManualTests {
    private static func shell(_ script: String, _ words: String...) throws -> Outcome {
        try Hooks.run(program: "/bin/sh", ["-c", "cd \(BrandTests.project) && " + script, "sh"] + words)
    }

    private static func kept(_ file: String) throws -> String {
        try String(contentsOfFile: BrandTests.project + "/" + file, encoding: .utf8)
    }

    @Test("a brand's page is what make docs prints from the table", arguments: ["bhyve", "kvm"])
    func printed(_ brand: String) throws {
        let table = try Hooks.run("boot", ["-A", "-j"])
        #expect(table.status == 0)
        let scratch = try Scratch()
        let file = try scratch.write("table.json", table.output)
        try expect(
            Self.shell(#"tools/manual-page "$1" <"$2""#, brand, file),
            equals: Outcome(status: 0, output: Self.kept("brand/man/\(brand).7"), errors: ""))
    }

    @Test("mandoc finds nothing wrong", arguments: ["bhyve.7", "kvm.7", "hvm.8", "hvm-hooks.8"])
    func lint(_ page: String) throws {
        let outcome = try Self.shell(#"mandoc -Tlint "$1""#, "brand/man/" + page)
        // The pages of illumos are not on this machine.
        let faults = outcome.output.split(separator: "\n").filter { !$0.contains("referenced manual not found") }
        #expect(faults == [])
        #expect(outcome.errors == "")
    }

    @Test("bhyve(7) has the example of OmniOS' page, line by line")
    func example() throws {
        let page = try Self.shell("mandoc -Tascii brand/man/bhyve.7 | col -bx").output
        let lines = page.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let wanted = try Self.kept("tools/zonelab-debian.txt").split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let start = try #require(lines.firstIndex(of: wanted[0]))
        #expect(Array(lines[start...].prefix(wanted.count)) == wanted)
    }

    @Test("the manifest of the IPS package is what make docs prints")
    func package() throws {
        let manifest = try Self.kept("brand/hvm-brand.p5m")
        let version = try #require(
            manifest.components(separatedBy: "brand/hvm@").last?.components(separatedBy: "\n")[0])
        try expect(
            Self.shell(#"tools/package-manifest "$1""#, version),
            equals: Outcome(status: 0, output: manifest, errors: ""))
    }
}
