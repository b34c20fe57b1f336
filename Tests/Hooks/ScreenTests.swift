import Foundation
import TestSupport
import Testing

/// The screen of a guest, seen by real clients: vncsnapshot(1), and Chromium through websockify and noVNC.
@Suite(.serialized) struct ScreenTests {
    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path

    // MARK: A guest's screen

    /// A zone whose machine shows the small guest's green band on its VNC socket.
    private func zoneWithGuest() throws -> (ScratchZone, Background) {
        let zone = try ScratchZone(body: #"<attr name="vnc" type="string" value="on"/>"#)
        try zone.install()
        let iso = Self.directory + "/../../.build/guest.iso"
        let built = try Hooks.run(program: Self.directory + "/../../tools/guest-iso", [iso])
        #expect(built.status == 0, "\(built.errors)")
        let qemu = try Background([
            "/usr/bin/qemu-system-x86_64", "-nodefaults", "-accel", "tcg", "-m", "256", "-cdrom", iso, "-boot", "d",
            "-device", "VGA", "-vnc", "unix:\(zone.root)/tmp/vm.vnc",
        ])
        return (zone, qemu)
    }

    /// The share of a picture, as portable pixmap, that has the green of the guest's band.
    private func greenShare(of picture: String) throws -> Double {
        let reader = picture.hasSuffix(".png") ? "pngtopam" : "jpegtopnm"
        let count = try Hooks.run(
            program: "/bin/sh",
            [
                "-c",
                """
                \(reader) '\(picture)' 2>/dev/null | python3 -c '
                import sys
                data = sys.stdin.buffer.read()
                pixels = data[data.index(b"255\\n") + 4:]
                print(sum(r < 40 and 140 < g < 200 and b < 40 for r, g, b in zip(*[iter(pixels)] * 3)) / (len(pixels) / 3))'
                """,
            ])
        return Double(count.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
    }

    /// Looks at a VNC display until the guest's band is there, or five minutes are over.
    private func snapshot(port: Int, _ zone: ScratchZone) throws -> Outcome {
        let picture = zone.scratch.path + "/screen.jpg"
        var outcome = Outcome(status: -1, output: "", errors: "")
        for _ in 1...600 {
            outcome = try Hooks.run(program: "/usr/bin/vncsnapshot", ["-quiet", "127.0.0.1::\(port)", picture])
            if outcome.status == 0, try greenShare(of: picture) > 0.1 { return outcome }
            usleep(500_000)
        }
        return Outcome(status: -1, output: "", errors: "the green band did not show: " + outcome.errors)
    }

    /// Starts a hook that serves until it is interrupted; returns what it says first.
    private func serve(_ hook: String, _ arguments: [String]) throws -> (Background, String) {
        let process = Background(unstarted: [Hooks.directory + "/" + hook] + arguments)
        let output = Pipe()
        process.process.standardOutput = output
        process.process.standardError = Pipe()
        try process.process.start()
        var said = ""
        while !said.hasSuffix("\n"), let next = try output.fileHandleForReading.read(upToCount: 1) {
            said += String(decoding: next, as: UTF8.self)
            if said.hasSuffix(":\n") { said.removeLast() }
        }
        return (process, said)
    }

    /// A port of 127.0.0.1 that nobody uses, as the kernel picks it.
    private func freePort() throws -> Int {
        let outcome = try Hooks.run(
            program: "/usr/bin/python3",
            ["-c", "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"])
        return try #require(Int(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    @Test("vnc finds the zone's socket, and a VNC client sees the guest's screen through it")
    func vnc() throws {
        let (zone, qemu) = try zoneWithGuest()
        defer { qemu.stop() }
        wait(for: "QEMU to listen") { QMP(zone.root + "/tmp/vm.vnc") != nil || !qemu.process.isRunning }
        let (vnc, said) = try serve("vnc", ["-x", zone.xml, "-p", "0", "web"])
        let port = try #require(Int(said.split(separator: ":").last.map { $0.dropLast() } ?? ""))
        #expect(
            said
                == "The screen of zone web is at 127.0.0.1:\(port) until you press Ctrl-C:  vncviewer 127.0.0.1::\(port)\n"
        )
        try expect(snapshot(port: port, zone).status, equals: 0)

        // The page's own command does the same.
        let other = try freePort()
        let socat = try Background([Hooks.directory + "/socat", zone.root + "/tmp/vm.vnc", String(other)])
        try expect(snapshot(port: other, zone).status, equals: 0)
        for server in [vnc, socat] {
            server.process.interrupt()
            server.process.waitUntilExit()
            #expect(server.process.terminationStatus == 0)
        }
    }

    @Test("vnc -w shows the screen in a browser")
    func browser() throws {
        let (zone, qemu) = try zoneWithGuest()
        defer { qemu.stop() }
        wait(for: "QEMU to listen") { QMP(zone.root + "/tmp/vm.vnc") != nil || !qemu.process.isRunning }
        let port = try freePort()
        let (vnc, said) = try serve("vnc", ["-w", "-x", zone.xml, "-p", String(port), "web"])
        let url = String(try #require(said.split(separator: " ").last).dropLast())
        let token = try #require(url.components(separatedBy: "%3D").last)
        #expect(token.count == 32)
        let base = "http://127.0.0.1:\(port)"
        #expect(url == base + "/vnc.html?autoconnect=true&resize=scale&path=websockify%3Ftoken%3D" + token)
        #expect(said == "The screen of zone web is in your browser until you press Ctrl-C:  \(url)\n")
        expect(
            try handshakes(port: port, token: token),
            equals: [
                "own": 101, "localhost": 101, "evil": 403, "rebound": 403, "other port": 403, "none": 403,
                "no token": 0, "wrong token": 0,
            ])
        let top = try Hooks.run(program: "/usr/bin/python3", ["-c", Self.fetch, base + "/"])
        #expect(top.output.contains("noVNC"))
        #expect(!top.output.contains("Directory listing"))
        let picture = zone.scratch.path + "/browser.png"
        var share = 0.0
        var browser = Outcome(status: -1, output: "", errors: "")
        let end = Date(timeIntervalSinceNow: 300)
        while share < 0.05, Date() < end {
            browser = try Hooks.run(
                program: "/usr/bin/timeout",
                [
                    "60", "/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu",
                    "--virtual-time-budget=8000",
                    "--user-data-dir=\(zone.scratch.path)/chromium", "--window-size=900,600", "--screenshot=\(picture)",
                    url,
                ])
            if FileManager.default.fileExists(atPath: picture) { share = try greenShare(of: picture) }
        }
        #expect(share > 0.05, "\(browser)")
        vnc.process.interrupt()
        vnc.process.waitUntilExit()
        #expect(vnc.process.terminationStatus == 0)
        let errors = try #require(vnc.process.standardError as? Pipe).fileHandleForReading.readDataToEndOfFile()
        expect(String(decoding: errors, as: UTF8.self), equals: "")
    }

    private static let fetch = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())"

    /// What becomes of a WebSocket's opening, by who asks: the status, 0 for a connection that is closed without one.
    private func handshakes(port: Int, token: String) throws -> [String: Int] {
        let script = """
            import json, socket, sys
            port, token = int(sys.argv[1]), sys.argv[2]
            own = f'http://127.0.0.1:{port}'
            def ask(origin, token, host=f'127.0.0.1:{port}'):
                s = socket.create_connection(('127.0.0.1', port), 30)
                lines = [f'GET /websockify?token={token} HTTP/1.1' if token else 'GET /websockify HTTP/1.1',
                    f'Host: {host}', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13',
                    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Protocol: binary']
                if origin: lines.append(f'Origin: {origin}')
                s.sendall(('\\r\\n'.join(lines) + '\\r\\n\\r\\n').encode())
                words = s.recv(4096).split()
                return int(words[1]) if len(words) > 1 else 0
            print(json.dumps({
                'own': ask(own, token), 'localhost': ask(f'http://localhost:{port}', token),
                'evil': ask('http://evil.example', token), 'other port': ask(f'http://127.0.0.1:{port + 1}', token),
                'rebound': ask(f'http://rebound.example:{port}', token, f'rebound.example:{port}'),
                'none': ask(None, token), 'no token': ask(own, None), 'wrong token': ask(own, 'x' + token[1:]),
            }))
            """
        let outcome = try Hooks.run(program: "/usr/bin/python3", ["-c", script, String(port), token])
        return try #require(try outcome.json() as? [String: Int], "\(outcome.errors)")
    }

    @Test("websockify ends with vnc, also when that is killed; the token is in no argument")
    func browserEnds() throws {
        let zone = try ScratchZone(body: #"<attr name="vnc" type="string" value="on"/>"#)
        try zone.install()
        let screen = try Background([
            "/usr/bin/python3", "-c",
            "import socket, sys, time; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(9); time.sleep(600)",
            zone.root + "/tmp/vm.vnc",
        ])
        defer { screen.stop() }
        wait(for: "the socket") { FileManager.default.fileExists(atPath: zone.root + "/tmp/vm.vnc") }
        /// Those that run, whoever started them.
        func all() throws -> [String] {
            try Hooks.run(program: "/usr/bin/pgrep", ["-fa", "hvm-vnc"]).output.split(separator: "\n").map(String.init)
                .filter { $0.contains("websockify") }
        }
        for signal in [SIGTERM, SIGKILL] {
            let port = String(try freePort())
            let others = try all()
            let (vnc, said) = try serve("vnc", ["-w", "-x", zone.xml, "-p", port, "web"])
            let token = try #require(said.components(separatedBy: "%3D").last).trimmingCharacters(
                in: .whitespacesAndNewlines)
            func lines() throws -> [String] { try all().filter { !others.contains($0) } }
            wait(for: "websockify to run") { (try? lines().isEmpty) == false }
            expect(try lines().filter { $0.contains(token) }, equals: [])
            // A browser's idle connection, for which websockify keeps a process.
            let browser = try Background([
                "/usr/bin/python3", "-c",
                """
                import socket, sys, time
                s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
                s.sendall(b"GET /vnc.html HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
                time.sleep(600)
                """, port,
            ])
            defer { browser.stop() }
            wait(for: "websockify to serve the browser") { ((try? lines().count) ?? 0) > 1 }
            kill(vnc.process.processIdentifier, signal)
            wait(for: "websockify to end") { (try? lines().isEmpty) == true }
        }
    }

    @Test(
        "where the browser finds the page is an origin, and an address that stands for all needs one",
        arguments: [
            (["-w", "-l", "0.0.0.0"], "to listen on every address, name with -o where the browser finds the page"),
            (["-w", "-l", "::"], "to listen on every address, name with -o where the browser finds the page"),
            (["-w", "-l", "0::0"], "to listen on every address, name with -o where the browser finds the page"),
            (["-w", "-o", "evil"], "\"evil\" is not an origin, such as http://host.example:6080"),
            (["-w", "-o", "http://a/b"], "\"http://a/b\" is not an origin, such as http://host.example:6080"),
            (["-o", "http://a"], "-o goes with -w"),
        ])
    func origins(_ arguments: [String], _ message: String) throws {
        let outcome = try Hooks.run("vnc", arguments + ["web"])
        #expect(outcome.status == 253)
        #expect(outcome.errors.hasPrefix("vnc: \(message)\nusage: vnc "))
    }

    @Test("the right password is let in and a wrong one refused; it is in no argument and no log")
    func password() throws {
        let secret = "hunter2"
        let zone = try ScratchZone(body: "<attr name=\"vnc\" type=\"string\" value=\"on,password=\(secret)\"/>")
        try zone.install()
        try expect(zone.run("boot"), equals: Outcome(status: 0, output: "", errors: ""))
        let launch = try #require(zone.launch)
        #expect(launch.contains("arg secret,id=vnc0,file=/hvm/secret\n"))
        #expect(launch.contains("arg unix:/tmp/vm.vnc,password-secret=vnc0\n"))
        #expect(!launch.contains(secret))
        #expect(!zone.log.contains(secret))
        let qemu = try Background([
            "/usr/bin/qemu-system-x86_64", "-nodefaults", "-accel", "tcg", "-device", "VGA", "-object",
            "secret,id=vnc0,file=\(zone.zonepath)/hvm/secret", "-vnc",
            "unix:\(zone.root)/tmp/vm.vnc,password-secret=vnc0",
        ])
        wait(for: "QEMU to listen") { QMP(zone.root + "/tmp/vm.vnc") != nil || !qemu.process.isRunning }
        defer { qemu.stop() }
        let (vnc, said) = try serve("vnc", ["-x", zone.xml, "-p", "0", "web"])
        defer { vnc.stop() }
        let port = try #require(Int(said.split(separator: ":").last.map { $0.dropLast() } ?? ""))
        func look(_ password: String) throws -> Outcome {
            let file = zone.scratch.path + "/passwd"
            _ = try Hooks.run(
                program: "/bin/sh", ["-c", "printf '%s\\n' \"$0\" | tigervncpasswd -f >\"$1\"", password, file])
            return try Hooks.run(
                program: "/usr/bin/vncsnapshot",
                ["-passwd", file, "127.0.0.1::\(port)", zone.scratch.path + "/s.jpg"])
        }
        let right = try look(secret)
        #expect(right.status == 0, "\(right.errors)")
        #expect(right.errors.contains("VNC authentication succeeded\n"), "\(right.errors)")
        let wrong = try look("hunter3")
        #expect(wrong.status != 0, "\(wrong.errors)")
        #expect(wrong.errors.contains("VNC authentication failed\n"), "\(wrong.errors)")
    }

    @Test("a zone without a screen, or with one elsewhere, is told what gives it one")
    func noScreen() throws {
        let zone = try ScratchZone()
        try expect(
            Hooks.run("vnc", ["-x", zone.xml, "web"]),
            equals: Outcome(
                status: 255, output: "",
                errors: """
                    zone web: \(zone.xml): error: the zone has no screen: its attr "vnc" is off
                      zonecfg -z web 'add attr; set name=vnc; set type=string; set value=on; end', then boot it anew

                    """))
        try zone.configure(body: #"<attr name="vnc" type="string" value="tcp=0.0.0.0:5905"/>"#)
        let tcp = try Hooks.run("vnc", ["-x", zone.xml, "web"])
        #expect(tcp.status == 255)
        #expect(tcp.errors.contains("the zone's hypervisor listens on TCP itself: 0.0.0.0:5905\n"))
        try zone.configure(body: #"<attr name="vnc" type="string" value="unix=/tmp/screen"/>"#)
        let stopped = try Hooks.run("vnc", ["-x", zone.xml, "web"])
        #expect(stopped.status == 255)
        #expect(stopped.errors.contains("the zone must be running for its screen to be seen: zoneadm -z web boot\n"))
        try expect(
            Hooks.run("vnc", ["-w", "-n", "/nonexistent", "-x", zone.xml, "web"]).errors,
            contains: "there is no vnc.html in /nonexistent\n")
    }

    @Test(
        "wrong usage is 253",
        arguments: [
            ("socat", []), ("socat", ["relative"]), ("socat", ["/"]), ("socat", ["/a", "x"]),
            ("socat", ["/a", "65536"]),
            ("socat", ["/a", "1", "2"]), ("socat", ["-l", "localhost", "/a"]), ("vnc", []),
            ("vnc", ["-p", "x", "web"]),
            ("vnc", ["-l", "everywhere", "web"]),
        ])
    func usage(_ hook: String, _ arguments: [String]) throws {
        let outcome = try Hooks.run(hook, arguments)
        #expect(outcome.status == 253)
        #expect(outcome.errors.contains("usage: \(hook) "))
    }
}
