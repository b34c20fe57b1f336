import Foundation
import Glibc
import Platform

/// The first program in the global zone: repairs what an earlier lab left, then becomes the shell.
enum Inside {
    /// Where the script is that is to be run.
    static let script = GlobalZone.stateDirectory + "/script"

    static func run(_ arguments: [String]) throws -> Int32 {
        if arguments.first != "join" { try repair() }
        let words = arguments.first == "script" ? ["/bin/sh", script] : shell
        let environment = ProcessInfo.processInfo.environment.map { $0.key + "=" + $0.value }
        let failure = Program.execute(words[0], words, environment: environment)
        throw LabError(failure.description)
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
            let leftovers = ["vm.pid", "vm.monitor", "vm.qmp", "vm.vnc"].map { entry.zonepath + "/root/tmp/" + $0 }
            guard leftovers.contains(where: Files.exists) else { continue }
            guard let setup = try? ZoneSetup(entry.name),
                let command = setup.brand.command(.halt, zone: entry.name, zonepath: entry.zonepath)
            else { continue }
            Stream.write(2, "zonelab: zone " + entry.name + " was running when the lab ended; clearing up after it\n")
            _ = try Child.start(["/bin/sh", "-c", command]).wait()
        }
    }
}
