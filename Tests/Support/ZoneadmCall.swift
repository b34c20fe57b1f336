/// A command of zoneadm's for one zone: what it asks the brand's verify, and what becomes of the zone, as the sources of
/// zoneadm and zoneadmd have it.
package struct ZoneadmCall: Sendable, CustomStringConvertible {
    /// The zoneadm subcommands that bring the zone there, from configured.
    package let before: [String]
    /// What is after `zoneadm -z ZONE`.
    package let words: String
    /// What verify gets after its own options; `nil` when it is not asked.
    package let asked: String?
    /// True when verify refuses it for a mistake in the configuration.
    package let isJudged: Bool
    /// The exit status and the zone's state afterwards.
    package let status: Int
    package let state: String
    /// The same when the configuration has been broken before; a refusal leaves the zone as it was.
    package let brokenStatus: Int
    package let brokenState: String

    package var description: String { (before + [words]).joined(separator: ", ") }

    private init(
        _ before: [String], _ words: String, asks asked: String?, judged: Bool = false, _ status: Int, _ state: String,
        broken: (status: Int, state: String)? = nil
    ) {
        self.before = before
        self.words = words
        self.asked = asked
        isJudged = judged
        self.status = status
        self.state = state
        brokenStatus = broken?.status ?? status
        brokenState = broken?.state ?? state
    }

    /// One that verify lets pass whatever the configuration says.
    private static func passed(_ before: [String], _ words: String, _ status: Int, _ state: String) -> Self {
        Self(before, words, asks: words, status, state)
    }

    /// One that a mistake in the configuration refuses.
    private static func judged(
        _ before: [String], _ words: String, _ status: Int, _ state: String, refused: String
    ) -> Self {
        Self(before, words, asks: words, judged: true, status, state, broken: (1, refused))
    }

    /// One that zoneadm decides without the brand.
    private static func unasked(_ before: [String], _ words: String, _ status: Int, _ state: String) -> Self {
        Self(before, words, asks: nil, status, state)
    }

    private static let installed = ["install"]
    private static let running = ["install", "boot"]
    private static let ready = ["install", "ready"]
    private static let incomplete = ["mark incomplete"]
    private static let detached = ["install", "detach"]

    package static let all: [ZoneadmCall] = [
        // A zone that is configured.
        judged([], "verify", 0, "configured", refused: "configured"),
        judged([], "install", 0, "installed", refused: "configured"),
        judged([], "install -x FILE word", 0, "installed", refused: "configured"),
        judged([], "clone s", 0, "installed", refused: "configured"),
        judged([], "clone -m copy s", 0, "installed", refused: "configured"),
        judged([], "attach", 1, "configured", refused: "configured"),
        passed([], "list", 0, "configured"),
        passed([], "list -p", 0, "configured"),
        passed([], "list -v", 0, "configured"),
        passed([], "halt", 1, "configured"),
        passed([], "mark incomplete", 0, "incomplete"),
        passed([], "mark -F installed", 0, "installed"),
        unasked([], "mark installed", 2, "configured"),
        unasked([], "boot", 1, "configured"),
        unasked([], "uninstall -F", 1, "configured"),
        // Installed.
        judged(installed, "verify", 0, "installed", refused: "installed"),
        judged(installed, "boot", 0, "running", refused: "installed"),
        judged(installed, "boot -s", 0, "running", refused: "installed"),
        judged(installed, "boot -- -s", 0, "running", refused: "installed"),
        judged(installed, "boot -f -- -s -m verbose", 0, "running", refused: "installed"),
        judged(installed, "ready", 0, "ready", refused: "installed"),
        passed(installed, "list -p", 0, "installed"),
        passed(installed, "halt", 0, "installed"),
        passed(installed, "uninstall -F", 0, "configured"),
        passed(installed, "uninstall -F -x word", 0, "configured"),
        passed(installed, "uninstall", 1, "installed"),
        passed(installed, "mark incomplete", 0, "incomplete"),
        passed(installed, "detach", 0, "configured"),
        passed(installed, "move /data/moved", 0, "installed"),
        unasked(installed, "detach -n", 0, "installed"),
        unasked(installed, "reboot", 1, "installed"),
        unasked(installed, "shutdown", 1, "installed"),
        unasked(installed, "clone s", 1, "installed"),
        // Ready, and running.
        judged(ready, "boot -- -s", 0, "running", refused: "ready"),
        passed(ready, "halt", 0, "installed"),
        judged(running, "reboot", 0, "running", refused: "running"),
        judged(running, "reboot -- -s", 0, "running", refused: "running"),
        judged(running, "boot", 0, "running", refused: "running"),
        judged(running, "ready", 0, "ready", refused: "running"),
        passed(running, "list -v", 0, "running"),
        passed(running, "halt", 0, "installed"),
        unasked(running, "shutdown", 0, "installed"),
        unasked(running, "uninstall -F", 1, "running"),
        unasked(running, "move /data/moved", 1, "running"),
        unasked(running, "mark incomplete", 1, "running"),
        // Incomplete, and detached.
        passed(incomplete, "uninstall -F", 0, "configured"),
        unasked(incomplete, "boot", 1, "incomplete"),
        unasked(incomplete, "install", 1, "incomplete"),
        judged(detached, "attach", 0, "installed", refused: "configured"),
        judged(detached, "attach -F", 0, "installed", refused: "configured"),
        judged(detached, "install", 1, "configured", refused: "configured"),
    ]
}
