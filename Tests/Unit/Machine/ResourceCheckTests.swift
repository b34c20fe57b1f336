import Platform
import TestSupport
import Testing

@testable import Machine
@testable import ZoneConfig
import Text

@Suite struct ResourceCheckTests {
    /// What is missing when nothing of it lies in the zone root itself.
    static func check(
        _ zone: ZoneConfiguration, zoneRoot: ResourceCheck.ZoneRoot = .holds([])
    ) throws -> [Diagnostic] {
        ResourceCheck(zone, try #require(read(zone).machine), zoneRoot: zoneRoot).diagnostics
    }

    @Test(
        "a disk is there when a device pattern matches it",
        arguments: [
            "/dev/zvol/rdsk/rpool/vm0", "/dev/zvol/rdsk/rpool/*", "/dev/zvol/rdsk/*", "/dev/zvol/*", "/dev/*", "*",
            "/dev/zvol/rdsk/rpool/vm?",
            "/dev/zvol/rdsk/rpool/vm[0-9]", " /dev/zvol/rdsk/rpool/vm0 ",
        ])
    func diskWhen(match: String) throws {
        for disk in ["rpool/vm0", "/dev/zvol/rdsk/rpool/vm0", "rpool/vm0,ro"] {
            try expect(Self.check(makeZone(.bhyve, [("bootdisk", disk)], devices: [nil, "/x", match])), equals: [])
        }
    }

    @Test(
        "a disk that no device pattern matches is missing",
        arguments: [
            "/dev/zvol/rdsk/rpool/vm", "/dev/zvol/rdsk/rpool/vm01", "/dev/zvol/dsk/rpool/vm0", "rpool/vm0",
            "/dev/zvol/rdsk/rpool/vm[1-9]", "",
            "/dev/zvol/rdsk/rpool/", "/dev/zvol/rdsk/rpool/?",
        ])
    func diskDevice(match: String) throws {
        let expected = says(
            .error, 2, "attr \"disk3\": the zone has no device resource for /dev/zvol/rdsk/rpool/vm0",
            "zonecfg -z vm 'add device; set match=/dev/zvol/rdsk/rpool/vm0; end'")
        try expect(Self.check(makeZone(.bhyve, [("disk3", "rpool/vm0")], devices: [match])), equals: [expected])
    }

    @Test("a passed-through device that the host does not have is an error")
    func passedThrough() throws {
        let zone = makeZone(.bhyve, [("ppt0", "on"), ("ppt1", "on")], devices: ["/dev/ppt*"])
        let machine = try #require(read(zone).machine)
        let check = ResourceCheck(zone, machine, zoneRoot: .holds([]), absentDevices: ["/dev/ppt1"])
        #expect(
            check.diagnostics == [
                says(
                    .error, 3, "attr \"ppt1\": the host has no /dev/ppt1",
                    "pptadm list -a shows the devices that can be passed through; off leaves this one out")
            ])
    }

    @Test("a volume of a delegated dataset is there", arguments: ["rpool/vm0", "rpool", " rpool "])
    func volumeDelegated(dataset: String) throws {
        try expect(Self.check(makeZone(.bhyve, [("disk", "rpool/vm0")], datasets: [nil, dataset])), equals: [])
        try expect(
            Self.check(makeZone(.bhyve, [("disk", "/dev/zvol/rdsk/rpool/vm0")], datasets: [dataset])), equals: [])
        try expect(Self.check(makeZone(.bhyve, [("cdrom", "/rpool/vm0/a.iso")], datasets: [dataset])), equals: [])
        try expect(
            Self.check(
                makeZone(.bhyve, [("disk", "rpool/vm0"), ("virtfs0", "share,/rpool/vm0/share")], datasets: [dataset])),
            equals: [])
    }

    static let nothing = says(
        .warning, 1, "there is nothing to boot from: no disk, no CD-ROM, no NIC",
        "add the attr bootdisk with a device resource, or cdrom with an fs resource, or a net")

    @Test("a machine that has attributes and nothing to boot from is warned of", arguments: Brand.allCases)
    func nothingToBoot(_ brand: Brand) throws {
        try expect(Self.check(makeZone(brand, [("ram", "2G")])), equals: [Self.nothing])
        try expect(Self.check(makeZone(brand, [])), equals: [])
        try expect(Self.check(makeZone(brand, [("extra", "-x")])), equals: [])
        try expect(Self.check(makeZone(brand, [("disk", "rpool/vm0")], datasets: ["rpool"])), equals: [])
    }

