import Platform
import Text

/// ZFS datasets.
enum Dataset {
    /// The dataset that is mounted at this very path; `nil` when the path only lies in one. The host itself is asked by its
    /// mount table; stand-ins for its commands (`-C`) have a zfs instead.
    static func mounted(exactlyAt path: String, _ commands: HostCommands) -> String? {
        guard commands.directory == nil else { return listed(path, commands) }
        guard let table = try? HostFiles.read("/etc/mnttab", limit: 16 << 20) else { return nil }
        return mounted(exactlyAt: path, table: String(decoding: table, as: UTF8.self))
    }

    /// The same by the text of mnttab(5): a line a file system, the last one mounted last; its fields, between tabs, are what is
    /// mounted, where, and its kind.
    private static func mounted(exactlyAt path: String, table: String) -> String? {
        var found: String?
        for line in table.pieces(separator: "\n", omittingEmpty: true) {
            let fields = line.pieces(separator: "\t")
            guard fields.count >= 3, fields[1] == path else { continue }
            // Another kind of file system covers a dataset.
            found = fields[2] == "zfs" ? fields[0] : nil
        }
        return found
    }

    /// The same by `zfs list`, zfs(8).
    private static func listed(_ path: String, _ commands: HostCommands) -> String? {
        guard let output = try? commands.run("/usr/sbin/zfs", ["list", "-H", "-o", "name,mountpoint", path]) else {
            return nil
        }
        for line in output.pieces(separator: "\n", omittingEmpty: true) {
            let (name, mountpoint) = line.splitOnce(at: "\t")
            if mountpoint == path { return name }
        }
        return nil
    }
}
