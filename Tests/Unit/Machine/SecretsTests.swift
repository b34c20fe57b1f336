import Testing

@testable import Machine
import Text

/// A password is in the values that are to hold it and in no text: no diagnostic, no option, nowhere `boot` prints from.
@Suite struct SecretsTests {
    static let secret = "hUnter2"

    /// Every text about a zone that someone may see.
    static func texts(_ brand: Brand, _ attributes: [(String?, String?)]) -> String {
        let zone = makeZone(brand, attributes)
        let reading = read(zone)
        var texts = reading.diagnostics.map { $0.text(zone: "vm") + $0.json.text }
        if let machine = reading.machine {
            texts += machine.options.map { $0.name + "=" + ($0.text ?? "") }
            texts += ResourceCheck(zone, machine, zoneRoot: .unknown).diagnostics.map { $0.text(zone: "vm") }
            texts.append(machine.screen?.server.value.text ?? "")
        }
        return texts.joined(separator: "\n")
    }

    static let passwords = [
        "password=" + secret, "on,password=" + secret, "password=" + secret + ",wait",
        "unix=/x,password=" + secret + ",w=1",
        "password = " + secret, "password==" + secret, "password=%" + secret, "password=a=" + secret,
        "password=/" + secret,
        "password=" + secret + ",password=" + secret, "tcp=:5900,password=" + secret,
    ]

    @Test("a screen's password is in no text", arguments: passwords, Brand.allCases)
    func screensPassword(value: String, brand: Brand) {
        #expect(!Self.texts(brand, [("vnc", value)]).contains(Self.secret))
        #expect(read(brand, [("vnc", value)]).machine?.screen?.server.value.password != nil)
    }

    /// Beside a fault, so that the value is refused and talked about.
    @Test(
        "a screen's password is in no text about a fault beside it",
        arguments: ["w=0", "unix=x", "tcp=", "password=", "h", "lossy", "\u{7}", "off", ":0"], Brand.allCases)
    func screensPasswordText(fault: String, brand: Brand) {
        for value in Self.passwords {
            for text in [value + "," + fault, fault + "," + value] {
                #expect(!Self.texts(brand, [("vnc", text)]).contains(Self.secret), "\(text)")
            }
            #expect(!Self.texts(brand, [("vnc", "on"), ("vnc", value)]).contains(Self.secret), "\(value)")
        }
    }

    @Test(
        "a screen's password behind a misspelt key is in no text",
        arguments: [
            "Password=" + secret, "PASSWORD=" + secret, "password:" + secret, "on password=" + secret,
            "pasword=" + secret, "passwd=" + secret,
            "on;password=" + secret, "password=\u{301}" + secret,
        ], Brand.allCases)
    func screensPasswordBehind(value: String, brand: Brand) {
        #expect(!Self.texts(brand, [("vnc", value)]).contains(Self.secret))
    }

    @Test(
        "cloud-init's password is in no text",
        arguments: [secret, "/" + secret, " " + secret, secret + "\u{7}", "a," + secret, secret + "\n" + secret])
    func cloudInits(value: String) {
        for attributes in [
            [("password", value)], [("password", value), ("password", value)],
            [("password", "x"), ("password", value)],
            [("password", value), ("cloud-init", "on")], [("password", value), ("ram", "x")],
        ] {
            #expect(!Self.texts(.bhyve, attributes).contains(Self.secret))
        }
        #expect(!Self.texts(.kvm, [("password", value)]).contains(Self.secret))
    }

    @Test(
        "the value of an attribute that is not known is in no text",
        arguments: ["Password", "passwrd", "password1", "passwords", "vnc0", "VNC", "vncpassword", "zadm-password"])
    func valueAttribute(name: String) {
        #expect(!Self.texts(.bhyve, [(name, "password=" + Self.secret)]).contains(Self.secret))
    }

    @Test("what is set under a secret's name is not kept as text")
    func setUnder() {
        var settings = Settings(
            makeZone(.bhyve, [("password", Self.secret), ("vnc", "on,password=" + Self.secret)]), brand: .bhyve)
        #expect(settings.read(Attributes.password)?.value == .text(Secret(Self.secret)))
        #expect(settings.read(Attributes.vnc)?.value?.password == .text(Secret(Self.secret)))
        #expect(settings.options == [Machine.NamedText(name: "vnc", text: "unix=/tmp/vm.vnc")])
    }
}
