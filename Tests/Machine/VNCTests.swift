import Platform
import Testing

@testable import Machine

@Suite struct VNCTests {
    /// What a vnc attribute comes to.
    struct Result: Equatable, Sendable, CustomTestStringConvertible {
        var listener = VNCServer.Listener.unix("/tmp/vm.vnc")
        var waits = false
        var password: SecretSource?
        var text = "unix=/tmp/vm.vnc"
        var unknown: [String] = []
        var testDescription: String { text }
    }

    static func result(_ text: String, _ brand: Brand) throws -> Result? {
        try VNCServer.parse(text, brand: brand).map {
            Result(
                listener: $0.listener, waits: $0.waits, password: $0.password, text: $0.bhyveText,
                unknown: $0.unknownOptions.map { $0.text })
        }
    }

    static let forBoth: [(String, Result?)] = [
        ("off", nil), ("no", nil), ("FALSE", nil), ("0", nil), ("on", Result()), ("True", Result()), ("1", Result()),
        ("wait", Result(waits: true, text: "unix=/tmp/vm.vnc,wait")),
        ("on,wait", Result(waits: true, text: "unix=/tmp/vm.vnc,wait")),
        ("unix=/x", Result(listener: .unix("/x"), text: "unix=/x")),
        ("unix:/x", Result(listener: .unix("/x"), text: "unix=/x")),
        ("unix=/a,unix=/b", Result(listener: .unix("/b"), text: "unix=/b")),
        ("unix:/a=b", Result(listener: .unix("/a=b"), text: "unix=/a=b")),
        ("on,w=1024,h=768", Result(text: "unix=/tmp/vm.vnc,w=1024,h=768")),
        (" w = 640 , on ", Result(text: "unix=/tmp/vm.vnc,w=640")),
        ("w=1,w=16384", Result(text: "unix=/tmp/vm.vnc,w=16384")),
        ("h=768,wait,w=1", Result(waits: true, text: "unix=/tmp/vm.vnc,wait,h=768,w=1")),
        (
            "tcp=127.0.0.1:5900",
            Result(listener: .tcp(key: "tcp", address: "127.0.0.1:5900"), text: "tcp=127.0.0.1:5900")
        ),
        ("rfb=5901,wait", Result(listener: .tcp(key: "rfb", address: "5901"), waits: true, text: "wait,rfb=5901")),
        ("on,tcp=:1", Result(listener: .tcp(key: "tcp", address: ":1"), text: "tcp=:1")),
        ("unix=/x,tcp=:1", Result(listener: .tcp(key: "tcp", address: ":1"), text: "tcp=:1")),
        ("tcp=:1,tcp=:2", Result(listener: .tcp(key: "tcp", address: ":2"), text: "tcp=:2")),
        ("on,password=hunter2", Result(password: .text(Secret("hunter2")))),
        ("password=a=b=c", Result(password: .text(Secret("a=b=c")))),
        ("password= x y ", Result(password: .text(Secret("x y")))),
        ("password=/etc/vnc.pw", Result(password: .file("/etc/vnc.pw"))),
        ("password=a,password=b", Result(password: .text(Secret("b")))),
        ("password=true", Result(password: .text(Secret("true")))),
        ("password=%(x)", Result(password: .text(Secret("%(x)")))), (",on,,", Result()), ("on,on", Result()),
        ("on,lossy", Result(text: "unix=/tmp/vm.vnc,lossy", unknown: ["lossy"])),
        ("x=1", Result(text: "unix=/tmp/vm.vnc,x=1", unknown: ["x=1"])),
    ]

    @Test(arguments: forBoth, Brand.allCases)
    func `where a screen listens, and with what`(row: (String, Result?), brand: Brand) throws {
        #expect(try Self.result(row.0, brand) == row.1, "\(row.0)")
    }

    @Test(
        arguments: [
            ("none", nil), ("0.0.0.0:1", Result(listener: .display("0.0.0.0:1"), text: "0.0.0.0:1")),
            (":0", Result(listener: .display(":0"), text: ":0")),
            (
                "0.0.0.0:1,password",
                Result(listener: .display("0.0.0.0:1"), text: "0.0.0.0:1,password", unknown: ["password"])
            ),
            (":0,unix=/x", Result(listener: .unix("/x"), text: "unix=/x,:0", unknown: [":0"])),
        ] as [(String, Result?)])
    func `a kvm zone's screen may be a display as QEMU names it`(text: String, result: Result?) throws {
        #expect(try Self.result(text, .kvm) == result)
    }

