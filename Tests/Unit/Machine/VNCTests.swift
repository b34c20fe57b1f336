import Platform
import TestSupport
import Testing

@testable import Machine
import Text

@Suite struct VNCTests {
    /// What a vnc attribute comes to.
    struct Result: Equatable, Sendable, CustomTestStringConvertible {
        var listener = VNCServer.Listener.unix("/tmp/vm.vnc")
        var waits = false
        var password: SecretSource?
        var text = "unix=/tmp/vm.vnc"
        var words: [String] = []
        var testDescription: String { text }
    }

    static func result(_ text: String, _ brand: Brand) throws -> Result? {
        try VNCServer.parse(text, brand: brand).map {
            Result(
                listener: $0.listener, waits: $0.waits, password: $0.password, text: $0.text,
                words: $0.words.map { $0.text })
        }
    }

    static let forBoth: [(String, Result?)] = [
        ("off", nil), ("no", nil), ("FALSE", nil), ("0", nil), ("on", Result()), ("True", Result()), ("1", Result()),
        ("wait", Result(waits: true, text: "unix=/tmp/vm.vnc,wait")),
        ("on,wait", Result(waits: true, text: "unix=/tmp/vm.vnc,wait")),
        ("unix=/x", Result(listener: .unix("/x"), text: "unix=/x")),
        ("unix:/x", Result(listener: .unix("/x"), text: "unix=/x")),
        ("unix=/a,unix=/b", Result(listener: .unix("/b"), text: "unix=/b")),
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
        ("on,lossy", Result(text: "unix=/tmp/vm.vnc,lossy", words: ["lossy"])),
    ]

    @Test("where a screen listens, and with what", arguments: forBoth, Brand.allCases)
    func whereScreen(row: (String, Result?), brand: Brand) throws {
        try expect(Self.result(row.0, brand), equals: row.1, "\(row.0)")
    }

    @Test(
        "a kvm zone's screen may be a display as QEMU names it",
        arguments: [
            ("none", nil), ("0.0.0.0:1", Result(listener: .display("0.0.0.0:1"), text: "0.0.0.0:1")),
            (":0", Result(listener: .display(":0"), text: ":0")),
            (
                "0.0.0.0:1,password",
                Result(listener: .display("0.0.0.0:1"), text: "0.0.0.0:1,password", words: ["password"])
            ),
            (
                "[::1]:2,tls,x509=/etc/certs,to=9",
                Result(
                    listener: .display("[::1]:2"), text: "[::1]:2,tls,x509=/etc/certs,to=9",
                    words: ["tls", "x509=/etc/certs", "to=9"])
            ),
        ] as [(String, Result?)])
    func kvmZones(text: String, result: Result?) throws {
        try expect(Self.result(text, .kvm), equals: result)
    }

    static let socket = ValueError(
        "unix= is not the absolute path of a socket, of at most 103 bytes without blank, ; and =",
        remedy: "use unix=/tmp/vm.vnc, for instance")
    static let password = ValueError(
        "password= is empty", remedy: "give a password, or the absolute path of a file that holds it, or leave it out")

