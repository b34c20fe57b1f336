import Foundation
import TestSupport
import Testing

/// docs/security.md promises nothing that no test shows.
@Suite struct SecurityPageTests {
    /// A name on the page, with or without the mark.
    struct Claim: Hashable {
        let name: String
        let isConditional: Bool
    }

    private static func page() throws -> String {
        try String(contentsOfFile: BrandTests.project + "/docs/security.md", encoding: .utf8)
    }

    private static func claims(_ text: String) -> [Claim] {
        text.matches(of: /`([A-Za-z0-9]+Tests\/[A-Za-z0-9]+)`(†?)/).map {
            Claim(name: String($0.1), isConditional: !$0.2.isEmpty)
        }
    }

    /// The tests in this very program, `Suite/function` each, as it lists them itself.
    private static func tests() throws -> [String] {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).path
        let listed = try Hooks.run(program: program, ["--testing-library", "swift-testing", "--list-tests"])
        #expect(listed.status == 0, "\(listed.errors)")
        return listed.output.split(separator: "\n").compactMap { line in
            line.firstMatch(of: /\.([A-Za-z0-9]+Tests\/[A-Za-z0-9]+)\(/).map { String($0.1) }
        }
    }

    /// Names of tests, with whether a trait of theirs, or of their suite, may keep them from running.
    private static func conditions() throws -> [String: Bool] {
        let files = try Hooks.run(program: "/usr/bin/find", [BrandTests.project + "/Tests", "-name", "*.swift"])
        var conditions: [String: Bool] = [:]
        for file in files.output.split(separator: "\n") {
            let text = try String(contentsOfFile: String(file), encoding: .utf8)
            var suite = (name: "", isConditional: false)
            let mark =
                /@Suite(?<suite>[^{]*?)(?:struct|final class) (?<name>\w+)|extension (?<extended>\w+) \{|@Test(?<test>(?:(?!@Test)(?!@Suite)[\s\S])*?)\n +func (?<function>\w+)\(/
            for match in text.matches(of: mark) {
                if let name = match.output.name {
                    suite = (String(name), isCondition(match.output.suite ?? ""))
                } else if let name = match.output.extended {
                    suite = (String(name), false)
                } else if let function = match.output.function {
                    conditions["\(suite.name)/\(function)"] =
                        suite.isConditional || isCondition(match.output.test ?? "")
                }
            }
        }
        return conditions
    }

    private static func isCondition(_ traits: Substring) -> Bool {
        [".enabled(", ".disabled(", ".long"].contains { traits.contains($0) }
    }

    @Test("every line that says what is kept names a test")
    func lines() throws {
        let kept = try #require(try Self.page().components(separatedBy: "\n## What is not kept").first)
        let items = kept.components(separatedBy: "\n* ").dropFirst()
        #expect(items.count > 30)
        for item in items {
            #expect(!Self.claims(item.components(separatedBy: "\n\n")[0]).isEmpty, "\(item)")
        }
    }

    @Test("every test that the page names is in this program once, and runs, unless it is marked")
    func tests() throws {
        let tests = try Self.tests()
        #expect(tests.count > 500)
        let conditions = try Self.conditions()
        for claim in Set(try Self.claims(Self.page())) {
            #expect(tests.count { $0 == claim.name } == 1, "\(claim.name)")
            expect(conditions[claim.name], equals: claim.isConditional, claim.name)
        }
    }

    @Test("a test that there is not, or that may not run, is noticed")
    func notices() throws {
        let claims = Self.claims("* It does. `ATests/one`, `BTests/two`† and `make test`")
        #expect(claims.map { $0.name } == ["ATests/one", "BTests/two"])
        #expect(claims.map { $0.isConditional } == [false, true])
        let conditions = try Self.conditions()
        #expect(conditions["IllumosTests/check"] == true)
        #expect(conditions["SecurityPageTests/lines"] == false)
        #expect(try !Self.tests().contains("SecurityPageTests/nothing"))
    }
}
