import CPlatform
import Foundation
import Glibc
import TestSupport
import Testing

/// A lab that is open, as an administrator's shell holds it: commands are run in it one by one, each joining it. It ends
/// when it is closed, and at the latest when the test does.
final class OpenLab {
    let lab: Lab
    private let process: Process
    private let output: String
    /// The first process of the lab reads from the other end, to its end.
    private var input: FileHandle?

    /// Opens a lab, and does first what a script or a transcript says.
    init(_ lab: Lab? = nil, after script: String = "") throws {
        self.lab = try lab ?? Lab()
        let prompt = script.hasPrefix("omnios# ") ? "omnios# " : ""
        let pipe = try OpenLab.pipe()
        input = pipe.writer
        output = try self.lab.scratch.write("output", "")
        try? FileManager.default.removeItem(atPath: "\(self.lab.directory)/root/open")
        process = try self.lab.start(
            "\(script)\n\(prompt)touch /root/open\n\(prompt)cat\n", input: pipe.reader, output: output)
        let process = process
        let isOpen = { [lab = self.lab] in FileManager.default.fileExists(atPath: "\(lab.directory)/root/open") }
        wait(for: "the lab to open") { isOpen() || !process.isRunning }
        try #require(isOpen(), "\(said)")
    }

    deinit { end() }

    /// A pipe that no other child of the tests holds open.
    private static func pipe() throws -> (reader: FileHandle, writer: FileHandle) {
        var ends: [Int32] = [-1, -1]
        try #require(cp_pipe(&ends) == 0)
        return (
            FileHandle(fileDescriptor: ends[0], closeOnDealloc: true),
            FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        )
    }

    /// What its first process and those that were started before have said.
    var said: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

    /// Runs a command, or several, in the lab's shell.
    func run(_ commands: String) throws -> Outcome {
        try Hooks.run(
            program: "/bin/sh",
            [
                "-c", #"exec "$0" shell -d "$1" <"$2""#, Lab.program, lab.directory,
                lab.scratch.write("commands", commands),
            ],
            environment: lab.environment)
    }

    /// Runs commands that have to succeed and to complain of nothing. Returns what they print.
    @discardableResult
    func does(_ commands: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let outcome = try run(commands)
        expect(
            Outcome(status: outcome.status, output: "", errors: outcome.errors),
            equals: Outcome(status: 0, output: "", errors: ""), "\(commands)\n\(outcome.output)",
            sourceLocation: sourceLocation)
        return outcome.output
    }

    /// The names of the zones that run.
    var running: [String] {
        get throws { try does("zoneadm list").split(separator: "\n").map(String.init).filter { $0 != "global" } }
    }

    /// Ends the lab, which halts the zones that run; expects it to name them, and to leave nothing behind.
    func closes(halting zones: String..., sourceLocation: SourceLocation = #_sourceLocation) {
        let before = said
        end()
        expect(
            String(said.dropFirst(before.count)), equals: zones.map { "zonelab: halting zone \($0)\n" }.joined(),
            sourceLocation: sourceLocation)
        expect(lab.processes(), equals: [], "processes of the lab", sourceLocation: sourceLocation)
        expect(lab.sockets(), equals: [], "sockets of the lab", sourceLocation: sourceLocation)
    }

    /// Kills the lab, and everything in it.
    func isKilled() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        end()
    }

    private func end() {
        guard let open = input else { return }
        try? open.close()
        input = nil
        let process = process
        wait(for: "the lab to end", seconds: 300) { !process.isRunning }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}
