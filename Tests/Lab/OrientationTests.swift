import Foundation
import TestSupport
import Testing

/// How the lab says where one is.
@Suite struct OrientationTests {
    @Test("a shell says which lab it is in, what is there and what to type; a second one that it joined")
    func greeting() throws {
        let hooks = try RecordingHooks()
        let lab = try Lab(hooks: hooks.directory)
        let made = try lab.run(Zones.configure("b") + "zoneadm -z b install", withGuest: false)
        #expect(made.status == 0, "\(made.errors)")
        let steps = #"""
            open a
            expect a this is the lab in
            expect a with zone b (installed); type zonecfg, zoneadm or hvm
            expect a omnios#
            send a zoneadm -z b boot\r
            expect a stands in
            expect a omnios#
            open b
            expect b you have joined the lab in
            expect b with zone b (running); type
            expect b omnios#
            send b zonelab doctor\r
            expect b Everything that zones need is in this lab
            send b exit\r
            end b
            send a exit\r
            expect a halting zone b
            end a
            """#
        let outcome = try TerminalTests.play(steps, in: lab, hooks)
        expect(
            outcome,
            equals: Outcome(
                status: 0, output: "b: status 0, terminal as before\na: status 0, terminal as before\n", errors: ""))
    }

    @Test("a session that is run again over what it made is told so, and reset removes that")
    func again() throws {
        let lab = try Lab()
        let session = "omnios# zfs create -V 1G rpool/v\n"
        expect(try lab.run(session, withGuest: false).status, equals: 0)
        let second = try lab.run(session, withGuest: false)
        expect(
            Outcome(status: second.status, output: "", errors: second.errors),
            equals: Outcome(
                status: 1, output: "",
                errors: """
                    zfs: cannot create 'rpool/v': dataset already exists
                    zonelab: the lab in \(lab.directory) held zones, links or datasets before this began
                      zonelab reset -d \(lab.directory) empties it; -d DIR takes another one

                    """))
        let refused = try Hooks.run(
            program: Lab.program, ["reset", "-d", lab.directory], environment: lab.environment)
        expect(
            refused,
            equals: Outcome(
                status: 1, output: "",
                errors: "zonelab: input not from terminal and -F not specified: nothing is removed\n  reset -F\n"))
        let reset = try Hooks.run(
            program: Lab.program, ["reset", "-F", "-d", lab.directory], environment: lab.environment)
        expect(reset, equals: Outcome(status: 0, output: "", errors: ""))
        expect(try lab.run(session, withGuest: false).status, equals: 0)
    }

    @Test("reset removes no directory that is not a lab")
    func elsewhere() throws {
        let lab = try Lab()
        try lab.scratch.write("kept", "")
        let reset = try Hooks.run(
            program: Lab.program, ["reset", "-F", "-d", lab.scratch.path], environment: lab.environment)
        expect(
            reset,
            equals: Outcome(
                status: 1, output: "",
                errors: "zonelab: there is no lab in \(lab.scratch.path)\n  -d DIR names another directory\n"))
        #expect(FileManager.default.fileExists(atPath: "\(lab.scratch.path)/kept"))
    }
}
