import Foundation
import Machine
import Platform
import TestSupport
import Testing
import ZoneConfig

@testable import Hypervisors
import Text

/// The machine of a zone of the brand with these attrs, one a line from line 2.
private func machine(_ brand: Brand, _ attributes: [String: String]) throws -> Machine {
    let attrs = attributes.sorted { $0.key < $1.key }.map {
        "\n<attr name='\($0.key)' type='string' value='\($0.value)'/>"
    }
    let text = "<zone name='vm' zonepath='/zones/vm' brand='\(brand.rawValue)'>" + attrs.joined() + "</zone>"
    let zone = try ZoneConfiguration.parse(Array(text.utf8), file: "vm.xml")
    let facts = HostFacts(randomUUID: "8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11")
    return try #require(Machine.read(zone, brand: brand, facts: facts).machine)
}

private func says(_ line: Int?, _ message: String, _ remedy: String) -> Diagnostic {
    says(.error, line, "attr \"bootrom\": " + message, remedy)
}

@Suite struct BootROMLookupTests {
    let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/firmware-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    /// What is said of a ROM when the directory holds these files.
    private func check(_ rom: String, files: [String]) throws -> [Diagnostic] {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for file in files { try Data().write(to: URL(fileURLWithPath: directory + "/" + file)) }
        return BootROMLookup(.bhyve, directory: directory).diagnostics(
            try machine(.bhyve, ["bootrom": rom]))
    }

    static let roms = [
        "BHYVE_RELEASE.fd", "BHYVE_RELEASE_CSM.fd", "BHYVE_DEBUG.fd", "BHYVE_VARS.fd", "README", "my.rom.fd",
    ]

    @Test(
        "a ROM is found by its name, with or without .fd, or by an alias",
        arguments: [
            "BHYVE_RELEASE", "BHYVE_RELEASE.fd", "BHYVE_RELEASE-2.70", "BHYVE_RELEASE_CSM-2.40", "BHYVE_DEBUG-2.70",
            "my.rom", "my.rom.fd",
        ])
    func romFound(rom: String) throws {
        try expect(check(rom, files: Self.roms), equals: [])
    }

    @Test(
        "a ROM that is missing names those that are there, but not the variables' template",
        arguments: [
            "BHYVE", "bhyve_release", "BHYVE_DEBUG_CSM", "README", "BHYVE_RELEASE.FD", "BHYVE_RELEASE-2.71", ".fd",
        ])
    func romMissing(rom: String) throws {
        let expected = says(
            2, "there is no boot ROM \"\(rom)\" in \(directory)",
            "use BHYVE_DEBUG, BHYVE_RELEASE, BHYVE_RELEASE_CSM or my.rom")
        try expect(check(rom, files: Self.roms), equals: [expected])
    }

    @Test("a missing alias is named by what it stands for")
    func missingAlias() throws {
        let expected = says(2, "there is no boot ROM \"BHYVE_DEBUG_CSM\" in \(directory)", "use BHYVE_RELEASE")
        try expect(check("BHYVE_DEBUG_CSM-2.40", files: ["BHYVE_RELEASE.fd"]), equals: [expected])
    }

    @Test("a directory without ROMs says so", arguments: [[], ["BHYVE_VARS.fd"], ["README", "BHYVE_RELEASE"]])
    func directoryWithout(files: [String]) throws {
        let expected = says(
            2, "there is no boot ROM \"BHYVE_RELEASE\" in \(directory)",
            "there are no ROMs at all: install them, or name another directory with -F")
        try expect(check("BHYVE_RELEASE", files: files), equals: [expected])
    }

    @Test("a directory that is missing has no ROMs, and the default is checked like any other")
    func directoryMissing()
        throws
    {
        try FileManager.default.removeItem(atPath: directory)
        let found = BootROMLookup(.bhyve, directory: directory).diagnostics(try machine(.bhyve, [:]))
        let expected = says(
            nil, "there is no boot ROM \"BHYVE_RELEASE_CSM\" in \(directory)",
            "there are no ROMs at all: install them, or name another directory with -F")
        #expect(found == [expected])
    }

