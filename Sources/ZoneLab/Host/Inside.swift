import Foundation
import Glibc
import Platform
import Text

/// The first program in the global zone: repairs what an earlier lab left, has the shell run, and halts the zones that
/// run when that ends. One that joins becomes the shell.
enum Inside {
    /// Where the script is that is to be run.
    static let script = "\(GlobalZone.stateDirectory)/script"

    /// What it is for.
    enum Mode: String {
        case shell, script, join
    }

    /// The command that makes a process the first one of the global zone of the lab in this directory of the machine's.
    static func command(_ mode: Mode, _ directory: String) -> [String] {
        [GlobalZone.program, Begin.name, mode.rawValue, directory]
    }

    static func run(_ mode: Mode, _ directory: String) throws -> Int32 {
        let words = mode == .script ? ["/bin/sh", script] : shell
        if mode == .join {
            greet("you have joined the lab in \(directory)")
            let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
            throw LabError(Program.execute(words[0], words, environment: environment).description)
        }
        try repair()
        if mode == .shell { greet("this is the lab in \(directory)") }
        // An interrupt is for what runs; this one stays to halt the zones.
        for number in [SIGINT, SIGQUIT] { signal(number, SIG_IGN) }
        let ending = try Child.run(words)
        try haltZones()
        return ending.shellStatus
    }

    /// What a shell begins with on a terminal: where one is, what is there, and what to type.
    private static func greet(_ place: String) {
        guard Terminal.hasInput, Terminal.hasOutput else { return }
        let zones = ZoneIndex.read().entries.map { entry in
            "\(entry.name) (\(DaemonClient(zone: entry.name).isUp ? "running" : entry.state.rawValue))"
        }
        let held = zones.isEmpty ? "no zone yet" : (zones.count == 1 ? "zone " : "zones ") + list(zones, "and")
        Stream.write(1, "zonelab: \(place), with \(held); type zonecfg, zoneadm or hvm, each with -h, or exit\n")
    }

    /// Halts what runs, all at once, as zoneadm does: the guests are asked to power off, then forced. An interrupt ends
    /// the waiting, and with it the lab.
    private static func haltZones() throws {
        let zones = ZoneIndex.read().entries.map(\.name).filter { DaemonClient(zone: $0).isUp }
        guard !zones.isEmpty else { return }
        Terminal.take()
        let halts = try zones.map { zone in
            Stream.write(2, "zonelab: halting zone \(zone)\n")
            return try Child.start(["\(GlobalZone.commandDirectory)/zoneadm", "-z", zone, "halt"])
        }
        for halt in halts { _ = halt.wait() }
    }

    /// A shell for an administrator; commands that come from elsewhere get none of a terminal's manners.
    private static var shell: [String] {
        guard Terminal.hasInput else { return ["/bin/sh"] }
        return Files.exists("/bin/bash") ? ["/bin/bash", "--norc", "-i"] : ["/bin/sh", "-i"]
    }

    /// No zone runs in a lab that starts. What a killed one left in the zones' roots is for the brand's halt program to
    /// clear away.
    private static func repair() throws {
        for entry in ZoneIndex.read().entries where entry.state == .installed {
            let leftovers = ["vm.pid", "vm.monitor", "vm.qmp", "vm.vnc"].map { "\(entry.zonepath)/root/tmp/\($0)" }
            guard leftovers.contains(where: Files.exists) else { continue }
            guard let setup = try? ZoneSetup(entry.name),
                let command = setup.brand.command(.halt, zone: entry.name, zonepath: entry.zonepath)
            else { continue }
            Stream.write(2, "zonelab: zone \(entry.name) was running when the lab ended; clearing up after it\n")
            _ = try Child.run(["/bin/sh", "-c", command])
        }
    }
}
