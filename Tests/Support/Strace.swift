import Foundation

/// Runs hooks under strace(1), which fails or kills them, and not what they run, at a chosen system call.
public enum Strace {
    /// The calls by which hooks change something. What openat(2) creates is seen before the next of these.
    public static let changingCalls = [
        "mkdir", "mkdirat", "symlinkat", "rename", "renameat", "unlink", "unlinkat", "fsync", "fchmod", "fchown",
        "write",
    ]

    /// `inject` is what strace's `-e inject=` takes.
    public static func run(
        _ hook: String, _ arguments: [String], inject: String, environment: [String: String] = [:]
    ) throws -> Outcome {
        try Hooks.run(
            program: "/usr/bin/strace",
            ["-qq", "-o", "/dev/null", "-e", "inject=" + inject, Hooks.directory + "/" + hook] + arguments,
            environment: environment)
    }

    /// True when the outcome is that of a program that strace's SIGKILL ended.
    public static func wasKilled(_ outcome: Outcome) -> Bool { outcome.status == 128 + 9 || outcome.status == 137 }
}