    @Test("an absolute path may lie in the zone and is not looked for")
    func absolutePath() throws {
        try expect(check("/roms/none.fd", files: []), equals: [])
    }

    @Test("the line is the attribute's")
    func lineAttributes() throws {
        try FileManager.default.removeItem(atPath: directory)
        let machine = try machine(.bhyve, ["acpi": "on", "bootrom": "none", "zz": "x"])
        #expect(BootROMLookup(.bhyve, directory: directory).diagnostics(machine).map { $0.line } == [3])
    }

    @Test("the variables' template is refused before it is looked for", arguments: ["BHYVE_VARS", "BHYVE_VARS.fd"])
    func variablesTemplate(rom: String) throws {
        try FileManager.default.removeItem(atPath: directory)
        let error = ValueError(
            "\"\(rom)\" is the template of UEFI variables, not a ROM", remedy: "use BHYVE_RELEASE, for instance")
        #expect(throws: error) { try BootROM(rom) }
    }

    @Test("a kvm zone has no ROM to look for", arguments: HostPlatform.allCases)
    func kvmZone(platform: HostPlatform) throws {
        try FileManager.default.removeItem(atPath: directory)
        let lookup = BootROMLookup(Hypervisor(brand: .kvm, platform: platform), directory: directory)
        #expect(lookup.diagnostics(try machine(.kvm, [:])) == [])
    }
}

@Suite struct StandInTests {
    private func check(_ attributes: [String: String]) throws -> [Diagnostic] {
        BootROMLookup(.modernQEMU, directory: "/none").diagnostics(try machine(.bhyve, attributes))
    }

    @Test(
        "for a BIOS ROM QEMU's own stands in",
        arguments: [
            "BHYVE_CSM", "BHYVE_DEBUG_CSM", "BHYVE_RELEASE_CSM", "BHYVE_RELEASE_CSM.fd", "BHYVE_RELEASE_CSM-2.40",
        ])
    func biosROM(rom: String) throws {
        try expect(check(["bootrom": rom]), equals: [])
    }

    @Test(
        "for any other ROM nothing stands in, and the names are given",
        arguments: [
            "BHYVE_RELEASE_X", "my", "bhyve", "/roms/my.fd", "/roms/my_CSM.fd",
            "/usr/share/bhyve/firmware/BHYVE_RELEASE_CSM.fd",
        ])
    func anyOther(rom: String) throws {
        let expected = says(
            2, "QEMU on Linux has no stand-in for the boot ROM \"\(rom)\"",
            "use BHYVE, BHYVE_CSM, BHYVE_DEBUG, BHYVE_DEBUG_CSM, BHYVE_RELEASE or BHYVE_RELEASE_CSM")
        try expect(check(["bootrom": rom]), equals: [expected])
    }

    /// Right on a machine with OVMF and on one without.
    @Test(
        "for a UEFI ROM the files that are in must be installed",
        arguments: [
            ("on", [StandInFirmware.code, StandInFirmware.variables]), ("off", [StandInFirmware.volatile]),
        ])
    func uefiROM(variables: String, needed: [String]) throws {
        let missing = needed.first { !FileManager.default.fileExists(atPath: $0) }
        let expected = missing.map {
            says(2, "its stand-in " + $0 + " is not installed", "install OVMF: apt-get install ovmf")
        }
        for rom in ["BHYVE", "BHYVE_DEBUG", "BHYVE_RELEASE", "BHYVE_RELEASE.fd", "BHYVE_RELEASE-2.70"] {
            try expect(check(["bootrom": rom, "uefivars": variables]), equals: (expected.map { [$0] } ?? []), "\(rom)")
        }
    }
}
