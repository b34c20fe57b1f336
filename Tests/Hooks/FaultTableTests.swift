import Foundation
import TestSupport
import Testing

/// Whether faults can be made here: by root, where processes can be traced and namespaces made.
private enum FaultMaking {
    static let works: Bool = {
        let works = [
            ["strace", "-qq", "-o", "/dev/null", "true"],
            ["unshare", "-m", "--propagation", "private", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        ].allSatisfy { words in
            (try? Hooks.run(program: "/usr/bin/env", words).status) == 0
        }
        return works && geteuid() == 0
    }()
}

/// What is wrong with the host, for each hook that changes something: docs/faults.md is what this test finds.
@Suite(
    .enabled(if: ProcessInfo.processInfo.environment["HVM_HOOKS"] == nil, "the page is that of the plain build"),
    .enabled(if: FaultMaking.works, "strace or unshare does not work here: NO FAULT OF THE HOST WAS TRIED"))
struct FaultTableTests {
    /// A moment in a zone's life at which hooks are run.
    struct Moment: Sendable {
        let name: String
        let hook: String
        var words: [String] = []
        /// What has been run before.
        var before: [(hook: String, words: [String])] = []
        /// A hook that removes may be interrupted: what is left is part of what was there.
        var removes = false
        /// Nothing may hold a zone on its way down: what goes wrong is logged, and the hook ends with 0.
        var isOnWayDown = false
        /// With the commands of illumos, which have stand-ins here; without them the host has none that the hook runs.
        var runsCommands = true

        /// Nothing is tried that the hook does not meet.
        func isTriedWith(_ fault: Fault) -> Bool {
            if fault.hangs { return isOnWayDown }
            return runsCommands || fault.command == nil && !fault.lacksCommands
        }

        static let ready = (hook: "statechange", words: ["pre", "2", "0"])
        static let all = [
            Moment(name: "install", hook: "install", runsCommands: false),
            Moment(name: "statechange, to ready", hook: "statechange", words: ready.words, before: [("install", [])]),
            Moment(name: "boot", hook: "boot", before: [("install", []), ready]),
            Moment(
                name: "statechange, to halt", hook: "statechange", words: ["pre", "4", "4"],
                before: [("install", []), ready, ("boot", [])], isOnWayDown: true),
            Moment(
                name: "halt", hook: "halt", before: [("install", []), ready, ("boot", [])], removes: true,
                isOnWayDown: true),
            Moment(
                name: "postclone", hook: "postclone", before: [("install", []), ready, ("boot", [])], removes: true,
                runsCommands: false),
            Moment(
                name: "uninstall", hook: "uninstall", before: [("install", []), ready, ("boot", [])], removes: true,
                runsCommands: false),
        ]
    }

    /// The host's attributes and VNIC, so that every step of a boot is taken.
    private static let body = """
        <attr name="bootrom" type="string" value="BHYVE_RELEASE"/>
        <attr name="vnc" type="string" value="on,password=s3cret"/>
        <network physical="web0" global-nic="net0" mac-addr="2:8:20:0:0:1"/>
        """

    /// What is wrong with the host.
    struct Fault: Sendable {
        let name: String
        /// What runs the hook, `@` standing for the directory of zonepaths.
        var wrapper: [String] = []
        /// What each command of the host does.
        var command: String?
        var lacksCommands = false
        /// Takes the limit of a command, which is short on the way down alone.
        var hangs = false
        /// Run in the directory of zonepaths before.
        var before = ":"

        private static func inject(_ what: String) -> [String] {
            ["/usr/bin/strace", "-qq", "-o", "/dev/null", "-e", "inject=" + what]
        }
        private static func mounted(_ script: String) -> [String] {
            ["/usr/bin/unshare", "-m", "--propagation", "private", "/bin/sh", "-c", script, "@"]
        }

