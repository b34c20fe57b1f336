import Foundation
import Testing

@testable import ZoneLab

/// What a brand's two files say.
@Suite struct BrandTests {
    private func brand(_ configuration: String, platform: String = "") throws -> ZoneBrand {
        ZoneBrand(
            name: "x", configuration: try xml("<brand>\(configuration)</brand>"),
            platform: try xml("<platform>\(platform)</platform>"))
    }

    private func xml(_ text: String) throws -> XMLElement { try XMLElement(xml: Data(text.utf8), path: "x.xml") }

    static let lines: [(line: String, words: String, command: String?)] = [
        ("/b/boot -z %z -R %R", "", "exec /b/boot -C /usr/lib/zonelab/bin -z web -R /z/web"),
        ("/b/boot -z %z ", "list -p", "exec /b/boot -C /usr/lib/zonelab/bin -z web list -p"),
        ("/b/boot", "", "exec /b/boot -C /usr/lib/zonelab/bin"),
        ("/b/boot %z 2&gt;&amp;1", " 4", "exec /b/boot -C /usr/lib/zonelab/bin web 2>&1 4"),
        ("/b/boot %%%q%z%", "", "exec /b/boot -C /usr/lib/zonelab/bin %web"), ("", " 4", nil),
    ]

    @Test("a hook's line is expanded, and words follow it as they are", arguments: lines)
    func command(_ row: (line: String, words: String, command: String?)) throws {
        let brand = try brand("<boot>\(row.line)</boot>")
        #expect(brand.command(.boot, zone: "web", zonepath: "/z/web", appending: row.words) == row.command)
        #expect(brand.command(.halt, zone: "web", zonepath: "/z/web", appending: row.words) == nil)
    }

    static let restarts: [(configuration: String, after0: Bool, after1: Bool)] = [
        ("", false, false), ("<restartinit>false</restartinit><restartinit0>true</restartinit0>", false, false),
        ("<restartinit>true</restartinit>", true, true),
        ("<restartinit>true</restartinit><restartinit0>true</restartinit0>", true, false),
    ]

    @Test("init starts again as the brand has it", arguments: restarts)
    func restart(_ row: (configuration: String, after0: Bool, after1: Bool)) throws {
        let brand = try brand(row.configuration)
        #expect(brand.restartsInit(after: 0) == row.after0)
        #expect(brand.restartsInit(after: 1) == row.after1)
    }

    @Test("what is empty is not there")
    func empty() throws {
        let brand = try brand("<login_cmd></login_cmd><initname/>")
        #expect(brand.hasLogin == false)
        #expect(brand.initProgram == "/sbin/init")
    }

    @Test("the platform has mounts, devices and links, in order")
    func platform() throws {
        let platform = try brand(
            "",
            platform: """
                <global_mount special="/usr" directory="/usr" opt="ro,nosub" type="lofs"/><device match="vmm*"/>
                <mount special="swap" directory="/var/run" opt="size=50m" type="tmpfs"/>
                <device match="zcons" name="zconsole"/><symlink source="console" target="zconsole"/>
                """
        ).platform
        #expect(platform.mounts.map(\.directory) == ["/usr", "/var/run"])
        #expect(platform.mounts.map(\.isReadOnly) == [true, false])
        #expect(platform.devices.map(\.name) == [nil, "zconsole"])
        #expect(platform.links.map(\.source) == ["console"])
    }
}
