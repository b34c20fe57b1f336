import Testing

@testable import Machine
import Text

@Suite struct BootOrderTests {
    @Test(
        "an entry names a device, its number 0 when left out",
        arguments: [
            ("shell", .shell, "shell"), ("path", .path(0), "path0"), ("path65535", .path(65535), "path65535"),
            ("path007", .path(7), "path7"),
            ("boot0", .boot(0), "boot0"), ("boot12", .boot(12), "boot12"), ("bootdisk", .bootdisk, "bootdisk"),
            ("disk", .disk(0), "disk0"),
            ("disk15", .disk(15), "disk15"), ("cdrom", .cdrom(0), "cdrom0"), ("cdrom7", .cdrom(7), "cdrom7"),
            ("net", .net(0, nil), "net0"),
            ("net15", .net(15, nil), "net15"), ("net1=pxe", .net(1, .pxe), "net1=pxe"),
            ("net=http", .net(0, .http), "net0=http"),
        ] as [(String, BootEntry, String)])
    func entryNames(text: String, entry: BootEntry, full: String) {
        #expect(BootEntry.parse(text) == entry)
        #expect(entry.text == full)
        #expect(BootEntry.parse(full) == entry)
    }

    @Test(
        "what names no device is kept for its text",
        arguments: [
            "", "boot", "shell0", "bootdisk0", "disk16", "cdrom8", "net16", "path65536", "boot99999999999999999999",
            "net0=PXE", "net0=pxe=http",
            "net0=", "disk0=pxe", "cdrom=http", "net 0", "net-1", "Disk0", "floppy", "disk٣", "disk1x", "=pxe",
        ])
    func namesDevice(text: String) {
        #expect(BootEntry.parse(text) == .unknown(text))
        #expect(BootEntry.unknown(text).text == text)
    }

    @Test(
        "an order is a list of entries, or of the page's letters",
        arguments: [
            ("", []), ("c", [.path(0), .bootdisk]), ("d", [.cdrom(0)]), ("n", [.net(0, nil)]),
            ("cd", [.path(0), .bootdisk, .cdrom(0)]),
            ("dc", [.cdrom(0), .path(0), .bootdisk]), ("ndc", [.net(0, nil), .cdrom(0), .path(0), .bootdisk]),
            ("n,shell", [.net(0, nil), .shell]), (" cdrom1 , bootdisk ", [.cdrom(1), .bootdisk]),
            ("disk0,disk0", [.disk(0), .disk(0)]),
            ("cdx", [.unknown("cdx")]), ("C", [.unknown("C")]),
            ("bootdisk,,net", [.bootdisk, .unknown(""), .net(0, nil)]),
        ] as [(String, [BootEntry])])
    func orderList(text: String, entries: [BootEntry]) {
        #expect(BootEntry.parse(list: text) == entries)
    }

    static let remedy = "use shell, pathN, bootN, bootdisk, diskN, cdromN or netN[=pxe|http], or the letter"

