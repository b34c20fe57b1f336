import Machine
import Platform
import TestSupport
import Testing

@testable import Hypervisors
import Text

@Suite struct HypervisorTests {
    @Test(
        "brand and platform choose the hypervisor",
        arguments: [
            (.bhyve, .illumos, .bhyve), (.kvm, .illumos, .classicQEMU), (.bhyve, .linux, .modernQEMU),
            (.kvm, .linux, .modernQEMU),
        ] as [(Brand, HostPlatform, Hypervisor)])
    func brandPlatform(brand: Brand, platform: HostPlatform, hypervisor: Hypervisor) {
        #expect(Hypervisor(brand: brand, platform: platform) == hypervisor)
    }

    @Test(
        "a process shows its hypervisor and its zone",
        arguments: [
            (.bhyve, "/usr/sbin/bhyve", "bhyve-web"),
            (.classicQEMU, "/usr/bin/qemu-system-x86_64", "qemu-system-x86_64-web"),
            (.modernQEMU, "/usr/bin/qemu-system-x86_64", "qemu-system-x86_64-web"),
        ] as [(Hypervisor, String, String)])
    func processShows(hypervisor: Hypervisor, program: String, argv0: String) throws {
        let commandLine = try Rendered(hypervisor, name: "web").commandLine
        #expect(commandLine.program == program)
        #expect(commandLine.argv0 == argv0)
        #expect(commandLine.words == [program] + commandLine.arguments.flatMap { $0.words })
    }

    @Test(
        "every argument says what it is for, and what the zone asks for points there",
        arguments: [.bhyve, .classicQEMU, .modernQEMU] as [Hypervisor])
    func everyArgument(hypervisor: Hypervisor) throws {
        let rendered = try Rendered(
            hypervisor, [("ram", "2G"), ("bootdisk", "rpool/a"), ("cdrom", "/b"), ("vnc", "on"), ("vcpus", "2")],
            nics: ["vm0"])
        for argument in rendered.commandLine.arguments {
            #expect(!argument.purpose.isEmpty)
            #expect(!argument.words.isEmpty)
        }
        let lines = Set(rendered.commandLine.arguments.compactMap { $0.origins.first?.line })
        #expect(lines.isSuperset(of: [2, 4, 5, 6, 100]))
    }

    @Test(
        "a zone without attributes gets no complaint", arguments: [.bhyve, .classicQEMU, .modernQEMU] as [Hypervisor])
    func zoneWithout(hypervisor: Hypervisor) throws {
        try expect(Rendered(hypervisor).diagnostics, equals: [])
    }
}

@Suite struct SecretFileTests {
    static let secret = "hUnter2%(x)%"

    @Test("bhyve's password is in a file that -k names right behind the screen")
    func bhyvesPassword() throws {
        let rendered = try Rendered(.bhyve, [("vnc", "on,password=" + Self.secret)])
        let words = rendered.commandLine.words
        let screen = try #require(words.firstIndex(of: "30:0,fbuf,vga=off,unix=/tmp/vm.vnc"))
        #expect(words[(screen + 1)...].prefix(4) == ["-k", "/hvm/secret", "-s", "30:1,xhci,tablet"])
        let file = try #require(rendered.commandLine.secretFile)
        #expect(file.source == .text(Secret(Self.secret)))
    }

    @Test(arguments: [
        ("hunter2", "hunter2"), ("%", #"\%"#), ("%(name)", #"\%(name)"#), ("100%%", #"100\%\%"#),
        (#"a%b\c"#, #"a\%b\\c"#), (#"a\b"#, #"a\b"#), ("", ""), ("a=b #c", "a=b #c"), ("é😀", "é😀"),
        ("%é\u{301}", "\\%é\u{301}"),
    ])
    func
        `bhyve's file is one line of configuration; where a value has a percent sign, that and backslashes are escaped`(
            secret: String, value: String
        )
        throws
    {
        let file = try #require(try Rendered(.bhyve, [("vnc", "password=x")]).commandLine.secretFile)
        #expect(file.content(Secret(secret)).revealed == "pci.0.30.0.password=" + value + "\n")
    }

    @Test("today's QEMU reads its password, and nothing else, from an object's file", arguments: Brand.allCases)
    func todaysQEMU(brand: Brand) throws {
        let rendered = try Rendered(.modernQEMU, [("vnc", "on,password=/etc/vnc.pw")], brand: brand)
        #expect(rendered.values("-object") == ["secret,id=vnc0,file=/hvm/secret"])
        #expect(rendered.values("-vnc") == ["unix:/tmp/vm.vnc,password-secret=vnc0"])
        let file = try #require(rendered.commandLine.secretFile)
        #expect(file.source == .file("/etc/vnc.pw"))
        #expect(file.content(Secret("50%\n")).revealed == "50%\n")
    }

    @Test("the QEMU of kvm zones refuses a password")
    func qemuKvm() throws {
        let rendered = try Rendered(.classicQEMU, [("vnc", "on,password=" + Self.secret)])
        #expect(
            rendered.diagnostics == [
                says(
                    .error, 2,
                    "attr \"vnc\": the QEMU of kvm zones can be given no password without showing it in ps",
                    "leave out password=, and reach the socket as root; bhyve zones can have one")
            ])
        #expect(rendered.commandLine.secretFile == nil)
    }

    @Test("without a password there is no secret file", arguments: [.bhyve, .classicQEMU, .modernQEMU] as [Hypervisor])
    func withoutPassword(hypervisor: Hypervisor) throws {
        try expect(Rendered(hypervisor, [("vnc", "on")]).commandLine.secretFile, equals: nil)
        try expect(Rendered(hypervisor).commandLine.secretFile, equals: nil)
    }

    @Test(
        "a password is in no argument, purpose or diagnostic",
        arguments: [.bhyve, .classicQEMU, .modernQEMU] as [Hypervisor])
    func passwordArgument(hypervisor: Hypervisor) throws {
        for value in [
            "password=\(Self.secret)", "tcp=:80,password=\(Self.secret)", "wait,password=\(Self.secret),w=1",
        ] {
            let rendered = try Rendered(
                hypervisor, [("vnc", value), ("password", hypervisor == .classicQEMU ? "x" : Self.secret)])
            let shown =
                rendered.commandLine.words
                + rendered.commandLine.arguments.map { $0.purpose + $0.origins.map { $0.description }.joined() }
                + rendered.diagnostics.map { $0.text(zone: "vm") }
            #expect(!shown.contains { $0.contains("hUnter2") })
        }
    }
}
