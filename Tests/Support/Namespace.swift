import Foundation

/// A root of its own for a program, as a zone has one: a scratch directory is `/`, the system's /usr is there.
package final class Namespace {
    let scratch: Scratch
    let console: ConsoleDevice
    /// Below it lie the files the program sees.
    package var root: String { scratch.path + "/root" }
    private var devices: Set<String> = []

    package init() throws {
        scratch = try Scratch()
        console = try ConsoleDevice()
        for name in ["etc", "tmp", "usr", "proc", "dev", "hvm"] {
            try FileManager.default.createDirectory(atPath: root + "/" + name, withIntermediateDirectories: true)
        }
    }

    /// Puts an empty file of 1 MiB at a path, which may lie below /dev.
    package func addFile(_ path: String) throws {
        let name = path.hasPrefix("/") ? path : "/" + path
        let components = name.split(separator: "/").map(String.init)
        if components.first == "dev" { devices.insert(components[1]) }
        let below = components.first == "dev" ? "" : "root"
        let file = try scratch.write(below + name, "")
        try Data(count: 1 << 20).write(to: URL(fileURLWithPath: file))
    }

    package func addDirectory(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: root + path, withIntermediateDirectories: true)
    }

    package func copy(_ source: String, to path: String) throws {
        try? FileManager.default.removeItem(atPath: root + path)
        try FileManager.default.copyItem(atPath: source, toPath: root + path)
    }

    /// The command that runs another one inside.
    package func command(_ words: [String]) -> [String] {
        var command = ["/usr/bin/bwrap", "--bind", root, "/", "--ro-bind", "/usr", "/usr"]
        for name in ["bin", "lib", "lib64", "sbin"] {
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/" + name) else { continue }
            command += ["--symlink", target, "/" + name]
        }
        command += ["--proc", "/proc", "--dev", "/dev", "--dev-bind", console.path, "/dev/zconsole"]
        for device in devices.sorted() { command += ["--bind", scratch.path + "/dev/" + device, "/dev/" + device] }
        return command + [
            "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--die-with-parent", "--new-session",
            "--chdir", "/",
        ] + words
    }
}
