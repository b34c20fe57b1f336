import Hypervisors
import Machine
import Platform
import Text

/// The screen's password as it goes into the secret file.
struct ScreenSecret: Sendable {
    /// What is in the file; `nil` when there is no password, or none that can be used.
    private(set) var content: Secret?
    private(set) var diagnostics: [Diagnostic] = []

    /// Bytes of a file that holds a password.
    private static let sizeLimit = 4096

    init() {}

    /// Takes the password from the attribute, or reads it from the file of the host that the attribute names.
    init(_ file: SecretFile, _ machine: Machine) {
        switch file.source {
        case .text(let secret): content = file.content(secret)
        case .file(let path):
            let line = machine.screen?.server.origin.line
            do {
                let password = try Self.read(path)
                content = file.content(password)
                if let problem = ScreenPassword.problem(password) {
                    diagnostics = [
                        Diagnostic(.warning, file: path, line: nil, message: problem.message, remedy: [problem.remedy])
                    ]
                }
            } catch {
                diagnostics = [
                    Diagnostic(
                        .error, file: machine.file, line: line, message: "attr \"vnc\": \(error.message)",
                        remedy: [error.remedy])
                ]
            }
        }
    }

    /// A path that names no file may be a password itself, and is not shown.
    private static func read(_ path: String) throws(ValueError) -> Secret {
        let bytes: [UInt8]
        do {
            bytes = try HostFiles.read(path, limit: sizeLimit)
        } catch {
            throw ValueError(
                "the password begins with / and so names a file, which cannot be read: \(error.reason)",
                remedy: "name a file of at most 4 KiB, or choose a password that begins otherwise")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let password = text.trimmed
        guard text.utf8.elementsEqual(bytes), !password.isEmpty, password.firstControlCharacter == nil else {
            throw ValueError(
                "the password in \(path) is not one line of UTF-8 text", remedy: "write it into the file anew")
        }
        return Secret(password)
    }
}
