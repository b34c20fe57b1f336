import Foundation
import TestSupport
import Testing

/// The Linux form of every vector, given to the QEMU of this system: started paused in a namespace with scratch files at
/// the places the zone would have them, then told to quit.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["HVM_HOOKS"] == nil, "the argv is the same in every build"))
struct QEMUTests {
    /// Vectors whose own `extra` or `cpu` QEMU refuses.
    static let refused: [String: String] = [
        "kvm/extra-order": "extra holds words that are not options of QEMU",
        "kvm/xml-entities": "cpu is no CPU model",
    ]

    /// Only D15's errors, which are about the zone's resources, are let pass.
    static let machines: [Vector] = Vector.all.filter { vector in
        guard let scratch = try? Scratch(), let json = try? vector.run(platform: "linux", in: scratch).json(),
            json["argv"] is [String], let diagnostics = json["diagnostics"] as? [[String: Any]]
        else { return false }
        return diagnostics.allSatisfy {
            $0["severity"] as? String != "error" || ($0["message"] as? String ?? "").contains(" resource for ")
        }
    }

    @Test("the real QEMU accepts the machine", arguments: machines)
    func accepts(_ vector: Vector) throws {
        let scratch = try Scratch()
        let json = try vector.run(platform: "linux", in: scratch).json()
        let argv = try #require(json["argv"] as? [String])
        let space = try Namespace()
        for file in files(of: argv) { try space.addFile(file) }
        for path in values("path", of: argv, behind: "-fsdev") { try space.addDirectory(path) }
        try space.copy("/usr/share/OVMF/OVMF_VARS.fd", to: "/etc/uefivars")
        try #"s3cret"#.write(toFile: space.root + "/hvm/secret", atomically: true, encoding: .utf8)

        let outcome = try start(space.command(argv + ["-S"]), monitor: space.root + "/tmp/vm.monitor")
        if Self.refused[vector.id] != nil {
            #expect(outcome.status == 1)
        } else {
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }

    @Test("vectors are not lost on the way to QEMU")
    func count() {
        print("conformance: \(Self.machines.count) machines given to QEMU, \(Self.refused.count) of them refused by it")
        #expect(Self.machines.count == 170)
        #expect(Self.refused.keys.allSatisfy { name in Self.machines.contains { $0.id == name } })
    }

    /// Starts QEMU and asks it to quit as soon as it listens; returns what it left behind.
    private func start(_ command: [String], monitor: String) throws -> Outcome {
        let process = Process()
        let errors = Pipe()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.start()
        var asked = false
        while process.isRunning && !asked {
            if let qmp = QMP(monitor) {
                qmp.run(["quit"])
                asked = true
            } else {
                usleep(5000)
            }
        }
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: "", errors: text)
    }

    private func files(of argv: [String]) -> [String] {
        values("file", of: argv, behind: "-drive").filter { !$0.hasPrefix("/usr/") && $0 != "/etc/uefivars" }
    }

    /// The values of a key in the comma lists behind an option.
    private func values(_ key: String, of argv: [String], behind option: String) -> [String] {
        zip(argv, argv.dropFirst()).filter { $0.0 == option }.flatMap { pair in
            pair.1.split(separator: ",").filter { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
        }
    }
}
