import CloudInit
import Hypervisors
import Machine
import Platform
import Text

/// Takes the steps of a plan: everything is checked and written beside its name, then done in an order in which any end
/// leaves whole files.
package struct BootCommit {
    private let plan: BootPlan
    private let runDirectory: String
    private let log: ZoneLog
    private let reservation: Reservation
    /// What has been done, the last one last: how each step is undone.
    private var undoing: [Undo] = []
    /// A file has its new name: from here on the boot goes on to its end.
    private var hasWritten = false
    /// How long each step of the plan took, what was prepared for it included.
    private var times: StepTimes

    /// How a step is undone.
    private enum Undo {
        case hold(bytes: UInt64)
        case resetLink(LinkProperty)
        case restore(PreparedFile)
    }

    /// A file that is written, and has not taken its name.
    private struct PreparedFile {
        let place: BootPlace
        let new: StagedFile
        /// The file as it was, in case the new one cannot stay.
        let old: StagedFile?
        let isRestored: Bool
    }

    /// The plan took `time` to make; `runDirectory` is where running hooks leave what lasts until the host restarts.
    package init(_ plan: BootPlan, plannedIn time: Duration, runDirectory: String, log: ZoneLog) {
        self.plan = plan
        self.runDirectory = runDirectory
        self.log = log
        times = StepTimes(plan.steps, plannedIn: time)
        reservation = Reservation(
            zone: plan.request.zoneName, runDirectory: runDirectory, commands: plan.request.commands)
    }

    /// Makes the zone ready for init. The plan has no errors.
    @export(interface)
    package mutating func run() throws(Failure) {
        let lock = try ZoneLock.take(zone: plan.request.zoneName, runDirectory: runDirectory)
        defer { withExtendedLifetime(lock) {} }
        defer { log.write(times.lines) }
        var files = try prepare()[...]
        do {
            for (index, step) in plan.steps.enumerated() {
                let start = Clock.now
                defer { times.add(since: start, to: index) }
                try take(step, &files)
            }
        } catch {
            undo()
            throw error
        }
    }

    // MARK: Checks

    /// Checks what can be checked, and writes every file beside its name. Nothing has changed when it throws.
    private mutating func prepare() throws(Failure) -> [PreparedFile] {
        var files: [PreparedFile] = []
        for (index, step) in plan.steps.enumerated() {
            let start = Clock.now
            defer { times.add(since: start, to: index) }
            switch step {
            case .tryOut(let commandLine):
                try BhyveTrial(commandLine, zone: plan.request.zoneName, plan.request.commands).run()
            case .write(let file): files.append(try stage(file))
            case .remove(let stale):
                for file in stale where file.weight == .vital { try checkIsNoDirectory(file.place) }
            case .hold, .setLink, .forgetNext, .log: break
            }
        }
        return files
    }

    private func stage(_ file: BootFile) throws(Failure) -> PreparedFile {
        try checkIsNoDirectory(file.place)
        let bytes =
            switch file.content {
            case .bytes(let bytes): bytes
            case .secret(let secret): Array(secret.revealed.utf8)
            case .seed(let seed):
                try SeedImage(seed, platform: plan.request.platform, commands: plan.request.commands).bytes
            }
        let directory = try file.place.open()
        let path = file.place.path
        do throws(SystemError) {
            let new = try directory.stage(path, with: bytes, mode: 0o600)
            var old: StagedFile?
            if file.isRestored {
                try directory.removeStaged(path, .old)
                if let before = try? directory.read(path, limit: 1 << 16) {
                    old = try directory.stage(path, with: before, mode: 0o600, as: .old)
                }
            }
            return PreparedFile(place: file.place, new: new, old: old, isRestored: file.isRestored)
        } catch {
            throw Self.failure(error)
        }
    }

    private func checkIsNoDirectory(_ place: BootPlace) throws(Failure) {
        let directory = try place.open()
        do throws(SystemError) {
            guard try directory.status(place.path)?.kind == .directory else { return }
            throw SystemError.isDirectory("write \(directory.shown(place.path))")
        } catch {
            throw Self.failure(error)
        }
    }

    private func checkInterrupt() throws(Failure) {
        do {
            try Program.checkInterrupt("boot the zone")
        } catch {
            throw Failure(error)
        }
    }

    private static func failure(_ error: SystemError) -> Failure {
        Failure(error, remedy: "look at what is there: the zone may have put it there")
    }

    // MARK: Acts

    private mutating func take(_ step: BootStep, _ files: inout ArraySlice<PreparedFile>) throws(Failure) {
        if !hasWritten { try checkInterrupt() }
        switch step {
        case .tryOut: break
        case .hold(let bytes, _): undoing.append(.hold(bytes: try reservation.hold(bytes)))
        case .setLink(let property): try set(property)
        case .write: if let file = files.popFirst() { try name(file) }
        case .remove(let stale):
            // All files have their names by now, and are not put back: what belonged to the old ones goes.
            undoing.removeAll { if case .restore = $0 { true } else { false } }
            for file in stale { try remove(file) }
        case .forgetNext(let zone, _): forgetNext(zone)
        case .log(_, let line): log.write(line)
        }
    }

    private mutating func name(_ file: PreparedFile) throws(Failure) {
        do throws(SystemError) {
            try file.new.takeName()
            hasWritten = true
            if file.isRestored { undoing.append(.restore(file)) }
            try file.new.makeLasting()
        } catch {
            throw Self.failure(error)
        }
    }

    private func remove(_ file: StaleFile) throws(Failure) {
        do throws(Failure) {
            try removeNow(file)
        } catch {
            guard file.weight == .slight else { throw error }
            log.write("warning: \(error.diagnostic.message)")
        }
    }

    private func removeNow(_ file: StaleFile) throws(Failure) {
        let directory = try file.place.open()
        do throws(SystemError) {
            guard file.isTree else { return try directory.remove(file.place.path) }
            for failure in try directory.clear(file.place.path) { log.write("warning: \(failure.description)") }
            try directory.removeStaged(file.place.path, .new)
        } catch {
            throw Self.failure(error)
        }
    }

    private mutating func set(_ property: LinkProperty) throws(Failure) {
        if let words = dladm(property.settingWords) {
            throw Failure(
                "dladm cannot set \(property.setting) of \(property.link.value): \(words)", file: property.file,
                remedy: "create the VNIC: dladm create-vnic -l LINK \(property.link.value)")
        }
        undoing.append(.resetLink(property))
    }

    /// When the attr stays, the boot after this one heeds it again.
    private func forgetNext(_ zone: String) {
        do {
            let result = try plan.request.commands.command("/usr/sbin/zonecfg", ZoneVariables.forgetNext(zone)).run()
            guard result.status != 0 else { return }
            log.write("warning: the attr bootnext is not removed: \(result.complaint)")
        } catch {
            log.write("warning: the attr bootnext is not removed: \(error.description)")
        }
    }

    /// Undoes what has been done, the last step first. The zone does not start, so it needs no more memory than it had.
    private func undo() {
        for act in undoing.reversed() {
            switch act {
            case .hold(let bytes): _ = try? reservation.hold(bytes)
            case .resetLink(let property):
                if let words = dladm(property.resettingWords) {
                    log.write("dladm cannot reset \(LinkProperty.name) of \(property.link.value): \(words)")
                }
            case .restore(let file):
                if let old = file.old {
                    try? old.takeName()
                } else {
                    if let directory = try? file.place.open() { try? directory.remove(file.place.path) }
                }
            }
        }
    }

    /// What dladm(8) says when it fails; `nil` when it does not.
    private func dladm(_ arguments: [String]) -> String? {
        do {
            let result = try plan.request.commands.command("/usr/sbin/dladm", arguments).run()
            return result.status == 0 ? nil : result.complaint
        } catch {
            return error.description
        }
    }
}
