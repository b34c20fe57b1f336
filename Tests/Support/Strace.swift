import Foundation

/// Runs hooks under strace(1), which fails or kills them, and not what they run, at a chosen system call.
package enum Strace {
    /// The calls by which a program changes something. What openat(2) creates is seen before the next of these.
    private static let changingCalls = [
        "mkdir", "mkdirat", "mknodat", "symlink", "symlinkat", "link", "linkat", "rename", "renameat", "renameat2",
        "unlink",
        "unlinkat", "rmdir", "fsync", "fdatasync", "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat",
        "truncate",
        "ftruncate", "write", "pwrite64", "writev",
    ]

    /// Which of those calls a hook makes in a run that succeeds, sorted.
    package static func changes(
        of hook: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> [String] {
        let scratch = try Scratch()
        let trace = scratch.path + "/trace"
        let outcome = try Hooks.run(
            program: "/usr/bin/strace",
            ["-qq", "-o", trace, "-e", "trace=" + changingCalls.joined(separator: ","), Hooks.directory + "/" + hook]
                + arguments, environment: environment)
        guard outcome == Outcome(status: 0, output: "", errors: "") else { throw CocoaError(.executableLoad) }
        let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
        return Set(lines.compactMap { $0.split(separator: "(").first.map { String($0) } }).intersection(changingCalls)
            .sorted()
    }

    /// `inject` is what strace's `-e inject=` takes. With a path, only calls on that file are meant.
    package static func run(
        _ hook: String, _ arguments: [String], inject: String, on path: String? = nil,
        environment: [String: String] = [:]
    ) throws -> Outcome {
        try Hooks.run(
            program: "/usr/bin/strace",
            ["-qq", "-o", "/dev/null", "-e", "inject=" + inject] + (path.map { ["-P", $0] } ?? [])
                + [Hooks.directory + "/" + hook] + arguments,
            environment: environment)
    }

    /// True when the outcome is that of a program that strace's SIGKILL ended.
    package static func wasKilled(_ outcome: Outcome) -> Bool { outcome.status == 128 + 9 || outcome.status == 137 }
}