    @Test(
        "what cannot be listened on, seen or typed is refused",
        arguments: [
            ("unix", socket), ("unix=", socket), ("unix=tmp/x", socket), ("unix:", socket), ("on,unix=", socket),
            ("unix=/" + String(repeating: "x", count: 103), socket), ("unix:/a=b", socket), ("unix=/a b", socket),
            ("unix=/a;password=x", socket), ("unix=/a password=x", socket), ("password=", password),
            ("on,password= ,w=1", password),
            ("password=x,password=", password),
            (
                "tcp=:1 password=x",
                ValueError("tcp= has no address", remedy: "use [HOST:]PORT, such as tcp=127.0.0.1:5900")
            ),
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
    func cannotListened(row: (String, ValueError), brand: Brand) {
        #expect(throws: row.1, "\(row.0)") { try VNCServer.parse(row.0, brand: brand) }
    }

    /// A slip that would start the screen without its password, and print it.
    @Test(
        "an option that is not known is refused, and is not shown",
        arguments: [
            (.bhyve, "x=1"), (.bhyve, "pw=S3cret"), (.bhyve, "secret=S3cret"), (.bhyve, "wait=S3cret"),
            (.bhyve, "on=S3cret"), (.bhyve, "passwd"), (.bhyve, "password=a,S3cret"), (.bhyve, "password=a,b=S3cret"),
            (.kvm, "x=1"), (.kvm, "pw=S3cret"), (.kvm, "wait=S3cret"), (.kvm, "fred"),
            (.kvm, "0.0.0.0:1,password,S3cret"),
            (.kvm, "0.0.0.0:1,S3cret"), (.kvm, "password:12345"), (.kvm, ":0,:1"), (.kvm, ":0,unix=/x"),
            (.kvm, "on,password=a,S3cret"),
        ] as [(Brand, String)])
    func optionKnown(brand: Brand, text: String) {
        let remedy =
            "the options are on, off, unix=, tcp=, w=, h=, wait and password="
            + (brand == .kvm ? ", or a display with words of QEMU's -vnc" : "")
            + "; put a password with a comma into a file: password=/PATH"
        #expect(
            read(brand, [("vnc", text)]).diagnostics == [
                says(
                    .error, 2,
                    "attr \"vnc\": it holds an option that is not known, and that is not shown since it may be part of a "
                        + "password", remedy)
            ])
    }

    @Test(
        "a password of more than 8 bytes is a warning",
        arguments: [
            ("12345678", false), ("123456789", true), ("ééééé", true), ("éééé", false), ("/etc/vnc.password", false),
        ])
    func passwordMore(password: String, isWarned: Bool) {
        let warning = says(
            .warning, 2, "attr \"vnc\": of the password only the first 8 bytes count",
            "VNC knows no longer ones; reach the screen through vnc(1) and SSH instead of over a network")
        #expect(read(.bhyve, [("vnc", "on,password=" + password)]).diagnostics == (isWarned ? [warning] : []))
    }

    @Test("a password without a value is refused in a bhyve zone")
    func passwordWithout() {
        #expect(throws: Self.password) { try VNCServer.parse("on,password", brand: .bhyve) }
    }

    @Test("the longest socket path is taken")
    func longestSocket() throws {
        let path = "/" + String(repeating: "x", count: 102)
        try expect(Self.result("unix=" + path, .bhyve)?.listener, equals: .unix(path))
    }

    @Test("a word that is not known is passed on to bhyve, and that is said")
    func wordKnown() {
        let expected = says(
            .warning, 2, "attr \"vnc\": \"lossy\" is not an option that is known, and is passed on",
            "the options are on, off, unix=, tcp=, w=, h=, wait and password=")
        #expect(read(.bhyve, [("vnc", "on,lossy")]).diagnostics == [expected])
        #expect(read(.kvm, [("vnc", ":0,lossy")]).diagnostics == [])
        #expect(read(.kvm, [("vnc", ":0,password")]).diagnostics == [])
    }

    @Test("a kvm zone cannot wait for a client")
    func kvmZone() {
        #expect(
            read(.kvm, [("vnc", "wait")]).diagnostics == [
                says(.warning, 2, "attr \"vnc\": QEMU cannot wait for a client; wait means on here", "set it to on")
            ])
        #expect(read(.bhyve, [("vnc", "wait")]).diagnostics == [])
    }

    @Test(
        "the screen has its graphics and its tablet",
        arguments: [("on", "on", true), ("io", "off", false), ("off", "on", true)])
    func screenGraphics(vga: String, xhci: String, tablet: Bool) throws {
        let screen = try #require(read(.bhyve, [("vnc", "on"), ("vga", vga), ("xhci", xhci)]).machine?.screen)
        #expect(screen.vga.value == vga)
        #expect(screen.tablet.value == tablet)
        #expect(read(.bhyve, [("vnc", "off"), ("vga", vga), ("xhci", xhci)]).machine?.screen == nil)
    }
}
