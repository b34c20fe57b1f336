import Hypervisors
import Machine
import Text
import ZoneBoot

/// What differs between the command that a zone was booted with and the one that its configuration makes now.
struct LaunchDifference {
    /// A change: what runs, what the next boot would run instead, and what in the configuration says so.
    struct Change: Equatable {
        var running: [String]
        var next: [String]
        let from: String
    }

    private(set) var changes: [Change] = []

    init(booted: LaunchFile, now: LaunchFile, arguments: [Argument]) {
        if booted.program != now.program { note([booted.program], [now.program], "the hypervisor") }
        compare(
            Group.list(booted.arguments.map { (word: $0, from: "") }),
            Group.list(
                arguments.flatMap { argument in
                    let from = argument.origins.map { $0.description }.joined(separator: "; ")
                    return argument.words.map { (word: $0, from: from) }
                }))
        func environment(_ file: LaunchFile) -> [Group] {
            file.environment.map { Group(words: [$0], from: "the zone's environment file") }
        }
        compare(environment(booted), environment(now))
        if booted.shutdownTimeout != now.shutdownTimeout {
            func text(_ file: LaunchFile) -> [String] { file.shutdownTimeout.map { ["\($0)s"] } ?? ["unset"] }
            note(text(booted), text(now), "attr shutdown-timeout")
        }
    }

    /// An option with its values.
    private struct Group {
        var words: [String]
        let from: String

        /// Options and the words after each, whoever wrote the command.
        static func list(_ words: [(word: String, from: String)]) -> [Group] {
            var groups: [Group] = []
            for (word, from) in words {
                if word.beginsWith("-") || groups.isEmpty {
                    groups.append(Group(words: [word], from: from))
                } else {
                    groups[groups.count - 1].words.append(word)
                }
            }
            return groups
        }

        /// The same words, where a UUID that a boot makes up may be any.
        func isSame(as other: Group) -> Bool {
            guard words.count == other.words.count else { return false }
            return words.indices.allSatisfy { words[$0].isSame(as: other.words[$0], but: UUIDText.placeholder) }
        }
    }

    /// Pairs what is gone with what is new under the same option, in order.
    private mutating func compare(_ booted: [Group], _ now: [Group]) {
        var gone = booted
        var new: [Group] = []
        for group in now {
            if let same = gone.firstIndex(where: { group.isSame(as: $0) }) {
                gone.remove(at: same)
            } else {
                new.append(group)
            }
        }
        for group in new {
            let place = gone.firstIndex { $0.words[0] == group.words[0] }
            let old = place.map { gone.remove(at: $0) }
            note(old?.words ?? [], group.words, group.from)
        }
        for group in gone { note(group.words, [], "") }
    }

    private mutating func note(_ running: [String], _ next: [String], _ from: String) {
        changes.append(Change(running: running, next: next, from: from))
    }
}

extension LaunchDifference.Change {
    /// `-m 4G; the next boot: -m 8G (attr ram, line 14)`.
    var text: String {
        let old = running.isEmpty ? "nothing" : ShellWords.quote(running)
        let new = next.isEmpty ? "nothing" : ShellWords.quote(next)
        return "\(old.printable); next: \(new.printable)" + (from.isEmpty ? "" : " (\(from.printable))")
    }

    var json: JSON {
        .object([
            JSON.Member("running", .array(running.map { .string($0) })),
            JSON.Member("next", .array(next.map { .string($0) })), JSON.Member("from", .string(from)),
        ])
    }
}

extension String {
    /// True when the texts are equal, but that a placeholder in this one stands for any text of its length.
    fileprivate func isSame(as other: String, but placeholder: String) -> Bool {
        let (own, theirs, hole) = (Array(utf8), Array(other.utf8), Array(placeholder.utf8))
        guard own.count == theirs.count else { return false }
        var index = 0
        while index < own.count {
            if own[index...].starts(with: hole) {
                index += hole.count
            } else if own[index] == theirs[index] {
                index += 1
            } else {
                return false
            }
        }
        return true
    }
}