    @Test("an unknown entry is left out, and that is said")
    func unknownEntry() {
        let reading = read(.bhyve, [("bootorder", "shell, floppy ,net0=ftp"), ("bootnext", "Shell")])
        let (all, one) = (Self.remedy + "s c, d and n", Self.remedy + " d or n")
        #expect(
            reading.diagnostics == [
                says(.warning, 2, "attr \"bootorder\": \"floppy\" is not a boot entry and is left out", all),
                says(.warning, 2, "attr \"bootorder\": \"net0=ftp\" is not a boot entry and is left out", all),
                says(.warning, 3, "attr \"bootnext\": \"Shell\" is not a boot entry and is left out", one),
                says(
                    .warning, 3, "attr \"bootnext\": it is left out: the machine keeps no UEFI variables",
                    "use a bootrom without CSM, and uefivars=on"),
            ])
        #expect(reading.machine != nil)
    }

    @Test("an entry without its device is skipped, which is told to who asks")
    func entryWithout() {
        let reading = read(
            .bhyve, [("bootorder", "cd,net1=pxe,shell,disk1"), ("disk1", "rpool/a"), ("disk0", "rpool/b")])
        #expect(
            reading.diagnostics
                == ["bootdisk", "cdrom0", "net1"].map {
                    says(
                        .info, 2, "attr \"bootorder\": the machine has no \($0), which is skipped",
                        "add it, or leave it out of the list")
                })
    }

    @Test("the next boot can be chosen only where UEFI variables are kept")
    func nextBoot() {
        let reading = read(.bhyve, [("bootnext", "shell"), ("bootorder", "shell"), ("bootrom", "BHYVE_RELEASE")])
        #expect(reading.diagnostics == [])
        #expect(reading.machine?.bootNext?.value == .shell)
    }

    @Test(
        "the next boot takes one entry, and no list",
        arguments: [
            ("cd", nil), ("c", nil), ("bootdisk,cdrom", nil), ("d", BootEntry.cdrom(0)), ("n", BootEntry.net(0, nil)),
            ("net1=pxe", BootEntry.net(1, .pxe)), ("path", BootEntry.path(0)),
        ])
    func nextBootTakes(text: String, entry: BootEntry?) {
        let reading = read(.bhyve, [("bootnext", text)])
        #expect(reading.machine?.bootNext?.value == entry ?? .unknown(text))
        #expect(reading.diagnostics.filter { $0.severity == .warning }.count == (entry == nil ? 2 : 1))
    }

    static let csm = "BHYVE_RELEASE_CSM"
    static let uefi = "BHYVE_RELEASE"

    /// A BIOS tries slots in order, so the CD-ROMs stand behind the disks when the boot disk is first.
    @Test(
        "CD-ROMs move to slot 7 when a BIOS is to try the boot disk first",
        arguments: [
            ("bootdisk,cdrom0", csm, "on", "generic", 7), ("bootdisk", csm, "on", "openbsd", 7),
            ("bootdisk", uefi, "off", "generic", 7),
            ("bootdisk", uefi, "on", "generic", 3), ("bootdisk", csm, "on", "windows", 3),
            ("cdrom0,bootdisk", csm, "on", "generic", 3),
            ("path0,bootdisk", csm, "on", "generic", 3), ("c", csm, "on", "generic", 3), ("", csm, "on", "generic", 3),
            ("shell,bootdisk", csm, "on", "generic", 3), ("bootdisk", "/my_CSM/rom.fd", "on", "generic", 3),
            ("bootdisk", "/my/x_CSM.fd", "on", "generic", 7),
        ])
    func cdROMs(
        order: String, rom: String, variables: String, type: String, slot: Int
    ) throws {
        let reading = read(
            .bhyve,
            [
                ("bootorder", order), ("bootrom", rom), ("uefivars", variables), ("type", type), ("cdrom", "/a"),
                ("cdrom3", "/b"),
            ])
        let machine = try #require(reading.machine)
        #expect(machine.cdromSlot.number == slot)
        #expect(machine.cdroms.map { $0.place.description } == ["\(slot):0", "\(slot):3"])
        #expect(machine.slots.first { $0.name == "cdrom" }?.slot.number == slot)
    }

    @Test(
        "variables are kept with a ROM that is no CSM by its own file's name, unless off",
        arguments: [
            (csm, "on", false), (csm, "off", false), (uefi, "on", true), (uefi, "off", false),
            ("BHYVE_DEBUG.fd", "on", true),
            ("/roms_CSM/uefi.fd", "on", true), ("/roms/uefi_CSM.fd", "on", false),
            ("BHYVE_RELEASE_CSM-2.40", "on", false),
            ("BHYVE_RELEASE-2.70", "yes", true),
        ])
    func variablesKept(
        rom: String, variables: String, keeps: Bool
    ) throws {
        let machine = try #require(read(.bhyve, [("bootrom", rom), ("uefivars", variables)]).machine)
        #expect(machine.firmware.keepsVariables == keeps)
        #expect(machine.isUEFI == keeps)
    }

    @Test(
        "a ROM is a name among the host's, or an absolute path as it is",
        arguments: [
            ("BHYVE", "BHYVE", "/usr/share/bhyve/firmware/BHYVE.fd", true),
            ("BHYVE.fd", "BHYVE.fd", "/usr/share/bhyve/firmware/BHYVE.fd", true),
            ("BHYVE_DEBUG_CSM-2.40", "BHYVE_DEBUG_CSM", "/usr/share/bhyve/firmware/BHYVE_DEBUG_CSM.fd", true),
            ("BHYVE_DEBUG-2.70", "BHYVE_DEBUG", "/usr/share/bhyve/firmware/BHYVE_DEBUG.fd", true),
            ("BHYVE_RELEASE-2.70.fd", "BHYVE_RELEASE-2.70.fd", "/usr/share/bhyve/firmware/BHYVE_RELEASE-2.70.fd", true),
            ("bhyve", "bhyve", "/usr/share/bhyve/firmware/bhyve.fd", true), ("/roms/my", "/roms/my", "/roms/my", false),
            ("/roms/BHYVE_RELEASE-2.70", "/roms/BHYVE_RELEASE-2.70", "/roms/BHYVE_RELEASE-2.70", false),
        ])
    func romName(
        text: String, name: String, path: String, isOfHost: Bool
    ) throws {
        let rom = try BootROM(text)
        #expect(rom.name == name)
        #expect(rom.path == path)
        #expect(rom.isOfHost == isOfHost)
    }

    @Test("boot targets are what the machine has, the first of a list also by its plain name")
    func bootTargets() throws {
        let attributes = [("disk0", "a"), ("disk10", "b"), ("bootdisk", "c"), ("cdrom1", "/d")]
        let zone = makeZone(.bhyve, attributes, networks: [makeNetwork("vm0"), makeNetwork("vm1", line: 101)])
        let machine = try #require(read(zone).machine)
        let shown = machine.bootTargets.map { name, target in
            switch target {
            case .application(let guid): name + "=" + guid
            case .device(let place): name + "=" + place.description
            }
        }
        #expect(
            shown == [
                "bootdisk=4:0", "cdrom1=3:1", "disk=5:0", "disk0=5:0", "disk10=8:2", "net=6:0", "net0=6:0", "net1=6:1",
                "shell=7c04a583-9e3e-4f1c-ad65-e05268d0b4d1",
            ])
    }
}
