import Foundation
import Glibc
import Platform
import Text

/// The lab's global zone: a namespace whose `/` is the lab's directory, with the system's programs read-only and the
/// brand at /usr/lib/brand.
struct GlobalZone {
    /// In the namespace: this program, with the libraries that the system has elsewhere.
    static let programDirectory = "/usr/lib/zonelab"
    static let program = "\(programDirectory)/zonelab"
    /// In the namespace: the lab's commands.
    static let commandDirectory = "\(programDirectory)/bin"
    /// In the namespace: what the lab keeps for itself.
    static let stateDirectory = "/.zonelab"

    /// In the namespace: the hook that makes a screen reachable, the same in every brand. It is a command of the lab's.
    static let vnc = "\(ZoneBrand.directory)/bhyve/vnc"

    let directory: String
    let brand: BrandFiles
    /// Files of the host that appear read-only.
    let shares: [Share]

    /// A file of the host's, and its path in the lab.
    struct Share {
        let host: String
        let path: String

        /// Reads `FILE:PATH`. Throws when it is something else, or when there is no such file.
        init(_ text: String) throws {
            let (host, path) = text.splitOnce(at: ":")
            guard let path, path.hasPrefix("/"), Files.exists(host) else {
                throw LabError("-b takes FILE:PATH, a file that is there and an absolute path in the lab")
            }
            self.host = URL(fileURLWithPath: host).standardizedFileURL.path
            self.path = path
        }
    }

    /// Throws anywhere but in the lab's global zone.
    static func checkIsHere(for command: String) throws {
        guard Files.isDirectory(stateDirectory) else {
            throw LabError(
                "this is not the lab's global zone", remedy: "zonelab shell opens one; there it is \(command)")
        }
    }

    /// Makes what must be there before the namespace is.
    func prepare() throws {
        for name in [
            "etc/zones", "var/run", "var/tmp", "tmp", "root", "data/zone", "rpool/iso", "usr", "proc", "dev",
            ".zonelab/zvol",
        ] { try Files.makeDirectories("\(directory)/\(name)") }
        for name in ["bin", "sbin", "lib", "lib64"] {
            guard let target = Files.linkTarget("/\(name)"), !Files.exists("\(directory)/\(name)") else { continue }
            symlink(target, "\(directory)/\(name)")
        }
        if !Files.exists("\(directory)/run") { symlink("var/run", "\(directory)/run") }
        try Files.write(
            "\(directory)/etc/passwd", "root:x:0:0:Super-User:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n")
        try Files.write("\(directory)/etc/group", "root:x:0:\nnogroup:x:65534:\n")
        for template in brand.templates {
            try Files.write("\(directory)\(ZoneIndex.directory)/\(template.baseName)", Files.text(template) ?? "")
        }
    }

    /// Removes the empty files that shares were mounted on, so that they do not pass for the real ones later.
    func forgetShares() {
        for share in shares {
            let path = directory + share.path
            var status = stat()
            guard lstat(path, &status) == 0, status.st_size == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            unlink(path)
        }
    }

    /// The command that runs another one in the global zone.
    func command(_ inside: [String]) -> [String] {
        var words = ["/usr/bin/bwrap", "--bind", directory, "/"]
        if getuid() != 0 { words += ["--unshare-user", "--uid", "0", "--gid", "0", "--cap-add", "ALL"] }
        words += programs + brandFiles + ["--remount-ro", "/usr"]
        for name in ["bin", "sbin", "lib", "lib64"]
        where Files.linkTarget("/\(name)") == nil && Files.exists("/\(name)") {
            words += ["--ro-bind", "/\(name)", "/\(name)"]
        }
        for path in [
            "/etc/alternatives", "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/localtime",
            "/etc/terminfo",
        ]
        where Files.exists(path) { words += ["--ro-bind-try", path, path] }
        words += [
            "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/var/run", "--dir", ZoneDaemon.directory,
        ]
        for name in ["rdsk", "dsk"] { words += ["--bind", "\(directory)/.zonelab/zvol", "/dev/zvol/\(name)"] }
        if Program.environment("HVM_ACCEL") == "kvm" { words += ["--dev-bind-try", "/dev/kvm", "/dev/kvm"] }
        for share in shares { words += ["--ro-bind", share.host, share.path] }
        words += [
            "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "omnios", "--die-with-parent", "--chdir",
            "/",
        ]
        return words + ["--json-status-fd", "3", "--"] + GlobalZone.withVariables(inside)
    }

    /// The command that runs another one in a global zone that is there; the process is one of that.
    static func command(joining process: pid_t, _ inside: [String]) -> [String] {
        let user = getuid() == 0 ? [] : ["-U", "--preserve-credentials"]
        return ["/usr/bin/nsenter", "-t", String(process), "-m", "-p", "-u", "-i"] + user + ["--"]
            + withVariables(inside)
    }

    /// The command, with the environment of the global zone.
    private static func withVariables(_ command: [String]) -> [String] {
        let kept = ["TERM", "LANG", "LC_ALL", "HVM_ACCEL"].compactMap { name in
            Program.environment(name).map { "\(name)=\($0)" }
        }
        let path = "\(commandDirectory):/usr/sbin:/usr/bin:/sbin:/bin"
        return [
            "/usr/bin/env", "-i", "HOME=/root", "PATH=\(path)", "PS1=omnios# ", "HISTFILE=/root/.history",
            "HVM_COMMANDS=\(commandDirectory)",
        ] + kept + command
    }

    /// A /usr of our own, made of the system's, so that the brand has a place in it.
    private var programs: [String] {
        var words = ["--tmpfs", "/usr"]
        for path in (Files.names(in: "/usr").filter { $0 != "lib" }.map { "/usr/\($0)" })
            + Files.names(in: "/usr/lib").filter({ !["brand", "zonelab"].contains($0) }).map({ "/usr/lib/\($0)" })
        {
            words += Files.linkTarget(path).map { ["--symlink", $0, path] } ?? ["--ro-bind", path, path]
        }
        return words
    }

    private var brandFiles: [String] {
        var words: [String] = []
        for file in brand.files { words += ["--ro-bind", file.host, file.path] }
        words += ["--ro-bind", BrandFiles.thisProgram, GlobalZone.program]
        for name in HostCommand.all.map(\.name) {
            words += ["--symlink", GlobalZone.program, "\(GlobalZone.commandDirectory)/\(name)"]
        }
        words += ["--symlink", GlobalZone.program, "\(GlobalZone.commandDirectory)/zonelab"]
        words += ["--symlink", GlobalZone.vnc, "\(GlobalZone.commandDirectory)/vnc"]
        // Swift's libraries lie beside the programs, which look for them there.
        guard let runtime = BrandFiles.runtime else { return words }
        let mounted = "\(GlobalZone.programDirectory)/runtime"
        words += ["--ro-bind", runtime.directory, mounted]
        for directory in [GlobalZone.programDirectory, GlobalZone.commandDirectory] + brand.directories {
            for name in runtime.names { words += ["--symlink", "\(mounted)/\(name)", "\(directory)/\(name)"] }
        }
        return words
    }
}
