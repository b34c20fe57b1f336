import Hypervisors
import Machine
import Platform

/// What a boot leaves in a zone root. All of it is written before the first file takes its name, so that the launch file
/// that stands there and the password it names always belong together.
struct BootFiles {
    private let launch: StagedFile
    private let variables: StagedFile?
    private let secret: StagedFile?
    /// The password of the last boot, in case this one's cannot stay.
    private let oldSecret: StagedFile?
    private let secretPath: String?

    init(
        _ root: borrowing RootedDirectory, launch: LaunchFile, secret: Secret?, secretPath: String?,
        variables template: [UInt8]?
    ) throws(HookFailure) {
        self.secretPath = secretPath
        do throws(SystemError) {
            for path in [LaunchFile.path, InitLog.path] + SecretFile.paths
            where try root.status(path)?.kind == .directory {
                throw SystemError(code: SystemError.isDirectory, action: "write " + root.shown(path))
            }
            for path in SecretFile.paths {
                for stage in RootedDirectory.Stage.allCases { try root.removeStaged(path, stage) }
            }
            variables =
                if let template { try root.stage(BootFirmware.variablesFile, with: template, mode: 0o600) } else { nil }
            if let secret, let secretPath {
                self.secret = try root.stage(secretPath, with: Array(secret.revealed.utf8), mode: 0o600)
                oldSecret =
                    if let old = try? root.read(secretPath, limit: 1 << 16) {
                        try root.stage(secretPath, with: old, mode: 0o600, as: .old)
                    } else { nil }
            } else {
                self.secret = nil
                oldSecret = nil
            }
            self.launch = try root.stage(LaunchFile.path, with: Array(launch.text.utf8), mode: 0o600)
        } catch {
            throw Self.failure(error)
        }
    }

    /// Puts the files in their places, and takes away what they make stale.
    func commit(_ root: borrowing RootedDirectory) throws(HookFailure) {
        do throws(SystemError) {
            try variables?.takeName()
            try secret?.takeName()
            do throws(SystemError) {
                try launch.takeName()
            } catch {
                if let oldSecret {
                    try? oldSecret.takeName()
                } else if secret != nil {
                    try? root.remove(secretPath ?? "")
                }
                throw error
            }
            // They all lie in one directory.
            try launch.makeLasting()
            for path in SecretFile.paths where path != secretPath { try root.remove(path) }
            try root.remove(InitLog.path)
        } catch {
            throw Self.failure(error)
        }
    }

    private static func failure(_ error: SystemError) -> HookFailure {
        HookFailure(error, remedy: "look at what stands there: the zone may have put it there")
    }
}

extension SystemError {
    /// EISDIR, the same number on illumos and Linux.
    fileprivate static let isDirectory: Int32 = 21
}
