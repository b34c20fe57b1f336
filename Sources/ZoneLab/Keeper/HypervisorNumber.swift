import Glibc
import Hypervisors
import Platform
import Text

/// The number of a zone's QEMU in its pid file. On illumos a process has one number everywhere; here the zone counts its own,
/// and what QEMU writes would be another process in the global zone.
struct HypervisorNumber {
    let zoneroot: String
    /// The zone's first process, as the global zone counts.
    let initProcess: pid_t

    /// Looks until QEMU has written the file, and writes the global zone's number into it.
    func follow(_ loop: EventLoop, tries: Int = 500, while isAlive: @escaping () -> Bool) {
        guard tries > 0, isAlive(), !translate() else { return }
        loop.after(.milliseconds(20)) { follow(loop, tries: tries - 1, while: isAlive) }
    }

    /// True when it is done.
    private func translate() -> Bool {
        guard let root = try? RootedDirectory(zoneroot),
            let bytes = try? root.read(QEMUPaths.pidFile, limit: 64),
            let number = pid_t(String(decoding: bytes, as: UTF8.self).trimmed), let outside = process(number)
        else { return false }
        return (try? root.replace(QEMUPaths.pidFile, with: Array("\(outside)\n".utf8), mode: 0o600)) != nil
    }

    /// The global zone's number of the QEMU that the zone counts so; `nil` when there is none.
    private func process(_ number: pid_t) -> pid_t? {
        let namespace = Files.linkTarget("/proc/\(initProcess)/ns/pid")
        return Files.names(in: "/proc").lazy.compactMap { pid_t($0) }.first { process in
            guard namespace != nil, Files.linkTarget("/proc/\(process)/ns/pid") == namespace,
                let status = Files.text("/proc/\(process)/status"), status.hasPrefix("Name:\tqemu"),
                let line = status.lines.first(where: { $0.hasPrefix("NSpid:") })
            else { return false }
            return line.pieces(separator: "\t").last == String(number)
        }
    }
}
