import Machine
import Platform
import Text

/// What a seed is made of besides the machine: what the host's files hold that the zone's attributes name.
struct SeedContents: Equatable, Sendable {
    var password: SeedPassword?
    var sshKeys: [SSHKey] = []
    /// A file that is handed over as it is, instead of user-data of ours.
    var userData: UserDataFile?

    struct UserDataFile: Equatable, Sendable {
        let path: String
        let bytes: [UInt8]
    }
}

extension SeedContents {
    /// Bytes of a file with a password or with keys.
    private static let limit = 64 << 10
    /// Bytes of a file with user-data.
    private static let userDataLimit = 1 << 20

    /// Reads the files; hands over what is wrong with each. What cannot be read is left out.
    init(_ machine: Machine, report: (Diagnostic) -> Void) {
        func read<Value>(
            _ origin: Origin, _ read: () throws(Failure) -> Value
        ) -> Value? {
            do throws(Failure) {
                return try read()
            } catch {
                report(error.about(origin, machine))
                return nil
            }
        }
        if case .seed(let path?) = machine.cloudInit.value {
            userData = read(machine.cloudInit.origin) { () throws(Failure) in
                UserDataFile(path: path, bytes: try Self.bytes(of: path, limit: Self.userDataLimit))
            }
            return
        }
        if let source = machine.seedInputs.password {
            password = read(source.origin) { () throws(Failure) in try Self.password(source.value) }
        }
        if let source = machine.seedInputs.sshKeys {
            sshKeys = read(source.origin) { () throws(Failure) in try Self.keys(source.value) } ?? []
        }
    }

    private static func password(_ source: SecretSource) throws(Failure) -> SeedPassword {
        switch source {
        case .text(let secret): return try SeedPassword(secret)
        case .file(let path):
            // A path that names no file may be a password itself, and is not shown.
            let bytes: [UInt8]
            do throws(SystemError) {
                bytes = try HostFiles.read(path, limit: limit)
            } catch {
                throw Failure(
                    "the password begins with / and so names a file, which cannot be read: \(error.reason)",
                    remedy: "name a file of at most 64 KiB, or choose a password that begins otherwise")
            }
            guard let text = String(validating: bytes), let line = text.onlyLine else {
                throw Failure(
                    "the password's file does not hold one line of UTF-8 text", file: path,
                    remedy: "write it into the file anew")
            }
            return try SeedPassword(Secret(line))
        }
    }

    private static func keys(_ source: SSHKeySource) throws(Failure) -> [SSHKey] {
        switch source {
        case .key(let key): return [key]
        case .file(let path):
            guard let text = String(validating: try bytes(of: path, limit: limit)) else {
                throw Failure("the file is not UTF-8 text", file: path, remedy: "name a .pub file")
            }
            return try keys(in: text, of: path)
        }
    }

    /// One a line; comments and blank lines are skipped.
    private static func keys(in text: String, of path: String) throws(Failure) -> [SSHKey] {
        var keys: [SSHKey] = []
        for (place, line) in text.pieces(separator: "\n").enumerated() {
            let line = line.trimmed
            guard !line.isEmpty, !line.beginsWith("#") else { continue }
            do throws(ValueError) {
                keys.append(try SSHKey(line))
            } catch {
                throw Failure(error.message, file: path, line: place + 1, remedy: error.remedy)
            }
        }
        guard !keys.isEmpty else {
            throw Failure("there is no SSH key in the file", file: path, remedy: "name a .pub file")
        }
        return keys
    }

    private static func bytes(of path: String, limit: Int) throws(Failure) -> [UInt8] {
        do throws(SystemError) {
            return try HostFiles.read(path, limit: limit)
        } catch {
            throw Failure(
                "cannot \(error.description)", remedy: "name a regular file of at most \(limit >> 10) KiB")
        }
    }
}

extension Failure {
    /// Of the attribute that names what could not be read; the place is the attribute's where the failure has none.
    fileprivate func about(_ origin: Origin, _ machine: Machine) -> Diagnostic {
        let name = if case .attribute(let name, _) = origin { "attr \(name.quoted): " } else { "" }
        return Diagnostic(
            .error, file: diagnostic.file ?? machine.file, line: diagnostic.file == nil ? origin.line : diagnostic.line,
            message: "\(name)\(diagnostic.message)", remedy: diagnostic.remedy)
    }
}

extension String {
    /// The text of bytes that are UTF-8; `nil` for any others.
    init?(validating bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.utf8.elementsEqual(bytes) else { return nil }
        self = text
    }

    /// The text without the newline at its end, when that leaves one line; `nil` otherwise, and when nothing is left.
    fileprivate var onlyLine: String? {
        let line = endsWith("\n") ? String(decoding: utf8.dropLast(), as: UTF8.self) : self
        return line.isEmpty || line.firstControlCharacter != nil ? nil : line
    }
}
