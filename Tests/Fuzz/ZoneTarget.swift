import Hypervisors
import Machine
import Platform
import Text
import UEFI
import ZoneConfig

@testable import CloudInit
@testable import ZoneBoot

/// Zones, up to the command lines of every hypervisor.
enum ZoneTarget {
    private static let facts = HostFacts(
        zoneUUID: "8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11",
        macAddresses: ["vm0": MACAddress("2:8:20:0:0:1")].compactMapValues { $0 })

    static func run(xml bytes: [UInt8]) {
        do {
            let zone = try ZoneConfiguration.parse(bytes, file: "zone.xml")
            build(zone, secret: bytes.holdsOnce(secretText) ? secretText : nil)
        } catch {
            check([error.diagnostic], lines: bytes.count { $0 == 0x0a } + 1)
        }
    }

    /// Each line is one attr, `NAME=VALUE`; with `net`, `prop`, `device`, `fs` or `zone` and a blank before it, another
    /// resource's value. A vertical bar stands for a line end.
    static func run(lines bytes: [UInt8]) {
        var elements: [String] = []
        var zone = ["name": "vm", "zonepath": "/zones/vm", "brand": "bhyve"]
        for line in String(decoding: bytes.prefix(16 << 10), as: UTF8.self).pieces(separator: "\n") {
            let (key, value) = line.splitOnce(at: "=")
            let text = (value ?? "").map { $0 == "|" ? "&#10;" : escape($0) }.joined()
            let (kind, name) = key.splitOnce(at: " ")
            let quoted = (name ?? "").map { escape($0) }.joined()
            switch (kind, name) {
            case ("net", let name?) where networkKeys.contains(name):
                elements.append("<network physical=\"vm\(elements.count)\" \(name)=\"\(text)\"/>")
            case ("prop", _?):
                elements.append(
                    "<network physical=\"vm0\"><net-attr name=\"\(quoted)\" value=\"\(text)\"/></network>")
            case ("device", _): elements.append("<device match=\"\(text)\"/>")
            case ("fs", _): elements.append("<filesystem special=\"\(text)\" directory=\"\(text)\" type=\"lofs\"/>")
            case ("zone", let name?) where zone[name] != nil: zone[name] = text
            default:
                let name = key.map { escape($0) }.joined()
                elements.append("<attr name=\"\(name)\" type=\"string\" value=\"\(text)\"/>")
            }
        }
        let properties = ["name", "zonepath", "brand"].map { "\($0)=\"\(zone[$0] ?? "")\"" }
        let xml = (["<zone \(properties.joined(separator: " "))>"] + elements + ["</zone>"]).joined(separator: "\n")
        run(xml: Array(xml.utf8))
    }

    private static let networkKeys = [
        "address", "allowed-address", "defrouter", "global-nic", "mac-addr", "vlan-id",
    ]

    private static func escape(_ character: Character) -> String {
        switch character {
        case "&": "&amp;"
        case "<": "&lt;"
        case "\"": "&quot;"
        default: String(character)
        }
    }

    // MARK: What is promised

    /// A password that the input may hold. When it holds it once, nothing else may.
    private static let secretText = "TOPSECRET"

    private static func build(_ zone: ZoneConfiguration, secret: String?) {
        // Every hook gets the zone's name beside its file, and refuses a file of another zone.
        guard let name = zone.name, Options.isZoneName(name) else { return }
        for brand in Brand.allCases {
            let reading = Machine.read(zone, brand: brand, facts: facts)
            check(reading.diagnostics, lines: nil)
            guard let machine = reading.machine else { continue }
            let resources = ResourceCheck(zone, machine, zoneRoot: .holds([]))
            check(resources.diagnostics, lines: nil)
            let devices = BootDevice.list(machine)
            promise(devices.allSatisfy { !$0.name.isEmpty }, "a device to boot from has a name")
            if machine.hasSeed, !machine.seedReadsFiles { checkSeed(machine) }
            for platform in HostPlatform.allCases {
                for accelerator in Hypervisor.Accelerator.allCases {
                    let hypervisor = Hypervisor(brand: brand, platform: platform)
                    check(hypervisor.render(machine, accelerator: accelerator), machine, secret)
                }
            }
        }
    }

    private static func check(_ rendering: Rendering, _ machine: Machine, _ once: String?) {
        check(rendering.diagnostics, lines: nil)
        let words = rendering.commandLine.words
        promise(words.allSatisfy { $0.firstControlCharacter == nil }, "no argument holds a control character: \(words)")
        if case .text(let secret)? = rendering.commandLine.secretFile?.source, let once, secret.revealed == once {
            promise(!words.contains { $0.contains(once) }, "a password is not an argument: \(words)")
            promise(!rendering.diagnostics.contains { $0.text(zone: nil).contains(once) }, "nor in a message")
        }
        let launch = LaunchFile(rendering.commandLine, machine, environment: [])
        do {
            promise(try LaunchFile.parse(launch.text) == launch, "a launch file is read as it was written: \(launch)")
        } catch {
            fatalError("a launch file is not read again: \(error.diagnostic)")
        }
    }

    private static func checkSeed(_ machine: Machine) {
        let (seed, diagnostics) = Seed.make(machine)
        check(diagnostics, lines: nil)
        promise(seed.files.count <= 3, "a seed has three files at most")
    }

    /// Diagnostics say something, in lines that show; `lines` is how many the file has, when that is known.
    private static func check(_ diagnostics: [Diagnostic], lines: Int?) {
        for diagnostic in diagnostics {
            let text = diagnostic.text(zone: "vm")
            promise(text.split(separator: "\n").count == 1 + diagnostic.remedy.count, "a line each: \(text)")
            promise(!diagnostic.message.isEmpty, "a message")
            promise(!diagnostic.json.text.isEmpty, "JSON")
            guard let lines, let line = diagnostic.line else { continue }
            promise((1...lines).contains(line), "line \(line) is one of the file's \(lines)")
        }
    }
}

extension [UInt8] {
    /// True when a text is in them, once.
    fileprivate func holdsOnce(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        let wanted = Array(text.utf8)
        return indices.lazy.filter { self[$0] == first && self[$0...].starts(with: wanted) }.prefix(2).count == 1
    }
}

extension Machine {
    /// Files of this host, which are not the same everywhere.
    fileprivate var seedReadsFiles: Bool {
        if case .seed(_?) = cloudInit.value { return true }
        if case .file? = seedInputs.password?.value { return true }
        if case .file? = seedInputs.sshKeys?.value { return true }
        return false
    }
}
