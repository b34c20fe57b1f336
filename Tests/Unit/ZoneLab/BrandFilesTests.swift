import Foundation
import Testing

@testable import ZoneLab

/// The lab's lists of brands and hooks, against those that the build tools have of Package.swift and of brand/.
@Suite struct BrandFilesTests {
    private static let project =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../.."

    @Test("the lab lays out every program that is built, and every brand")
    func lists() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", "cd \(Self.project) && make -s --no-print-directory -f tools/hooks.mk programs && ls -d brand/*/",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let lines = text.split(separator: "\n").map(String.init)
        let programs = try #require(lines.first).split(separator: " ").map(String.init)
        #expect((BrandFiles.hooks + [BrandFiles.command]).sorted() == programs.sorted())
        #expect(
            BrandFiles.brands.map { "brand/\($0)/" }
                == lines.dropFirst().filter {
                    FileManager.default.fileExists(atPath: "\(Self.project)/\($0)config.xml")
                })
    }
}
