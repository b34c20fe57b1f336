import Hypervisors
import Machine
import Platform
import Text

/// What a boot leaves for init and the hypervisor. All of it is written before the first file takes its name, so that the
/// launch file and the password it names always belong together.
struct BootFiles {
    private let launch: StagedFile
    private let variables: StagedFile?
    private let seed: StagedFile?
    private let secret: StagedFile?
    /// The password of the last boot, in case this one's cannot stay.
    private let oldSecret: StagedFile?

    private static let secretName = SecretFile.path.baseName
    private static let seedPath = CloudInitSource.seedImage

    /// Writes everything beside its name: launch and secret in the launch directory, `variables` (when they change) and
    /// `seed` (when there is one) in the zone root. Throws before anything is changed where a directory has the name of a
    /// file.
    init(
        in directory: borrowing RootedDirectory, _ root: borrowing RootedDirectory, launch: LaunchFile, secret: Secret?,
        variables content: [UInt8]?, seed image: [UInt8]?
    ) throws(Failure) {
        do throws(SystemError) {
            for name in [LaunchFile.name, Self.secretName] { try Self.checkIsNoDirectory(name, directory) }
            try Self.checkIsNoDirectory(InitLog.path, root)
            if image != nil { try Self.checkIsNoDirectory(Self.seedPath, root) }
            for stage in RootedDirectory.Stage.allCases { try directory.removeStaged(Self.secretName, stage) }
            variables =
                if let content { try root.stage(BootFirmware.variablesFile, with: content, mode: 0o600) } else { nil }
            seed = if let image { try root.stage(Self.seedPath, with: image, mode: 0o600) } else { nil }
            if let secret {
                self.secret = try directory.stage(Self.secretName, with: Array(secret.revealed.utf8), mode: 0o600)
                oldSecret =
                    if let old = try? directory.read(Self.secretName, limit: 1 << 16) {
                        try directory.stage(Self.secretName, with: old, mode: 0o600, as: .old)
                    } else { nil }
            } else {
                self.secret = nil
                oldSecret = nil
            }
            self.launch = try directory.stage(LaunchFile.name, with: Array(launch.text.utf8), mode: 0o600)
        } catch {
            throw Self.failure(error)
        }
    }

    private static func checkIsNoDirectory(
        _ path: String, _ directory: borrowing RootedDirectory
    ) throws(SystemError) {
        guard try directory.status(path)?.kind == .directory else { return }
        throw SystemError.isDirectory("write \(directory.shown(path))")
    }

    /// Puts the files in their places, and takes away what they make stale.
    func commit(
        in directory: borrowing RootedDirectory, _ root: borrowing RootedDirectory, log: ZoneLog
    ) throws(Failure) {
        do throws(SystemError) {
            if let variables {
                try variables.takeName()
                try variables.makeLasting()
            }
            if let seed {
                try seed.takeName()
                try seed.makeLasting()
            }
            try secret?.takeName()
            do throws(SystemError) {
                try launch.takeName()
            } catch {
                if let oldSecret {
                    try? oldSecret.takeName()
                } else if secret != nil {
                    try? directory.remove(Self.secretName)
                }
                throw error
            }
            // The password lies in the same directory.
            try launch.makeLasting()
            if secret == nil { try directory.remove(Self.secretName) }
            try root.remove(InitLog.path)
        } catch {
            throw Self.failure(error)
        }
        removeLeftovers(root, log)
    }

    /// Nothing reads these any more, so one that stays, such as a directory of that name, stops no boot.
    private func removeLeftovers(_ root: borrowing RootedDirectory, _ log: ZoneLog) {
        for path in OtherHooks.leftovers {
            do {
                try root.remove(path)
            } catch {
                log.write("warning: \(error.description)")
            }
        }
        for path in [OtherHooks.seedDirectory] + (seed == nil ? [Self.seedPath] : []) { clear(path, root, log) }
    }

    /// A seed, which may hold a password, does not outlive its attribute, whatever stands there.
    private func clear(_ path: String, _ root: borrowing RootedDirectory, _ log: ZoneLog) {
        do throws(SystemError) {
            for failure in try root.clear(path) { log.write("warning: \(failure.description)") }
            try root.removeStaged(path, .new)
        } catch {
            log.write("warning: \(error.description)")
        }
    }

    private static func failure(_ error: SystemError) -> Failure {
        Failure(error, remedy: "look at what is there: the zone may have put it there")
    }
}
