import Glibc
import Platform

/// `zoneadm`: what is done with zones as a whole.
struct Zoneadm {
    static let usage = """
        usage: zoneadm list [-ci] [-v | -p]
               zoneadm -z ZONE verify | install | boot | reboot | halt
               zoneadm -z ZONE shutdown [-r]
               zoneadm -z ZONE uninstall [-F]
               zoneadm -z ZONE list [-v | -p]

        """

    let zone: String
    /// The words behind the subcommand.
    let arguments: [String]

    static func run(_ words: [String]) throws -> Int32 {
        var rest = words[...]
        var zone: String?
        if rest.first == "help" {
            Stream.write(1, usage)
            return 0
        }
        if rest.first == "-z" {
            rest.removeFirst()
            zone = rest.popFirst()
        }
        guard let command = rest.popFirst() else { throw LabError.usage("no subcommand given\n" + usage) }
        if command == "list" { return try ZoneList.run(Array(rest), zone: zone) }
        guard let action = commands[command] else {
            if ["clone", "move", "attach", "detach", "ready", "mount", "unmount", "mark", "apply"].contains(command) {
                throw LabError.notInTheLab(command)
            }
            throw LabError.usage("\"" + command + "\" is no subcommand\n" + usage)
        }
        guard let zone else { throw LabError.usage("no zone given (-z ZONE)\n" + usage) }
        return try action(Zoneadm(zone: zone, arguments: Array(rest)))()
    }

    private static var commands: [String: (Zoneadm) -> () throws -> Int32] {
        [
            "verify": verify, "install": install, "uninstall": uninstall, "boot": boot, "halt": halt, "reboot": reboot,
            "shutdown": shutdown,
        ]
    }

    // MARK: Up and down

    private func boot() throws -> Int32 {
        let entry = try ZoneIndex.entry(of: zone)
        guard !DaemonClient(zone: zone).isUp else { throw failure("zone is already booted") }
        switch entry.state {
        case .configured: throw failure("must be installed before boot.", remedy: "zoneadm -z " + zone + " install")
        case .incomplete:
            throw failure("zone is incomplete; uninstall required.", remedy: "zoneadm -z " + zone + " uninstall")
        case .installed: break
        }
        _ = try verify()
        try tellStandIn()
        return try DaemonClient(zone: zone).perform("boot")
    }

    /// What boots here is no bhyve, and that is said.
    private func tellStandIn() throws {
        let brand = try ZoneDocument.read(zone: zone).brand
        let who = brand == "bhyve" ? "bhyve" : "illumos' QEMU"
        Stream.write(1, "zonelab: this system's QEMU stands in for " + who + "\n")
    }

    private func halt() throws -> Int32 { try performRunning("halt") }

    private func reboot() throws -> Int32 { try performRunning("reboot") }

    private func performRunning(_ request: String) throws -> Int32 {
        _ = try ZoneIndex.entry(of: zone)
        guard DaemonClient(zone: zone).isUp else { throw failure("not running") }
        return try DaemonClient(zone: zone).perform(request)
    }

    /// Runs the brand's shutdown program in the zone, and waits for the zone to be gone.
    private func shutdown() throws -> Int32 {
        let entry = try ZoneIndex.entry(of: zone)
        let client = DaemonClient(zone: zone)
        guard let status = client.status, status.state == "running" else { throw failure("not running") }
        guard arguments.isEmpty || arguments == ["-r"] else { throw LabError.usage("shutdown takes -r or nothing") }
        let brand = try ZoneBrand(try ZoneDocument.read(zone: zone).brand)
        guard let command = brand.command(.shutdown, zone: zone, zonepath: entry.zonepath) else {
            throw failure("the brand has no shutdown program", remedy: "zoneadm -z " + zone + " halt")
        }
        let ending = try Child.start([
            "/usr/bin/nsenter", "-t", String(status.initProcess), "-m", "-p", "-u", "-i", "--", "/bin/sh", "-c",
            command,
        ]).wait()
        // When the machine goes, the zone goes, and the program with it.
        guard ending.isSuccess || ending == .signal(SIGKILL) || ending == .status(128 + SIGKILL) else {
            return ending.shellStatus
        }
        let limit = Clock.milliseconds + 60_000
        while let now = client.status, now.state != "installed", Clock.milliseconds < limit {
            Clock.sleep(milliseconds: 50)
        }
        guard !client.isUp else { throw failure("still there a minute after its machine has ended") }
        return arguments == ["-r"] ? try boot() : 0
    }

    func failure(_ text: String, remedy: String...) -> LabError {
        LabError("zone '" + zone + "': " + text, remedies: remedy)
    }
}
