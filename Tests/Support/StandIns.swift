import Foundation

/// A directory of commands that record how they are called, for `-C`: illumos' commands cannot run here.
package struct StandIns: Sendable {
    /// What `-C` gets.
    package let directory: String
    private let log: String

    /// The answers are shell text by command: it sees the arguments as "$@" and "$*".
    package init(_ scratch: Scratch, _ answers: [String: String] = [:]) throws {
        directory = scratch.path + "/commands"
        log = try scratch.write("commands.log", "")
        let all = [
            "dladm", "zfs", "ipf", "ipnat", "route", "zonecfg", "zoneadm", "bhyvectl", "rsrvrctl", "bhyve", "pgrep",
        ]
        for name in Set(all).union(answers.keys) {
            try scratch.write(
                "commands/" + name,
                """
                #!/bin/sh
                { printf '%s' \(name); for word; do printf ' [%s]' "$word"; done; echo; } >>'\(log)'
                \(answers[name] ?? "")
                """, mode: 0o755)
        }
    }

    /// The calls so far: `dladm [delete-vnic] [web0]`.
    package var calls: [String] {
        get throws {
            try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
        }
    }
}
