import Foundation
import TestSupport
import Testing

@Suite struct LockTests {
    @Test("two boots of one zone at the same time leave the files of one of them, whole")
    func concurrent() throws {
        let zone = try ScratchZone(
            body: #"<attr name="uuid" type="string" value="8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11"/>"#)
        try zone.install()
        let one = try zone.scratch.write(
            "one.xml",
            try String(contentsOfFile: zone.xml, encoding: .utf8).replacingOccurrences(
                of: "\n</zone>", with: "<attr name=\"ram\" type=\"string\" value=\"1G\"/></zone>"))
        let two = try zone.scratch.write(
            "two.xml",
            try String(contentsOfFile: zone.xml, encoding: .utf8).replacingOccurrences(
                of: "\n</zone>", with: "<attr name=\"ram\" type=\"string\" value=\"2G\"/></zone>"))
        func boot(_ xml: String) throws -> Outcome {
            try Hooks.run(
                "boot", ["-p", "linux", "-x", xml] + Hooks.withoutStandIns + ["web"], environment: zone.environment)
        }
        var whole: [String] = []
        for xml in [one, two] {
            try expect(boot(xml), equals: Outcome(status: 0, output: "", errors: ""))
            whole.append(try #require(zone.launch))
        }
        #expect(whole[0] != whole[1])
        for _ in 1...10 {
            let words = (["-p", "linux"] + Hooks.withoutStandIns).joined(separator: " ")
            let script = "for f in \"$1\" \"$2\" \"$1\" \"$2\"; do \"$0\" \(words) -x \"$f\" web & done; wait"
            let outcome = try Hooks.run(
                program: "/bin/sh", ["-c", script, Hooks.directory + "/boot", one, two], environment: zone.environment)
            #expect(outcome == Outcome(status: 0, output: "", errors: ""))
            #expect(whole.contains(try #require(zone.launch)))
        }
        try expect(FileManager.default.contentsOfDirectory(atPath: zone.zonepath + "/hvm"), equals: ["launch"])
    }

    @Test("a lock that is a link is not followed")
    func link() throws {
        let zone = try ScratchZone()
        try zone.install()
        let lock = zone.scratch.path + "/run/hvm-brand/web.lock"
        let precious = try zone.scratch.write("precious", "precious")
        try FileManager.default.removeItem(atPath: lock)
        try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: precious)
        let outcome = try zone.run("boot")
        #expect(outcome.status == 255)
        #expect(outcome.errors.hasPrefix("zone web: error: open \(lock): Too many levels of symbolic links\n"))
        try expect(String(contentsOfFile: precious, encoding: .utf8), equals: "precious")
    }

    @Test("after 30 seconds the other hook is named, and nothing was touched")
    func patience() throws {
        let zone = try ScratchZone()
        try zone.install()
        let lock = zone.scratch.path + "/run/hvm-brand/web.lock"
        let holder = try zone.holdLock()
        defer { holder.stop() }
        let before = try ScratchZone.tree(zone.root)
        let outcome = try zone.run("boot")
        #expect(outcome.status == 255)
        #expect(
            outcome.errors.hasPrefix(
                "zone web: error: another hook has worked on the zone for more than 30 s\n  try again when it is done: \(lock) is its lock\n"
            ))
        try expect(ScratchZone.tree(zone.root), equals: before)
    }
}