    @Test("a volume of another dataset is missing", arguments: ["rpool/vm", "rpool/vm0/x", "pool", "/rpool"])
    func volumeAnother(dataset: String) throws {
        try expect(Self.check(makeZone(.bhyve, [("disk", "rpool/vm0")], datasets: [dataset])).count, equals: 1)
        try expect(Self.check(makeZone(.bhyve, [("cdrom", "/rpool/vm0/a.iso")], datasets: [dataset])).count, equals: 1)
    }

    @Test(
        "an ISO is there when a file system is mounted at it or above it",
        arguments: ["/iso/linux/a.iso", "/iso/linux", "/iso/", "/iso///", "/", " /iso "])
    func isoWhen(directory: String) throws {
        try expect(
            Self.check(makeZone(.bhyve, [("cdrom", "/iso/linux/a.iso")], fileSystems: [nil, "/x", directory])),
            equals: [])
    }

    @Test(
        "an ISO that no file system holds is missing",
        arguments: ["/iso/lin", "/iso/linux/a.iso/x", "/is", "iso", "/iso/linux/b.iso"])
    func isoFile(directory: String) throws {
        let expected = says(
            .error, 2, "attr \"cdrom\": the zone has no fs resource for /iso/linux/a.iso",
            "zonecfg -z vm 'add fs; set dir=/iso/linux/a.iso; set special=/iso/linux/a.iso; set type=lofs; add options ro; "
                + "add options nodevices; end'")
        try expect(
            Self.check(makeZone(.bhyve, [("cdrom", "/iso/linux/a.iso")], fileSystems: [directory])), equals: [expected])
    }

    @Test("a file system without a directory, or a dataset without a name, holds nothing")
    func fileSystem() throws {
        let zone = makeZone(.bhyve, [("cdrom", "/iso/a.iso")], fileSystems: ["", " "], datasets: ["", " "])
        try expect(
            Self.check(zone).map { $0.message }, equals: ["attr \"cdrom\": the zone has no fs resource for /iso/a.iso"])
    }

    @Test("a disk that is a file needs a file system it can be written in")
    func diskFile() throws {
        let expected = says(
            .error, 2, "attr \"bootdisk\": the zone has no fs resource for /disks/a.img",
            "zonecfg -z vm 'add fs; set dir=/disks/a.img; set special=/disks/a.img; set type=lofs; add options nodevices; end'"
        )
        for brand in Brand.allCases {
            try expect(Self.check(makeZone(brand, [("bootdisk", "/disks/a.img")])), equals: [expected])
            try expect(Self.check(makeZone(brand, [("bootdisk", "/disks/a.img")], fileSystems: ["/disks"])), equals: [])
        }
    }

    @Test("an ISO's path is absolute", arguments: ["a.iso", "a/b.iso", "~/a.iso"])
    func isosPath(path: String) throws {
        let expected = says(
            .error, 2, "attr \"cdrom\": \"\(path)\" is not an absolute path",
            "give the path that the zone sees it by, and the same in an fs resource")
        try expect(Self.check(makeZone(.bhyve, [("cdrom", path)], fileSystems: ["/"])), equals: [expected])
    }

    @Test("passed-through devices and shares that are missing are warned about")
    func passedThroughDevices() throws {
        let attributes = [("ppt0", "on"), ("ppt1", "off"), ("virtfs0", "a,/data/a"), ("virtfs1", "b,/data/b,ro")]
        let options = "set type=lofs; "
        try expect(
            Self.check(makeZone(.bhyve, attributes.map { ($0.0, $0.1) })),
            equals: [
                says(
                    .warning, 2, "attr \"ppt0\": the zone has no device resource for /dev/ppt0",
                    "zonecfg -z vm 'add device; set match=/dev/ppt0; end'"),
                says(
                    .warning, 4, "attr \"virtfs0\": the zone has no fs resource for /data/a",
                    "zonecfg -z vm 'add fs; set dir=/data/a; set special=/data/a; \(options)add options nodevices; end'"
                ),
                says(
                    .warning, 5, "attr \"virtfs1\": the zone has no fs resource for /data/b",
                    "zonecfg -z vm 'add fs; set dir=/data/b; set special=/data/b; \(options)add options ro; add options nodevices; end'"
                ),
            ])
        try expect(
            Self.check(
                makeZone(.bhyve, attributes.map { ($0.0, $0.1) }, devices: ["/dev/ppt*"], fileSystems: ["/data"])),
            equals: [])
    }

