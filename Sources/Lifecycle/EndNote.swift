import Hypervisors
import Machine
import Platform
import Text
import ZoneBoot

/// How a zone's machine ended last: what its `/tmp/init.log` tells, and what the host's log knows better. There is one line for
/// each end in the log of each run: that of the run that ended, and that of the next.
package struct EndNote {
    private let zoneroot: String
    private let log: ZoneLog
    private let hypervisor: Hypervisor

    /// How much of the log is searched, in bytes.
    private static let tail = 64 << 10
    /// How long init has to write down an end that was seen, before the zone is killed.
    static let patience = Duration.seconds(1)

    /// `hypervisor` is whose end it was.
    package init(zonepath: String, hypervisor: Hypervisor, log: ZoneLog) {
        zoneroot = "\(zonepath)/root"
        self.log = log
        self.hypervisor = hypervisor
    }

    /// The end of the zone that a hook works on. What was booted last is known also where the brand says something else by now.
    init(_ hook: Hook, brand: Brand?) {
        let zonepath = hook.zonepath ?? ""
        self.init(
            zonepath: zonepath,
            hypervisor: LaunchFile.booted(zonepath: zonepath)?.hypervisor
                ?? Hypervisor(brand: brand ?? .bhyve, platform: hook.platform),
            log: hook.log)
    }

    /// `ended at 2026-11-22T13:49:05Z (process 17): the guest powered itself off`; `nil` when nothing is known. That the machine
    /// was forced off is known to the log alone.
    package var sentence: String? {
        if let final { return final }
        guard let end else { return told(["the last run "], mark: "ended at ") }
        let mark = Self.mark(end.run)
        return told(["the last run "], mark: mark) ?? "\(mark)\(end.sentence(of: hypervisor))"
    }

    /// Writes the line into the log of the run that has ended, if there is not one.
    func write() {
        guard let end, final == nil, hasBooted || told(["the last run "], mark: Self.mark(end.run)) == nil else { return }
        log.write("the machine \(Self.mark(end.run))\(end.sentence(of: hypervisor))")
    }

    /// Writes the same for a machine that was ended by a hook: its own end would look as if the guest had wanted it.
    /// The zone may have taken its log away, or say anything in it.
    package func write(forced reason: String) {
        log.write("the machine \(end.map { Self.mark($0.run) } ?? "ended at \(Clock.utc): ")\(reason)")
    }

    /// What the log of this run says of its end. The zone cannot take that back, whatever is in its own log afterwards.
    private var final: String? { told(["the machine "], mark: "ended at ") }

    /// True when this run was booted, which removes what init said of earlier ones: its end may look like theirs, of the same
    /// second and the same number of a process.
    private var hasBooted: Bool { told(["ready to start"], mark: ": ") != nil }

    /// Waits until init has written down the end of a hypervisor that has ended.
    package func awaitRecord() {
        let deadline = Deadline(in: Self.patience)
        while let root = try? RootedDirectory(zoneroot), LastEnd.isAwaited(in: root), !deadline.hasPassed {
            Clock.sleep(.milliseconds(10))
        }
    }

    private var end: LastEnd? {
        guard let root = try? RootedDirectory(zoneroot) else { return nil }
        return LastEnd.read(in: root)
    }

    private static func mark(_ run: LastEnd.Run) -> String { "ended at \(run.ended) (process \(run.pid)): " }

    /// What the log's last line that tells of such an end of one of these says, from the mark on.
    private func told(_ subjects: [String], mark: String) -> String? {
        for line in log.lastLines(within: Self.tail).reversed() {
            let message = ZoneLog.message(of: line)
            for subject in subjects {
                if let words = message.dropping(prefix: subject), words.beginsWith(mark) { return words }
            }
        }
        return nil
    }
}