    static let socket = ValueError(
        "unix= is not the absolute path of a socket, of at most 103 bytes", remedy: "use unix=/tmp/vm.vnc, for instance"
    )
    static let password = ValueError(
        "password= is empty", remedy: "give a password, or the absolute path of a file that holds it, or leave it out")

    @Test(
        arguments: [
            ("unix", socket), ("unix=", socket), ("unix=tmp/x", socket), ("unix:", socket), ("on,unix=", socket),
            ("unix=/" + String(repeating: "x", count: 103), socket), ("password=", password),
            ("on,password= ,w=1", password),
            ("password=x,password=", password),
            ("tcp=", ValueError("tcp= has no address", remedy: "use [HOST:]PORT, such as tcp=127.0.0.1:5900")),
            ("rfb", ValueError("rfb= has no address", remedy: "use [HOST:]PORT, such as tcp=127.0.0.1:5900")),
            (
                "w=",
                ValueError("\"w=\" is not a screen size", remedy: "use pixels from 1 to 16384, such as w=1024,h=768")
            ),
            ("h", ValueError("\"h\" is not a screen size", remedy: "use pixels from 1 to 16384, such as w=1024,h=768")),
            (
                "w=0",
                ValueError("\"w=0\" is not a screen size", remedy: "use pixels from 1 to 16384, such as w=1024,h=768")
            ),
            (
                "h=16385",
                ValueError(
                    "\"h=16385\" is not a screen size", remedy: "use pixels from 1 to 16384, such as w=1024,h=768")
            ),
            (
                "w=1024x768",
                ValueError(
                    "\"w=1024x768\" is not a screen size", remedy: "use pixels from 1 to 16384, such as w=1024,h=768")
            ),
        ], Brand.allCases)
    func `what cannot be listened on, seen or typed is refused`(row: (String, ValueError), brand: Brand) {
        #expect(throws: row.1, "\(row.0)") { try VNCServer.parse(row.0, brand: brand) }
    }

    @Test func `a password without a value is refused in a bhyve zone`() {
        #expect(throws: Self.password) { try VNCServer.parse("on,password", brand: .bhyve) }
    }

    @Test func `the longest socket path is taken`() throws {
        let path = "/" + String(repeating: "x", count: 102)
        #expect(try Self.result("unix=" + path, .bhyve)?.listener == .unix(path))
    }

    @Test func `an option that is not known is passed on, and that is said`() {
        let expected = says(
            .warning, 2, "attr \"vnc\": \"lossy\" is no option that is known, and is passed on",
            "the options are unix=, tcp=, w=, h=, wait and password=")
        #expect(read(.bhyve, [("vnc", "on,lossy")]).diagnostics == [expected])
        #expect(read(.kvm, [("vnc", ":0,lossy")]).diagnostics == [expected])
        #expect(read(.kvm, [("vnc", ":0,password")]).diagnostics == [])
    }

    @Test func `a kvm zone cannot wait for a client`() {
        #expect(
            read(.kvm, [("vnc", "wait")]).diagnostics == [
                says(.warning, 2, "attr \"vnc\": QEMU cannot wait for a client; wait means on here", "set it to on")
            ])
        #expect(read(.bhyve, [("vnc", "wait")]).diagnostics == [])
    }

    @Test(arguments: [("on", "on", true), ("io", "off", false), ("off", "on", true)])
    func `the screen has its graphics and its tablet`(vga: String, xhci: String, tablet: Bool) throws {
        let screen = try #require(read(.bhyve, [("vnc", "on"), ("vga", vga), ("xhci", xhci)]).machine?.screen)
        #expect(screen.vga.value == vga)
        #expect(screen.tablet.value == tablet)
        #expect(read(.bhyve, [("vnc", "off"), ("vga", vga), ("xhci", xhci)]).machine?.screen == nil)
    }
}