    @Test("a file that lies in the zone root needs no file system")
    func fileLies() throws {
        let zone = makeZone(.bhyve, [("bootdisk", "/disks/a.img"), ("cdrom", "/iso/b.iso"), ("disk", "rpool/c")])
        func lines(_ paths: [String]) throws -> [Int?] {
            try Self.check(zone, zoneRoot: .holds(paths)).map { $0.line }
        }
        try expect(lines(["/disks/a.img", "/iso/b.iso"]), equals: [4])
        try expect(lines(["/disks/a.img"]), equals: [3, 4])
        try expect(lines(["/disks", "/iso/b.iso/"]), equals: [3, 2, 4])
        try expect(lines(["/dev/zvol/rdsk/rpool/c"]), equals: [3, 2, 4])
    }

    @Test("what may lie in a zone root that is not built yet is warned about")
    func mayLie() throws {
        let zone = makeZone(.bhyve, [("cdrom", "/iso/b.iso"), ("disk", "rpool/c"), ("disk", "/d")])
        let found = try Self.check(zone, zoneRoot: .unknown)
        #expect(found.map { $0.severity } == [.warning, .error, .warning])
        #expect(found.map { $0.line } == [2, 3, 4])
    }

    @Test("of a machine's drives the files outside dev may lie in the zone")
    func machinesDrives() throws {
        let attributes = [
            ("cdrom", "/b"), ("cdrom", "c"), ("bootdisk", "rpool/a"), ("disk", "/dev/x"), ("disk", "/d/e"),
        ]
        let machine = try #require(read(.bhyve, attributes).machine)
        #expect(ResourceCheck.pathsInZone(machine) == ["/b", "/d/e"])
    }

    @Test("every drive is checked, in the machine's order")
    func everyDrive() throws {
        let zone = makeZone(.bhyve, [("disk1", "b"), ("bootdisk", "a"), ("cdrom", "/c"), ("disk0", "d")])
        try expect(Self.check(zone).map { $0.line }, equals: [4, 3, 5, 2])
    }
}

/// The way out of a missing resource is a command that can be pasted into a shell, and that zonecfg then understands.
@Suite struct RemedyTests {
    /// The words a shell makes of the one remedy.
    static func words(_ zone: ZoneConfiguration) throws -> [String] {
        let diagnostics = try ResourceCheckTests.check(zone)
        try #require(diagnostics.count == 1 && diagnostics[0].remedy.count == 1)
        let result = try Command(
            "/bin/sh", ["-c", "zonecfg() { printf '%s\\0' zonecfg \"$@\"; }; " + diagnostics[0].remedy[0]]
        ).run()
        try #require(result.status == 0 && result.errors == "")
        return result.output.split(separator: "\0").map { String($0) }
    }

    @Test(
        "the zone's name arrives as it is",
        arguments: [
            "vm", "a b", "it's", "$(id)", "`id`", "a;b", "\"x\"", "-z", "é",
        ])
    func zonesName(name: String) throws {
        let zone = makeZone(.bhyve, [("disk", "rpool/a")], name: name)
        try expect(
            Self.words(zone), equals: ["zonecfg", "-z", name, "add device; set match=/dev/zvol/rdsk/rpool/a; end"])
    }

    @Test(
        "a path arrives as zonecfg wants it",
        arguments: [
            ("/iso/a.iso", "/iso/a.iso"), ("/iso/a b.iso", "\"/iso/a b.iso\""), ("/iso/a;b", "\"/iso/a;b\""),
            ("/iso/a#b", "\"/iso/a#b\""),
            ("/iso/it's", "/iso/it's"), ("/iso/$HOME", "/iso/$HOME"), ("/iso/é", "/iso/é"),
        ])
    func pathArrives(path: String, quoted: String) throws {
        let zone = makeZone(.bhyve, [("cdrom", path)])
        let commands =
            "add fs; set dir=\(quoted); set special=\(quoted); set type=lofs; add options ro; add options nodevices; end"
        try expect(Self.words(zone), equals: ["zonecfg", "-z", "vm", commands])
    }

    /// What ends a word in zonecfg's own grammar.
    @Test(
        "a path with a character of zonecfg's grammar is quoted for it",
        arguments: ["/iso/a=b", "/iso/Win(64)", "/iso/[x]", "/iso/a(b", "/iso/a]"])
    func pathCharacter(path: String) throws {
        let zone = makeZone(.bhyve, [("cdrom", path)])
        let commands =
            "add fs; set dir=\"\(path)\"; set special=\"\(path)\"; set type=lofs; add options ro; add options nodevices; end"
        try expect(Self.words(zone), equals: ["zonecfg", "-z", "vm", commands])
    }
}
