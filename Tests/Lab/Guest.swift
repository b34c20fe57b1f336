import Foundation
import TestSupport
import Testing

/// A zone with a machine in an open lab, and what an administrator does with it.
struct Guest {
    let name: String
    let lab: OpenLab

    /// What the small guest prints when it is up.
    static let ready = "hvm-brand guest: ready"

    /// A zone that is there.
    init(_ name: String, in lab: OpenLab) {
        self.name = name
        self.lab = lab
    }

    /// A zone that is made and installed: the small guest, which boots from its CD.
    init(_ name: String, of brand: String, _ attributes: [String: String] = [:], in lab: OpenLab) throws {
        self.init(name, in: lab)
        let all = ["ram": "384M", "cdrom": Lab.isoPath].merging(attributes) { $1 }
        try lab.does(Zones.install(name, brand: brand, all, sharing: Lab.isoPath))
    }

    // MARK: What is done with it

    func boots(_ arguments: String = "", sourceLocation: SourceLocation = #_sourceLocation) throws {
        let said = try lab.does("zoneadm -z \(name) boot \(arguments)", sourceLocation: sourceLocation)
        expect(said, hasPrefix: "zonelab: this system's QEMU stands in for ", sourceLocation: sourceLocation)
    }

    func reboots(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try lab.does("zoneadm -z \(name) reboot", sourceLocation: sourceLocation)
    }

    func halts(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try lab.does("zoneadm -z \(name) halt", sourceLocation: sourceLocation)
    }

    /// Is asked to power off, and does.
    func shutsDown(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try lab.does("zoneadm -z \(name) shutdown", sourceLocation: sourceLocation)
    }

    func isUninstalled(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try lab.does("zoneadm -z \(name) uninstall -F", sourceLocation: sourceLocation)
    }

    /// Has its configuration changed.
    func isConfigured(_ commands: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try lab.does("zonecfg -z \(name) '\(commands)'", sourceLocation: sourceLocation)
    }

    /// Gets an attribute more.
    func isGiven(_ attribute: String, _ value: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try isConfigured(Zones.attribute(attribute, value), sourceLocation: sourceLocation)
    }

    /// Waits until a text has appeared on the console since the last boot. Returns what the console shows.
    @discardableResult
    func awaits(
        _ text: String, times: Int = 1, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        try lab.does("zonelab await -n \(times) \(name) '\(text)'", sourceLocation: sourceLocation)
    }

    /// Types a line into the console.
    func types(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try lab.does("zonelab type \(name) '\(line)'", sourceLocation: sourceLocation)
    }

    /// Powers itself off, which halts the zone.
    func powersOff(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try types("poweroff", sourceLocation: sourceLocation)
        try awaits("Zone halted", sourceLocation: sourceLocation)
    }

    // MARK: What is seen of it

    /// Its line of `zoneadm list -p`, from the number to the zonepath.
    var line: String {
        get throws { try lab.does("zoneadm -z \(name) list -p | cut -d: -f1-4").trimmed }
    }

    /// A file of its zonepath; empty when there is none.
    func file(_ path: String) -> String { lab.lab.file("/data/zone/\(name)/\(path)") }

    /// The names in a directory of its zonepath.
    func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(lab.lab.directory)/data/zone/\(name)/\(path)").sorted()
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// Zones as the commands that make them.
enum Zones {
    /// Makes a zone with its brand and zonepath alone.
    static func configure(_ name: String, brand: String = "bhyve", _ more: String = "") -> String {
        "zonecfg -z \(name) 'create -b; set brand=\(brand); set zonepath=/data/zone/\(name); set ip-type=exclusive; \(more)' || exit 9\n"
    }

    /// Makes a zone with these attributes and installs it. A file of the global zone's appears in it at its own path.
    static func install(
        _ name: String, brand: String, _ attributes: [String: String], sharing file: String? = nil, _ more: String = ""
    ) -> String {
        let resources = attributes.sorted { $0.key < $1.key }.map { attribute($0.key, $0.value) }
        let share = file.map {
            "add fs; set dir=\($0); set special=\($0); set type=lofs; add options [ro,nodevices]; end"
        }
        let all = ([share].compactMap { $0 } + resources + [more]).joined(separator: "; ")
        return "\(configure(name, brand: brand, all))zoneadm -z \(name) install || exit 9\n"
    }

    /// What zonecfg and verify say of a zone that has attributes, and nothing to boot from.
    static func nothingToBoot(_ name: String) -> String {
        "zone \(name): warning: there is nothing to boot from: no disk, no CD-ROM, no NIC\n"
            + "  add the attr bootdisk with a device resource, or cdrom with an fs resource, or a net\n"
    }

    /// Adds an attribute to a zone.
    static func attribute(_ name: String, _ value: String) -> String {
        "add attr; set name=\(name); set type=string; set value=\"\(value)\"; end"
    }
}
