import Machine
import Platform
import Text

/// The part of bhyve's memory reservoir that a zone holds, as the file that remembers it says: NAME.resv, in bytes, which
/// other tools read too.
///
/// The reservoir and that file cannot be changed in one step. So before the reservoir is changed, a file tells whose change
/// it is and how large the reservoir was; whoever changes it next compares, and remembers for that zone what was moved.
/// One hook at a time does so.
package struct Reservation {
    private let zone: String
    private let runDirectory: String
    private let commands: HostCommands
    /// How long rsrvrctl may take to move memory.
    private let patience: Duration

    private var directory: String { "\(runDirectory)/bhyve" }
    private var file: String { "\(directory)/\(zone).resv" }
    private var journal: String { "\(directory)/.moving" }

    /// `patience` is how long rsrvrctl may take to move memory: the kernel takes what is to be had from its
    /// caches.
    package init(zone: String, runDirectory: String, commands: HostCommands, patience: Duration = .seconds(300)) {
        self.zone = zone
        self.runDirectory = runDirectory
        self.commands = commands
        self.patience = patience
    }

    /// The reservoir's unit; what does not fill one takes all of it.
    static func mebibytes(_ bytes: UInt64) -> Int { Int((bytes + (1 << 20) - 1) >> 20) }

    /// Bytes held now. A file that is damaged counts as nothing held, and is replaced.
    package var held: UInt64 {
        guard let bytes = try? HostFiles.read(file, limit: 64) else { return 0 }
        let text = String(decoding: bytes, as: UTF8.self).trimmed
        guard text.utf8.allSatisfy({ $0.isDigit }), let held = UInt64(text), held <= Self.most else { return 0 }
        return held
    }

    /// Holds this many bytes from now on, by adding to the reservoir or taking from it; returns what was held before. Nothing
    /// is remembered that the reservoir did not grant.
    @export(interface) @discardableResult
    package func hold(_ wanted: UInt64) throws(Failure) -> UInt64 {
        // The journal first: whoever settles a change writes what is held before that is gone.
        guard isMoving || held > 0 || wanted > 0 else { return 0 }
        switch try change(to: wanted) {
        case .success(let before): return before
        case .failure(let error):
            // An rsrvrctl that was killed and is still there has the lock: then whoever gets it next settles this. A process
            // that is just being started may have it for a moment, too.
            if let lock = try? ZoneLock.takeReservoir(runDirectory: runDirectory, within: .seconds(2)) {
                try? settle()
                withExtendedLifetime(lock) {}
            }
            throw Failure(error, remedy: "rsrvrctl -q shows the reservoir; memreserve=off does without it")
        }
    }

    /// Changes what is held, and returns what was held before. Throws when the reservoir's lock is not to be had.
    private func change(to wanted: UInt64) throws(Failure) -> Result<UInt64, SystemError> {
        let lock = try ZoneLock.takeReservoir(runDirectory: runDirectory, within: patience + ZoneLock.patience)
        defer { withExtendedLifetime(lock) {} }
        do throws(SystemError) {
            try settle()
            let before = held
            try move(from: Self.mebibytes(before), to: Self.mebibytes(wanted), lock)
            return .success(before)
        } catch {
            return .failure(error)
        }
    }

    /// rsrvrctl has the lock until it has ended, also when this process is killed meanwhile: what it moves is then settled by
    /// whoever takes the lock next.
    private func move(from before: Int, to after: Int, _ lock: HeldLock) throws(SystemError) {
        guard before != after else { return try remember(after) }
        try HostFiles.makeDirectory(directory, mode: 0o755)
        let size = size.map { String($0) } ?? "unknown"
        try HostFiles.replace(journal, with: "\(zone) \(before) \(size)\n", mode: 0o644)
        let arguments = after > before ? ["-a", String(after - before)] : ["-r", String(before - after)]
        let result = try commands.command("/usr/lib/rsrvrctl", arguments).run(within: patience, holding: lock)
        guard result.status == 0 else {
            throw SystemError(
                "move \(arguments[1]) MiB by rsrvrctl \(arguments[0])", reason: result.complaint)
        }
        try remember(after)
        try HostFiles.remove(journal)
    }

    /// What the journal says, when there is one: the zone, the MiB it held, and the reservoir's size.
    private var journalFields: [String]? {
        guard let bytes = try? HostFiles.read(journal, limit: 256) else { return nil }
        return String(decoding: bytes, as: UTF8.self).trimmed.pieces(separator: " ")
    }

    /// A change of this zone's was begun and not remembered.
    private var isMoving: Bool { journalFields?.first == zone }

    /// Ends a change that was begun and not remembered. While the reservoir's size is not to be had, that is put off.
    private func settle() throws(SystemError) {
        guard let fields = journalFields else { return }
        if fields.count == 3, Options.isZoneName(fields[0]), let before = fields[1].decimal(in: 0...Self.mostMebibytes),
            let sizeBefore = fields[2].decimal(in: 0...Int.max)
        {
            guard let size else {
                throw SystemError("look at the reservoir", reason: "rsrvrctl -q does not say its size")
            }
            let moved = (size - sizeBefore) / 1024
            try Reservation(zone: fields[0], runDirectory: runDirectory, commands: commands)
                .remember(max(0, before + moved))
        }
        try HostFiles.remove(journal)
    }

    private func remember(_ mebibytes: Int) throws(SystemError) {
        guard mebibytes > 0 else { return try HostFiles.remove(file) }
        try HostFiles.makeDirectory(directory, mode: 0o755)
        try HostFiles.replace(file, with: "\(mebibytes << 20)\n", mode: 0o644)
    }

    /// KiB in the reservoir, given to machines or not; `nil` when rsrvrctl does not say. It counts in MiB; in KiB before
    /// 2024.
    private var size: Int? {
        guard let result = try? commands.command("/usr/lib/rsrvrctl", ["-q"]).run(), result.status == 0 else {
            return nil
        }
        var parts: [Int] = []
        for line in result.output.pieces(separator: "\n") {
            let (name, value) = line.splitOnce(at: ":")
            let (what, unit) = name.splitOnce(at: " ")
            guard what == "Free" || what == "Allocated", let kibibytes = ["KiB": 1, "MiB": 1024][unit ?? ""] else {
                continue
            }
            if let value = value?.trimmed.decimal(in: 0...Self.mostMebibytes << 10) { parts.append(value * kibibytes) }
        }
        return parts.count == 2 ? parts[0] + parts[1] : nil
    }

    /// 16 TiB and what a machine adds to its memory: nothing held is more.
    private static let most: UInt64 = 17 << 40
    private static let mostMebibytes = 17 << 20
}
