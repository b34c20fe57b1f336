import Platform
import TestSupport
import Testing
import Text

@Suite struct HostPlatformTests {
    @Test("a platform is named by -p, else it is the one of this program")
    func platformNamed() throws {
        try expect(Options(["-p", "illumos"], letters: "p:").platform(), equals: .illumos)
        try expect(Options(["-plinux"], letters: "p:").platform(), equals: .linux)
        try expect(Options([], letters: "p:").platform(), equals: Program.platform)
    }

    @Test("any other platform is refused", arguments: ["", "Linux", "solaris", "linux "])
    func anyOther(name: String) throws {
        let options = try Options(["-p", name], letters: "p:")
        #expect(throws: ValueError("\"" + name + "\" is not a platform; -p takes illumos or linux")) {
            try options.platform()
        }
    }
}
