import Foundation
import TestSupport
import Testing

/// What the hypervisors refuse or misread is told before they are started: by verify, and by every dry run.
@Suite struct LimitTests {
    @Test(
        "verify and boot -t tell it, with attribute, line, value and limit, or take it in silence", arguments: Limit.all
    )
    func limit(_ limit: Limit) throws {
        // On illumos boot asks whether the host has the device, and this one has none.
        guard !Hooks.areForIllumos || !limit.body.contains("\"ppt0\"") else { return }
        let zone = try ScratchZone(brand: limit.brand, body: limit.body)
        try zone.useRealVariables()
        let errors = limit.told.map { "zone web: \(zone.xml):\($0)\n" }.joined()
        let status: Int32 = limit.told.contains { $0.contains(": error: ") } ? 255 : 0

        // Most of these zones have nothing to boot from, which is told too, first.
        let nothing = zone.nothingToBoot
        let verified = try zone.run("verify", platform: limit.platform)
        expect(verified.errors.replacingOccurrences(of: nothing, with: ""), equals: errors)
        expect(verified.status, equals: status)
        expect(verified.output, equals: "")

        let shown = try zone.run("boot", ["-t"], platform: limit.platform)
        expect(shown.errors.replacingOccurrences(of: nothing, with: ""), equals: errors)
        #expect(shown.status == status)
        if let word = limit.shows { #expect(shown.output.contains(word)) }
    }

    @Test("every row has a value that is taken and one that is told", arguments: LimitRow.allCases)
    func rows(_ row: LimitRow) {
        let cases = Limit.all.filter { $0.row == row }
        #expect(cases.contains { $0.told.isEmpty }, "no value is taken")
        #expect(cases.contains { !$0.told.isEmpty } != row.isWithoutLimit, "no value is told")
    }

    @Test("the number of rows and cases")
    func count() {
        print("limits: \(LimitRow.allCases.count) rows, \(Limit.all.count) cases")
        #expect(LimitRow.allCases.count == 29)
    }
}

/// What there is to know of a hypervisor, a row each.
enum LimitRow: String, CaseIterable, Sendable {
    case values, optionKeys, booleans, serialNumbers, nvme, diskif, netif, viona, vcpus, numbers, ram, hostBridge
    case serialPorts, vga, screen, listener, password, virtfs, oneOnly, dryRun, clock, acpi
    case classicVCPUs, classicDrives, classicDiskif, classicNetif, classicRTC, classicConsole, classicTrial

    /// A fact without anything to refuse: the clock bhyve gives its guests, and that nothing tries QEMU's command line.
    var isWithoutLimit: Bool { self == .clock || self == .classicTrial }
}

/// A zone, and what is told of it.
struct Limit: Sendable, CustomTestStringConvertible {
    let row: LimitRow
    /// What is in the zone, from line 2 on.
    let lines: [String]
    /// Each `LINE: SEVERITY: MESSAGE`, the way out on the next line.
    let told: [String]
    /// What is in the command.
    let shows: String?
    let brand: String
    let platform: String

    var testDescription: String { "\(row) on \(platform): " + lines.joined() }

    /// The zone has every resource that a machine could want.
    var body: String {
        (lines + [
            #"<device match="/dev/zvol/rdsk/*"/><device match="/dev/ppt*"/>"#,
            #"<filesystem directory="/" special="/" type="lofs"/>"#,
        ]).joined(separator: "\n")
    }

    static let all = [bhyveValues, bhyveKeys, bhyveDrives, bhyveNICs, bhyveBoard, bhyveScreen, bhyveExtra, classic]
        .flatMap { $0 }

    // MARK: Writing them

    static func taken(
        _ row: LimitRow, _ lines: String..., shows: String? = nil, brand: String = "bhyve",
        on platform: String = "illumos"
    ) -> Limit {
        Limit(row: row, lines: lines, told: [], shows: shows, brand: brand, platform: platform)
    }

    static func told(
        _ row: LimitRow, _ lines: String..., says told: String..., shows: String? = nil, brand: String = "bhyve",
        on platform: String = "illumos"
    ) -> Limit {
        Limit(row: row, lines: lines, told: told, shows: shows, brand: brand, platform: platform)
    }

    static func error(_ attribute: String? = nil, _ message: String, _ remedy: String, line: Int = 2) -> String {
        "\(line): error: " + (attribute.map { "attr \"\($0)\": " } ?? "") + message + "\n  " + remedy
    }

    static func warning(_ attribute: String? = nil, _ message: String, _ remedy: String, line: Int = 2) -> String {
        "\(line): warning: " + (attribute.map { "attr \"\($0)\": " } ?? "") + message + "\n  " + remedy
    }

    static func attr(_ name: String, _ value: String) -> String {
        let escaped = value.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "\"", with: "&quot;")
        return "<attr name=\"\(name)\" type=\"string\" value=\"\(escaped)\"/>"
    }

    static func net(_ link: String, _ properties: KeyValuePairs<String, String> = [:]) -> String {
        let attributes = properties.map { "<net-attr name=\"\($0)\" value=\"\($1)\"/>" }.joined()
        return "<network physical=\"\(link)\" mac-addr=\"2:8:20:0:0:1\">\(attributes)</network>"
    }
}
