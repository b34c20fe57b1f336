import Foundation
import Glibc

/// The programs under test, and how they are run: as executables, never as a library.
package enum Hooks {
    /// Where they are: `HVM_HOOKS`, else beside the test program.
    package static let directory: String =
        ProcessInfo.processInfo.environment["HVM_HOOKS"].map { URL(fileURLWithPath: $0).path }
        ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path

    /// Seconds after which a program is killed: far more than any takes on a machine under load.
    private static let limit = 600.0

    /// True when they are executables for illumos, which illumos-run plays here: they name illumos' runtime linker.
    package static let areForIllumos =
        FileManager.default.contents(atPath: directory + "/boot")?.range(of: Data("/lib/amd64/ld.so.1\0".utf8)) != nil

    /// Where the command line names no directory of stand-ins, a hook on illumos goes by the system's own, and HVM_RUN counts
    /// for nothing: these words give it one with nothing in it.
    package static let withoutStandIns = areForIllumos ? ["-C", "/nonexistent"] : []

    /// The words that name a platform, none for the one that the hooks are built for.
    package static func platform(_ name: String) -> [String] {
        areForIllumos && name == "illumos" ? [] : ["-p", name]
    }

    /// Runs a hook by its name.
    package static func run(
        _ hook: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> Outcome {
        try run(program: directory + "/" + hook, arguments, environment: environment)
    }

    /// Runs any program to its end.
    package static func run(
        program: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let scratch = try Scratch()
        let outFile = try scratch.write("out", "")
        let errFile = try scratch.write("err", "")
        // Files, not pipes: nothing to drain while the program runs, whatever it leaves behind.
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: outFile))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errFile))
        try process.start()
        process.waitUntilExit(seconds: limit)
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: try String(contentsOfFile: outFile, encoding: .utf8),
            errors: try String(contentsOfFile: errFile, encoding: .utf8))
    }
}

extension Process {
    /// Waits for its end; kills it when that takes longer.
    func waitUntilExit(seconds: Double) {
        let pid = processIdentifier
        let watchdog = DispatchWorkItem { kill(pid, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: watchdog)
        waitUntilExit()
        watchdog.cancel()
    }

    /// Starts it with no signal blocked: the threads that run tests have all of them blocked, and a child would inherit that.
    package func start() throws {
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        try run()
    }
}

/// What a program left behind.
package struct Outcome: Equatable, Sendable {
    package let status: Int32
    package let output: String
    package let errors: String

    package init(status: Int32, output: String, errors: String) {
        self.status = status
        self.output = output
        self.errors = errors
    }

    /// The output as one JSON object.
    package func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }
}
