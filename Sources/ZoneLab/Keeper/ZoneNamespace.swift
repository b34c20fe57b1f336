import Foundation
import Glibc
import Platform
import Text

/// The bubblewrap command that makes a zone of the lab: the zone's root, what platform.xml and the configuration put
/// there, and namespaces of its own.
struct ZoneNamespace {
    let document: ZoneDocument
    let brand: ZoneBrand
    /// The zone's console here.
    let console: String

    /// The command that starts the zone with its init. Descriptor 3 gets bubblewrap's status.
    func command() throws -> [String] {
        var words = [
            "/usr/bin/bwrap", "--bind", "\(document.zonepath)/root", "/", "--unshare-pid", "--unshare-uts",
            "--unshare-ipc",
            "--unshare-net", "--hostname", document.name, "--die-with-parent", "--json-status-fd", "3",
        ]
        words += mounts + devices + links + fileSystems
        words += ["--chdir", "/", "--clearenv", "--setenv", "PATH", "/usr/sbin:/usr/bin", "--", brand.initProgram]
        return words
    }

    /// platform.xml's mounts, as Linux has them. What has no counterpart (mntfs …) is left out.
    private var mounts: [String] {
        var words: [String] = []
        for mount in brand.platform.mounts {
            switch mount.type {
            case "lofs":
                let special = mount.special.replacingOccurrences(of: "%R", with: document.zonepath)
                words += [mount.isReadOnly ? "--ro-bind" : "--bind", special, mount.directory]
            case "tmpfs": words += ["--tmpfs", mount.directory]
            case "proc": words += ["--proc", mount.directory]
            case "dev": words += ["--dev", mount.directory]
            default: break
            }
        }
        // Linux looks for its program loader there.
        return words + (Files.isDirectory("/lib64") ? ["--ro-bind", "/lib64", "/lib64"] : [])
    }

    private static let providedByBubblewrap = [
        "null", "random", "pts", "fd", "stdin", "stdout", "stderr", "core", "tty",
    ]

    /// The console, the devices that platform.xml lets in, and those that the configuration adds.
    private var devices: [String] {
        var words = ["--dev-bind", console, "/dev/zconsole"]
        let nodes = DeviceTree.all
        for device in brand.platform.devices where device.name == nil {
            for node in nodes where pattern(device.pattern, matches: String(node.dropFirst("/dev/".count))) {
                let first = node.split(separator: "/").dropFirst().first.map(String.init) ?? ""
                if !Self.providedByBubblewrap.contains(first) { words += ["--dev-bind", node, node] }
            }
        }
        for node in nodes where ZoneNamespace.shows(node, document) { words += ["--dev-bind", node, node] }
        return words
    }

    /// True when the configuration lets a zone see a device node.
    static func shows(_ node: String, _ document: ZoneDocument) -> Bool {
        document.all("device").contains { pattern($0.values["match"] ?? "", matches: node) }
            || document.all("dataset").contains {
                node.isPath(atOrBelow: ZFSStore.device($0.values["name"] ?? ""))
            }
    }

    private var links: [String] {
        brand.platform.links.filter { !Self.providedByBubblewrap.contains($0.source) }
            .flatMap { ["--symlink", $0.target, "/dev/\($0.source)"] }
    }

    private var fileSystems: [String] {
        let store = ZFSStore.read()
        return document.all("fs").flatMap { fs in
            let isReadOnly = fs.items.contains { $0.name == "ro" }
            return [isReadOnly ? "--ro-bind" : "--bind", fs.values["special"] ?? "", fs.values["dir"] ?? ""]
        }
            + document.all("dataset").flatMap { dataset -> [String] in
                guard let mountpoint = store.mountpoint(dataset.values["name"] ?? "") else { return [] }
                return ["--bind", mountpoint, mountpoint]
            }
    }

    /// What the zone is given of the host when it is readied: its links, and volumes that are named in full.
    static func checkDevices(_ document: ZoneDocument) throws {
        let links = LinkStore.read()
        for net in document.all("net") {
            let link = net.values["physical"] ?? ""
            guard links.has(link) else {
                throw LabError(
                    "unable to add network interface '\(link)': object not found",
                    remedy: "dladm create-vnic -l net0 \(link)")
            }
        }
        for device in document.all("device") {
            let match = device.values["match"] ?? ""
            guard let volume = ZFSStore.volume(at: match), volume.utf8.allSatisfy({ !"*?[".utf8.contains($0) }),
                !Files.exists(match)
            else { continue }
            throw LabError("device \(match): no such volume", remedy: "zfs create -V SIZE \(volume)")
        }
    }

    /// Makes a namespace, as every zone needs one, and lets it go. Throws when none can be made, before anything is
    /// ended for it.
    static func checkCanBeMade(_ loop: EventLoop) throws {
        let tried = try loop.run(
            [
                "/usr/bin/bwrap", "--ro-bind", "/", "/", "--proc", "/proc", "--unshare-pid", "--unshare-net",
                "/usr/bin/true",
            ],
            keeping: \.errors, Child.Setup(input: .null, output: .null, newSession: true))
        guard !tried.ending.isSuccess else { return }
        throw LabError("a namespace cannot be made: \(tried.text.trimmed)", remedy: Self.wayOut)
    }

    static let wayOut = "leave the lab and start it again"

    /// What is named in the configuration and not there, as zoneadm checks all of it before it boots or installs.
    static func faults(_ document: ZoneDocument) -> [LabError] {
        document.all("fs").compactMap { fs in
            let (directory, special) = (fs.values["dir"] ?? "", fs.values["special"] ?? "")
            guard fs.values["type"] == "lofs" else {
                return LabError.notInTheLab("fs \(directory) of type " + (fs.values["type"] ?? ""))
            }
            guard !Files.exists(special) else { return nil }
            return LabError("could not verify fs \(directory): could not access \(special): No such file or directory")
        }
    }
}

/// The device nodes of the lab's global zone.
enum DeviceTree {
    /// Where volumes appear; everywhere the same.
    static let volumeDirectories = ["/dev/zvol/rdsk", "/dev/zvol/dsk"]

    /// Every path below /dev that is not a directory.
    static var all: [String] { below("/dev") }

    private static func below(_ directory: String) -> [String] {
        Files.names(in: directory).flatMap { name -> [String] in
            let path = "\(directory)/\(name)"
            if path == "/dev/pts" || path == "/dev/shm" || Files.linkTarget(path) != nil { return [] }
            return Files.isDirectory(path) ? below(path) : [path]
        }
    }
}
