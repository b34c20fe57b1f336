import Foundation

/// A zone for trying hooks on: its zonepath, XML, index entry and run directory in a scratch directory.
package final class ScratchZone {
    package let scratch: Scratch
    package let name: String
    package var zonepath: String { scratch.path + "/zones/" + name }
    package var root: String { zonepath + "/root" }
    package var xml: String { scratch.path + "/" + name + ".xml" }
    package var index: String { scratch.path + "/index" }
    package var firmware: String { scratch.path + "/firmware" }
    package var environment: [String: String] { ["HVM_RUN": scratch.path + "/run"] }
    package static let uuid = "8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11"

    /// `body` is what is in the `<zone>` element.
    package init(_ name: String = "web", brand: String = "bhyve", body: String = "") throws {
        scratch = try Scratch()
        self.name = name
        for directory in [zonepath, scratch.path + "/run"] {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        try scratch.write(
            "index",
            "\(name)2:installed:/x:11111111-1111-4111-8111-111111111111\n\(name):incomplete:\(zonepath):\(Self.uuid)\n")
        try configure(brand: brand, body: body)
        for rom in ["_RELEASE", "_RELEASE_CSM"] { try scratch.write("firmware/BHYVE\(rom).fd", "") }
        try scratch.write("firmware/BHYVE_VARS.fd", "variables")
    }

    /// Makes the template of its UEFI variables a real one, instead of a text that is easy to know.
    package func useRealVariables() throws {
        try FileManager.default.removeItem(atPath: firmware + "/BHYVE_VARS.fd")
        try FileManager.default.copyItem(atPath: "/usr/share/OVMF/OVMF_VARS.fd", toPath: firmware + "/BHYVE_VARS.fd")
    }

    package func configure(brand: String = "bhyve", body: String) throws {
        try scratch.write(
            name + ".xml", "<zone name=\"\(name)\" zonepath=\"\(zonepath)\" brand=\"\(brand)\">\n\(body)\n</zone>\n")
    }

    /// What is told of it when it says something of its machine, and nothing that the machine could boot from.
    package var nothingToBoot: String {
        """
        zone \(name): \(xml):1: warning: there is nothing to boot from: no disk, no CD-ROM, no NIC
          add the attr bootdisk with a device resource, or cdrom with an fs resource, or a net

        """
    }

    /// Runs `install` for this platform; it must succeed.
    package func install() throws {
        let outcome = try run("install")
        guard outcome == Outcome(status: 0, output: "", errors: "") else { throw CocoaError(.fileWriteUnknown) }
    }

    /// Runs a hook with the arguments that name this zone.
    package func run(_ hook: String, _ arguments: [String] = [], platform: String = "linux", commands: StandIns? = nil)
        throws -> Outcome
    {
        try Hooks.run(hook, self.arguments(hook, platform, commands) + arguments, environment: environment)
    }

    package func arguments(_ hook: String, _ platform: String, _ commands: StandIns? = nil) -> [String] {
        var list =
            ["-z", name, "-R", zonepath] + Hooks.platform(platform)
            + (commands.map { ["-C", $0.directory] } ?? Hooks.withoutStandIns)
        switch hook {
        case "install", "uninstall", "postclone": list += ["-I", index]
        case "boot": list += ["-x", xml, "-F", firmware]
        case "verify": list += ["-x", xml, "-F", firmware]
        default: list += ["-x", xml]
        }
        return list
    }

    /// The text of a file below the zone root; `nil` when there is none.
    package func read(_ path: String) -> String? {
        try? String(contentsOfFile: root + "/" + path, encoding: .utf8)
    }

    /// What is in init.log, without init's lines about runs of the hypervisor; `nil` when there is no log.
    package var said: String? {
        read("tmp/init.log").map { log in
            log.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { $0.firstMatch(of: #/^[0-9TZ:-]{20} init: (run|end) /#) == nil }.joined(separator: "\n")
        }
    }

    /// The text of a file of the launch directory, ZONEPATH/hvm; `nil` when there is none.
    package func readLaunchDirectory(_ name: String) -> String? {
        try? String(contentsOfFile: zonepath + "/hvm/" + name, encoding: .utf8)
    }

    /// What init is told to run.
    package var launch: String? { readLaunchDirectory("launch") }
    /// What a hypervisor is told in secret.
    package var secret: String? { readLaunchDirectory("secret") }

    /// Writes the launch file as boot does.
    package func writeLaunch(_ text: String) throws {
        try scratch.write("zones/" + name + "/hvm/launch", text)
        try FileManager.default.createDirectory(atPath: root + "/hvm", withIntermediateDirectories: true)
    }

    /// The command that runs another one with the launch directory mounted read-only at /hvm in the zone root.
    package var mounting: [String] {
        ["/usr/bin/bwrap", "--dev-bind", "/", "/", "--ro-bind", zonepath + "/hvm", root + "/hvm"]
    }

    /// Runs a hook that runs inside the zone (init, shutdown) as it does in one that was booted.
    package func runInside(_ hook: String, _ arguments: [String]) throws -> Outcome {
        let command = mounting + [Hooks.directory + "/" + hook, "-R", root] + arguments
        return try Hooks.run(program: command[0], Array(command.dropFirst()))
    }

    package var log: String { (try? String(contentsOfFile: zonepath + "/log/zone.log", encoding: .utf8)) ?? "" }

    /// Every file below a path: its kind, mode, and content or target, sorted; for comparing before and after.
    package static func tree(_ path: String) throws -> [String] {
        let found = try Hooks.run(
            program: "/usr/bin/find", [path, "-mindepth", "1", "-printf", "%P %y %m %l\\n"])
        return found.output.split(separator: "\n").sorted().map { line in
            let name = String(line.split(separator: " ")[0])
            guard line.contains(" f ") else { return String(line) }
            let content = FileManager.default.contents(atPath: path + "/" + name) ?? Data()
            return line + String(decoding: content, as: UTF8.self).debugDescription
        }
    }
}