        static let all = [
            Fault(
                name: "the disk is full",
                wrapper: mounted(
                    """
                    cp -a "$0" "$0.after" && mount -t tmpfs -o size=1m tmpfs "$0" && cp -a "$0.after/." "$0" || exit 99
                    cat /dev/zero >"$0/filler" 2>"$0.full"
                    "$@"; status=$?
                    rm -r "$0/filler" "$0.after" "$0.full"; cp -a "$0" "$0.after"; exit $status
                    """)),
            Fault(
                name: "the file system is read-only",
                wrapper: mounted(#"mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"; exit 99"#)),
            Fault(
                name: "no file may be larger than 8 KiB",
                wrapper: ["/bin/bash", "-c", "ulimit -f 8 && exec \"$@\"", "@"]),
            Fault(name: "few descriptors", wrapper: ["/bin/bash", "-c", "ulimit -n 6 && exec \"$@\"", "@"]),
            Fault(name: "every other write is interrupted", wrapper: inject("write,fsync:error=EINTR:when=1+2")),
            Fault(name: "a write would block", wrapper: inject("write:error=EAGAIN:when=1")),
            Fault(name: "the first write fails", wrapper: inject("write:error=EIO:when=1")),
            Fault(name: "the second write fails", wrapper: inject("write:error=EIO:when=2")),
            Fault(name: "the third write fails", wrapper: inject("write:error=EIO:when=3")),
            Fault(name: "the disk does not sync", wrapper: inject("fsync:error=EIO")),
            Fault(name: "nothing can be renamed", wrapper: inject("rename,renameat,renameat2:error=EIO")),
            Fault(name: "nothing can be removed", wrapper: inject("unlink,unlinkat,rmdir:error=EBUSY")),
            Fault(name: "a file changes its owner for nobody", wrapper: inject("fchown,fchmod:error=EPERM")),
            Fault(name: "no process can be started", wrapper: inject("clone,clone3,vfork,fork:error=EAGAIN")),
            Fault(name: "the host's commands are missing", lacksCommands: true),
            Fault(name: "they fail", command: "echo no >&2; exit 1"),
            Fault(name: "they hang", command: "exec sleep 1000", hangs: true),
            Fault(name: "they are killed", command: "kill -9 $$"),
            Fault(name: "they print a megabyte", command: "head -c 1100000 /dev/zero | tr '\\0' x"),
            Fault(name: "they print what is not text", command: "printf '\\377\\0\\033[2J'"),
            Fault(
                name: "the clock has gone back",
                before: """
                    mkdir -p web/log; echo '2099-01-01T00:00:00Z boot: ready to start: x' >>web/log/zone.log
                    find . -exec touch -h -d 2099-01-01 {} +
                    """),
            Fault(name: "all is another user's, and open to all", before: "chown -R 65534:65534 .; chmod -R a+rwX ."),
        ]
    }

    /// What a hook did.
    private struct Result {
        let outcome: Outcome
        /// What was there before, and what is after.
        let before, after: [String]
    }

    private func run(_ moment: Moment, _ fault: Fault?) throws -> Result {
        let zone = try ScratchZone(body: Self.body)
        let zones = zone.scratch.path + "/zones"
        try zone.scratch.write("firmware/BHYVE_VARS.fd", String(repeating: "x", count: 64 << 10))
        let good = ["bhyve": BootForRealTests.acceptingBhyve, "pgrep": "exit 1"]
        var commands = try StandIns(zone.scratch, good)
        for step in moment.before {
            let outcome =
                step.hook == "install"
                ? try zone.run(step.hook) : try zone.run(step.hook, step.words, platform: "illumos", commands: commands)
            #expect(outcome == Outcome(status: 0, output: "", errors: ""), "\(step.hook)")
        }
        if moment.hook == "halt" {
            for name in ["vm.pid", "vm.asked"] { try zone.scratch.write("zones/web/root/tmp/\(name)", "left\n") }
        }
        if let command = fault?.command {
            let names = try FileManager.default.contentsOfDirectory(atPath: commands.directory)
            commands = try StandIns(zone.scratch, Dictionary(uniqueKeysWithValues: names.map { ($0, command) }))
        }
        if fault?.lacksCommands == true {
            try FileManager.default.removeItem(atPath: commands.directory)
        }
        let made = try Hooks.run(program: "/bin/sh", ["-ec", "cd \"$0\"; \(fault?.before ?? ":")", zones])
        #expect(made == Outcome(status: 0, output: "", errors: ""))
        let before = try tree(zones)
        let words =
            (fault?.wrapper ?? ["/usr/bin/env"]).map { $0 == "@" ? zones : $0 } + [Hooks.directory + "/" + moment.hook]
            + (moment.runsCommands
                ? zone.arguments(moment.hook, "illumos", commands) : zone.arguments(moment.hook, "linux"))
            + moment.words
        let outcome = try Hooks.run(program: words[0], Array(words.dropFirst()), environment: zone.environment)
        let copy = zones + ".after"
        let after = try tree(FileManager.default.fileExists(atPath: copy) ? copy : zones)
        let told = outcome.errors.split(separator: "\n").first.map { String($0) } ?? ""
        return Result(
            outcome: Outcome(
                status: outcome.status, output: outcome.output,
                errors: told.replacingOccurrences(of: zone.scratch.path, with: "").replacing(
                    /after [0-9]+ s|process [0-9]+/, with: "…"
                )
                // What comes first is up to the file system.
                .replacing(/remove [^ ]+ \(and [0-9]+ more\)/, with: "remove … (and more)")),
            before: before, after: after)
    }

    /// What is below the zonepath, but for the logs, which cannot be lost by a fault, for they are none of the machine's files.
    private func tree(_ zones: String) throws -> [String] {
        let scratch = URL(fileURLWithPath: zones).deletingLastPathComponent().path
        return try ScratchZone.tree(zones).filter { !$0.hasPrefix("web/log") }.map {
            $0.replacingOccurrences(of: scratch, with: "")
        }
    }

    /// What became of the files, compared with a run that nothing was wrong with; `nil` when they are neither as before nor
    /// as after it.
    private func files(_ found: Result, _ good: Result, _ moment: Moment) -> String? {
        func names(_ tree: [String]) -> Set<Substring> { Set(tree.map { $0.split(separator: " ")[0] }) }
        if names(found.after) == names(found.before), found.after == found.before {
            return good.after == good.before ? "as they should be" : "as before"
        }
        if found.after.map({ withoutMode($0) }) == good.after.map({ withoutMode($0) }) { return "as they should be" }
        let new = found.after.filter { !found.before.contains($0) }
        if Set(found.before).isSubset(of: Set(found.after)), new.allSatisfy({ $0.contains(" d ") }) {
            return "as before, and a directory with nothing in it"
        }
        guard moment.removes, Set(found.after).isSubset(of: Set(found.before)) else { return nil }
        return "some are removed, the others whole"
    }

    /// Without the mode, which is what one fault changes.
    private func withoutMode(_ line: String) -> String { line.replacing(#/ ([a-z]) [0-7]+ /#, with: { " \($0.1) " }) }

    @Test(
        "whatever is wrong with the host is told, and leaves no file half-written; HVM_RECORD=1 records the page anew")
    func page() throws {
        var rows: [String] = []
        for moment in Moment.all {
            let good = try run(moment, nil)
            #expect(good.outcome == Outcome(status: 0, output: "", errors: ""), "\(moment.name)")
            for fault in Fault.all where moment.isTriedWith(fault) {
                let found = try run(moment, fault)
                let place = "\(moment.name), \(fault.name): \(found.outcome)"
                let files = files(found, good, moment)
                if files == nil {
                    Issue.record("\(place)\nbefore: \(found.before)\n after: \(found.after)\n  good: \(good.after)")
                }
                // No success that is none.
                if found.outcome.status == 0, !moment.isOnWayDown { expect(files, equals: "as they should be", place) }
                #expect(found.outcome.output == "", "\(place)")
                #expect([0, 254, 255].contains(found.outcome.status), "\(place)")
                #expect((found.outcome.status != 0) == !found.outcome.errors.isEmpty, "\(place)")
                rows.append(
                    "| \(moment.name) | \(fault.name) | \(found.outcome.status) | \(cell(found.outcome.errors)) | \(files ?? "?") |"
                )
            }
        }
        let text = Self.head + rows.joined(separator: "\n") + "\n"
        let file = BrandTests.project + "/docs/faults.md"
        if ProcessInfo.processInfo.environment["HVM_RECORD"] == "1" {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        }
        let kept = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        let (found, known) = (text.split(separator: "\n"), kept.split(separator: "\n"))
        for line in found where !known.contains(line) { Issue.record("not on the page: \(line)") }
        for line in known where !found.contains(line) { Issue.record("on the page alone: \(line)") }
    }

    private func cell(_ text: String) -> String {
        let text = text.count > 160 ? "\(text.prefix(160))…" : text
        return text.isEmpty ? "" : "`\(text.replacingOccurrences(of: "|", with: "\\|"))`"
    }

    private static let head = """
        # Faults of the host

        <!-- Written by HVM_RECORD=1 swift test --filter FaultTableTests; do not edit. -->

        What each hook does where something is wrong with the host: its exit status, the first line that it says, and the files of
        the zone afterwards, compared with a run that nothing is wrong with. Paths begin where the zones lie. On its way down a zone
        is held by nothing: there a hook ends with 0, and what went wrong is in the zone's log.

        | Hook | Fault | Status | Says | Files |
        | --- | --- | --- | --- | --- |

        """
}
