import Foundation
import TestSupport
import Testing

/// How vnc looks for a screen, and for a port.
@Suite struct VncTests {
    /// Listens on a UNIX socket, or a TCP port of 127.0.0.1 that it tells; notes a client by a file beside it.
    private func listener(_ zone: ScratchZone, unix: Bool, after seconds: Double = 0) throws -> (Background, String) {
        let place = unix ? zone.root + "/tmp/vm.vnc" : zone.scratch.path + "/port"
        let listener = try Background([
            "/usr/bin/python3", "-c",
            """
            import socket, sys, time
            place, unix = sys.argv[1], sys.argv[2] == "true"
            time.sleep(float(sys.argv[3]))
            s = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
            s.bind(place if unix else ("127.0.0.1", 0)); s.listen(1)
            if not unix: open(place + ".new", "w").write(str(s.getsockname()[1])); import os; os.rename(place + ".new", place)
            s.accept(); open(place + ".client", "w")
            time.sleep(600)
            """, place, String(unix), String(seconds),
        ])
        while seconds == 0 && !FileManager.default.fileExists(atPath: place) && listener.process.isRunning {
            usleep(5000)
        }
        return (listener, place)
    }

    private func zoneWithScreen() throws -> ScratchZone {
        let zone = try ScratchZone(body: #"<attr name="vnc" type="string" value="on"/>"#)
        try zone.install()
        return zone
    }

    @Test("a screen that comes a little later is waited for, and nobody connects just to look")
    func waits() throws {
        let zone = try zoneWithScreen()
        let (listener, socket) = try listener(zone, unix: true, after: 0.5)
        defer { listener.stop() }
        let vnc = Background(unstarted: [Hooks.directory + "/vnc", "-x", zone.xml, "-p", "0", "web"])
        let output = Pipe()
        vnc.process.standardOutput = output
        try vnc.process.start()
        defer { vnc.stop() }
        var said = ""
        while !said.contains("vncviewer"), let next = try output.fileHandleForReading.read(upToCount: 1) {
            said += String(decoding: next, as: UTF8.self)
        }
        #expect(said.hasPrefix("The screen of zone web is at 127.0.0.1:"))
        #expect(!FileManager.default.fileExists(atPath: socket + ".client"))
        vnc.process.interrupt()
        vnc.process.waitUntilExit()
        #expect(vnc.process.terminationStatus == 0)
        #expect(!FileManager.default.fileExists(atPath: socket + ".client"))
    }

    @Test("what is not a socket is told of at once; a link to one is none")
    func noSocket() throws {
        let zone = try zoneWithScreen()
        let (listener, socket) = try listener(zone, unix: true)
        defer { listener.stop() }
        try FileManager.default.moveItem(atPath: socket, toPath: zone.scratch.path + "/s")
        try FileManager.default.createSymbolicLink(atPath: socket, withDestinationPath: zone.scratch.path + "/s")
        try expect(
            Hooks.run("vnc", ["-x", zone.xml, "-p", "0", "web"]),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: error: use \(socket): it is not a socket
                      the zone must be running for its screen to be seen: zoneadm -z web boot

                    """))
    }

    @Test("a port for the browser that is taken is told of instead of an address")
    func takenPort() throws {
        let zone = try zoneWithScreen()
        let (screen, _) = try listener(zone, unix: true)
        defer { screen.stop() }
        let (taker, file) = try listener(zone, unix: false)
        defer { taker.stop() }
        let port = try String(contentsOfFile: file, encoding: .utf8)
        try expect(
            Hooks.run("vnc", ["-w", "-x", zone.xml, "-p", port, "web"]),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: error: listen on 127.0.0.1:\(port): Address already in use
                      name another port with -p, or an address of this host with -l

                    """))
    }
}
