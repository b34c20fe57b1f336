import Foundation
import Platform
import TestSupport
import Testing
import Text
import ZoneBoot

@Suite struct ReservationTests {
    /// A host whose rsrvrctl hangs when it is to add memory to a reservoir of KiB in a file.
    private func host() throws -> (directory: String, commands: HostCommands) {
        let directory = FileManager.default.temporaryDirectory.path + "/reservation-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try "#!/bin/sh\ncase $1 in -q) printf 'Free KiB:\\t0\\nAllocated KiB:\\t0\\n' ;; *) exec sleep 600 ;; esac\n"
            .write(toFile: directory + "/rsrvrctl", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory + "/rsrvrctl")
        return (directory, HostCommands(directory: directory))
    }

    @Test("an rsrvrctl that hangs is given up, and the next zone has its turn")
    func hangs() throws {
        let (directory, commands) = try host()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for zone in ["web", "other"] {
            let reservation = Reservation(
                zone: zone, runDirectory: directory, commands: commands, patience: .seconds(1))
            let failure = #expect(throws: Failure.self) { try reservation.hold(1 << 30) }
            #expect(failure?.diagnostic.message == "run \(directory)/rsrvrctl: it did not end within 1 second")
        }
        try expect(FileManager.default.contentsOfDirectory(atPath: directory + "/bhyve"), equals: [])
    }
}
