import Machine
import Platform

/// The part of bhyve's memory reservoir that a zone holds, as the file that remembers it says.
public struct Reservation {
    private let file: String
    private let directory: String
    private let commands: HostCommands

    public init(zone: String, runDirectory: String, commands: HostCommands) {
        directory = runDirectory + "/bhyve"
        file = directory + "/" + zone + ".resv"
        self.commands = commands
    }

    /// Bytes held now. A file that is damaged counts as nothing held, and is replaced.
    public var held: UInt64 {
        guard let bytes = try? HostFiles.read(file, limit: 64) else { return 0 }
        let text = String(decoding: bytes, as: UTF8.self).trimmed
        guard text.utf8.allSatisfy({ $0.isDigit }), let held = UInt64(text), held <= Self.most else { return 0 }
        return held
    }

    /// Holds exactly so many bytes from now on, by adding to the reservoir or taking from it. Nothing is remembered that
    /// the reservoir did not grant.
    @export(interface)
    public func hold(_ wanted: UInt64) throws(HookFailure) {
        let before = held
        let (more, mebibytes) = wanted > before ? ("-a", wanted - before) : ("-r", before - wanted)
        do {
            if mebibytes >> 20 > 0 { try move(more, mebibytes >> 20) }
            guard wanted > 0 else { return try HostFiles.remove(file) }
            try HostFiles.makeDirectory(directory, mode: 0o755)
            try HostFiles.replace(file, with: String(wanted) + "\n", mode: 0o644)
        } catch {
            throw HookFailure(error, remedy: "rsrvrctl -q shows the reservoir; memreserve=off does without it")
        }
    }

    private func move(_ option: String, _ mebibytes: UInt64) throws(SystemError) {
        let rsrvrctl = commands.command("/usr/lib/rsrvrctl", [option, String(mebibytes)])
        let result = try rsrvrctl.run(seconds: nil)
        guard result.status == 0 else {
            let words = result.errors.trimmed
            throw SystemError(
                "move " + String(mebibytes) + " MiB by rsrvrctl " + option,
                reason: words.isEmpty ? "exit status " + String(result.status) : words)
        }
    }

    /// 16 TiB and what a machine adds to its memory: nothing held is more.
    private static let most: UInt64 = 17 << 40
}
