import TestSupport
import Testing

@testable import Machine
import Text

/// What each attribute's value may be, by way of the machine and its options.
@Suite struct AttributeValueTests {
    @Test(
        "a bhyve zone takes a value, trimmed and its aliases resolved",
        arguments: [
            ("acpi", "off", "off"), ("acpi", "TRUE", "TRUE"), ("bootnext", "cdrom", "cdrom0"),
            ("bootnext", "path3", "path3"),
            ("bootorder", "", ""), ("bootorder", "cdn", "path0,bootdisk,cdrom0,net0"),
            ("bootorder", " disk , net1=pxe ", "disk0,net1=pxe"),
            ("bootrom", "BHYVE_RELEASE-2.70", "BHYVE_RELEASE"), ("bootrom", "BHYVE_DEBUG.fd", "BHYVE_DEBUG.fd"),
            ("bootrom", "/rom/my.fd", "/rom/my.fd"), ("cloud-init", "on", "on"),
            ("cloud-init", "/user-data", "/user-data"),
            ("cloud-init", "https://example.com/x", "https://example.com/x"), ("console", "stdio", "stdio"),
            ("console", " socket , /tmp/vm.com1 , wait ", "socket,/tmp/vm.com1,wait"), ("debug.persist", "yes", "yes"),
            ("diskif", "virtio", "virtio-blk"), ("diskif", "ahci", "ahci-hd"), ("diskif", "nvme", "nvme"),
            ("hostbridge", "intel", "netapp"),
            ("hostbridge", "none", "none"), ("hostbridge", "vendor=0x1022, devid=0x7432", "vendor=0x1022,devid=0x7432"),
            ("memreserve", "1", "1"), ("netif", "virtio", "virtio-net-viona"), ("netif", "e1000", "e1000"),
            ("priv.debug", "On", "On"),
            ("ram", "4g", "4g"), ("ram", " 512 ", "512"), ("rng", "no", "no"), ("type", "windows", "windows"),
            ("type", "openbsd", "openbsd"),
            ("uefivars", "off", "off"),
            ("uuid", "8C9F1F4E-3f0c-4c8f-9d0e-2b6a6f1d7c11", "8C9F1F4E-3f0c-4c8f-9d0e-2b6a6f1d7c11"),
            ("vcpus", " cpus = 4 , sockets = 4 ", "cpus=4,sockets=4"), ("vga", "io", "io"),
            ("vnc", "on", "unix=/tmp/vm.vnc"),
            ("vnc", "FALSE", "FALSE"),
            ("vnc", "on,w=1024,h=768", "unix=/tmp/vm.vnc,w=1024,h=768"), ("xhci", "0", "0"),
        ])
    func bhyveZone(name: String, value: String, option: String) {
        let reading = read(.bhyve, [(name, value)])
        #expect(!reading.diagnostics.hasErrors)
        #expect(reading.option(name) == option)
    }

    @Test(
        "a kvm zone takes a value, trimmed and its aliases resolved",
        arguments: [
            ("bootorder", "ndc", "ndc"), ("console", "stdio", "stdio"), ("cpu", "host,-x2apic", "host,-x2apic"),
            ("diskif", "ide", "ide"), ("diskif", "virtio", "virtio"), ("netif", "virtio", "virtio-net-pci"),
            ("netif", "e1000", "e1000"),
            ("ram", "2G", "2G"), ("rtc", "base=localtime", "base=localtime"), ("vcpus", "4", "4"),
            ("vnc", "none", "none"),
            ("vnc", "on", "unix=/tmp/vm.vnc"), ("vnc", "0.0.0.0:1", "0.0.0.0:1"), ("type", "windows", "windows"),
        ])
    func kvmZone(name: String, value: String, option: String) {
        let reading = read(.kvm, [(name, value)])
        #expect(reading.diagnostics.filter { $0.severity == .error } == [])
        #expect(reading.option(name) == option)
    }

    static let flags = [
        "acpi", "memreserve", "uefivars", "xhci", "rng", "priv.debug", "debug.persist",
    ]

    @Test("what is neither on nor off is no boolean", arguments: flags, ["banana", "2", "onn", "y", "on off", "ＯＮ"])
    func neitherNor(name: String, value: String) {
        // acpi has no effect, so any other value is only warned about.
        let isWarning = name == "acpi"
        let expected = says(
            isWarning ? .warning : .error, 2,
            "attr \"\(name)\": \"\(value)\" is not on or off" + (isWarning ? ", and counts as on" : ""),
            "use on or off (true, yes, 1, false, no and 0 do too)")
        #expect(read(.bhyve, [(name, value)]).diagnostics == [expected])
    }

    @Test(
        "a boolean is written in any letter case",
        arguments: [
            ("true", true), ("yes", true), ("on", true), ("1", true), ("TRUE", true), ("Yes", true), ("oN", true),
            ("false", false),
            ("no", false), ("off", false), ("0", false), ("FALSE", false), ("No", false), ("OFF", false),
            (" on ", true),
            ("\ton\n", true),
        ])
    func booleanWritten(text: String, value: Bool) throws {
        let machine = try #require(read(.bhyve, [("rng", text)]).machine)
        #expect((machine.rng != nil) == value)
    }

    static let refused: [(Brand, String, String, String, String)] = [
        (
            .bhyve, "bootdisk", "rpool/vm,", "\"rpool/vm,\" has an empty option after a comma",
            "use a volume, such as rpool/vm0, or a path; options follow after commas"
        ),
        (
            .kvm, "disk0", ",ro", "\",ro\" is not a disk",
            "use a volume, such as rpool/vm0, or a path; options follow after commas"
        ),
        (.bhyve, "bootdiskif", "a,b", "\"a,b\" is not the name of a device model", "use one word, such as virtio"),
        (.bhyve, "diskif3", "a b", "\"a b\" is not the name of a device model", "use one word, such as virtio"),
        (.kvm, "diskif", "a=b", "\"a=b\" is not the name of a device model", "use one word, such as virtio"),
        (.kvm, "netif", "e1000,x", "\"e1000,x\" is not the name of a device model", "use one word, such as virtio"),
        (
            .kvm, "bootorder", "cdrom", "\"cdrom\" is not a boot order",
            "use the letters c (disk), d (CD-ROM) and n (network), each at most once"
        ),
        (
            .kvm, "bootorder", "cdc", "\"cdc\" is not a boot order",
            "use the letters c (disk), d (CD-ROM) and n (network), each at most once"
        ),
        (
            .kvm, "bootorder", "c,d", "\"c,d\" is not a boot order",
            "use the letters c (disk), d (CD-ROM) and n (network), each at most once"
        ),
        (
            .bhyve, "bootrom", "BHYVE_VARS", "\"BHYVE_VARS\" is the template of UEFI variables, not a ROM",
            "use BHYVE_RELEASE, for instance"
        ),
        (
            .bhyve, "bootrom", "/rom/BHYVE_VARS.fd",
            "\"/rom/BHYVE_VARS.fd\" is the template of UEFI variables, not a ROM", "use BHYVE_RELEASE, for instance"
        ),
        (
            .bhyve, "bootrom", "rom/BHYVE", "\"rom/BHYVE\" is not a boot ROM",
            "use a name in /usr/share/bhyve/firmware or an absolute path"
        ),
        (
            .bhyve, "bootrom", "BHYVE,vars",
            "\"BHYVE,vars\" holds a comma, which bhyve takes for the end of the ROM's name",
            "name one ROM; uefivars=on adds the variables"
        ),
        (
            .bhyve, "cloud-init", "maybe", "\"maybe\" is not a cloud-init source",
            "use on, off, an absolute path or an http URL"
        ),
        (
            .bhyve, "cloud-init", "ftp://x/y", "\"ftp://x/y\" is not a cloud-init source",
            "use on, off, an absolute path or an http URL"
        ),
        (
            .bhyve, "cloud-init", "http://x/a,b",
            "\"http://x/a,b\" holds a comma, which bhyve takes for the end of the SMBIOS serial number",
            "write the comma as %2C"
        ),
        (
            .bhyve, "com2", "socket,tmp", "\"socket,tmp\" is not a serial port's socket",
            "use socket,/PATH or socket,/PATH,wait"
        ),
        (
            .bhyve, "console", "socket,/tmp/x,now", "\"socket,/tmp/x,now\" is not a serial port's socket",
            "use socket,/PATH or socket,/PATH,wait"
        ),
        (
            .bhyve, "console", "socket", "\"socket\" is not a serial port's socket",
            "use socket,/PATH or socket,/PATH,wait"
        ),
        (
            .kvm, "console", "pipe,,path=/x", "\"pipe,,path=/x\" is not a QEMU -chardev",
            "use a form such as pipe,id=console0,path=/dev/zconsole"
        ),
        (.bhyve, "extra", "-x 'a", "in \"-x 'a\" the quote ' is not closed", "quote the words as a shell wants them"),
        (
            .kvm, "extra3", "a\\", "in \"a\\\" nothing follows the backslash at the end",
            "quote the words as a shell wants them"
        ),
        (
            .bhyve, "hostbridge", "q36", "\"q36\" is not a host bridge",
            "use i440fx, q35, amd, netapp or none, or vendor=…,devid=…"
        ),
        (
            .bhyve, "ppt0", "slot8", "\"slot8\" is not a place for a passed-through device",
            "use on, off or slot0 to slot7"
        ),
        (
            .bhyve, "ppt0", "slot", "\"slot\" is not a place for a passed-through device",
            "use on, off or slot0 to slot7"
        ),
        (.bhyve, "ram", "1Q", "\"1Q\" is not a size", "use a number with K, M, G or T, such as 4G"),
        (
            .bhyve, "resolvers", "192.0.2.1,dns", "\"dns\" is not an IP address",
            "use addresses with commas between, such as 192.0.2.53"
        ),
        (
            .bhyve, "resolvers", "192.0.2.1,", "\"\" is not an IP address",
            "use addresses with commas between, such as 192.0.2.53"
        ),
        (
            .bhyve, "rtc", "UTC", "\"UTC\" is not one of the choices", "did you mean utc?"
        ),
        (.bhyve, "rtc", "base=utc", "\"base=utc\" is not one of the choices", "use utc or localtime"),
        (
            .bhyve, "shutdown-timeout", "86401", "\"86401\" is not a number of seconds from 0 to 86400",
            "use a number, such as 120"
        ),
        (
            .kvm, "shutdown-timeout", "-1", "\"-1\" is not a number of seconds from 0 to 86400",
            "use a number, such as 120"
        ),
        (
            .bhyve, "uuid", "x", "\"x\" is not a UUID",
            "use the form 8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11; uuidgen(1) makes one"
        ),
        (
            .bhyve, "vcpus", "0", "\"0\" is not a count from 1 to 255",
            "use a number, such as 4, or cpus=8,sockets=2,cores=2,threads=2"
        ),
        (.bhyve, "vga", "std", "\"std\" is not one of the choices", "use on, io or off"),
        (.bhyve, "virtfs0", "share", "\"share\" is not a share", "use NAME,/PATH or NAME,/PATH,ro"),
        (.bhyve, "virtfs0", "share,path", "\"share,path\" is not a share", "use NAME,/PATH or NAME,/PATH,ro"),
        (.bhyve, "virtfs0", "share,/p,rw", "\"share,/p,rw\" is not a share", "use NAME,/PATH or NAME,/PATH,ro"),
        (.bhyve, "virtfs0", ",/p", "\",/p\" is not a share", "use NAME,/PATH or NAME,/PATH,ro"),
        (.bhyve, "virtfs0", "share,/p,ro,ro", "\"share,/p,ro,ro\" is not a share", "use NAME,/PATH or NAME,/PATH,ro"),
    ]

    @Test("a wrong value is refused with what it is not and what would be right", arguments: refused)
    func wrongValue(
        brand: Brand, name: String, value: String, message: String, remedy: String
    ) {
        let reading = read(brand, [("note", "x"), (name, value)])
        #expect(
            reading.diagnostics.filter { $0.severity != .info } == [
                says(.error, 3, "attr \"\(name)\": " + message, remedy)
            ])
        #expect(reading.machine == nil)
    }

    @Test(
        "an unknown guest type is a generic one, with a warning",
        arguments: Brand.allCases,
        [
            ("Windows", "did you mean windows?"), ("openbsd7", "did you mean openbsd?"),
            ("linux", "use generic, windows or openbsd"),
        ])
    func unknownGuest(brand: Brand, row: (value: String, remedy: String)) {
        let reading = read(brand, [("type", row.value)])
        #expect(
            reading.diagnostics == [
                says(
                    .warning, 2, "attr \"type\": \"\(row.value)\" is not one of the choices, and counts as generic",
                    row.remedy)
            ])
        #expect(reading.machine?.guest.value == .generic)
        #expect(reading.option("type") == row.value)
    }

    @Test("a shutdown timeout is a number of seconds", arguments: ["0", "1", "86400", "007"])
    func shutdownTimeout(text: String) throws {
        try expect(#require(read(.kvm, [("shutdown-timeout", text)]).machine).shutdownTimeout?.value, equals: Int(text))
    }

    @Test("an attribute that wants a value is refused without one", arguments: Brand.allCases)
    func attributeWants(brand: Brand) throws {
        for (name, row) in AttributeTableTests.names(brand) {
            let remedy = "give it a value, or remove it: zonecfg -z 'a b' 'remove attr name=\(name)'"
            let missing = says(.error, 2, "attr \"\(name)\": it has no value", remedy)
            let empty = says(.error, 2, "attr \"\(name)\": its value is empty", remedy)
            let allowed = ["extra", "bootorder"].contains(row.name)
            #expect(read(makeZone(brand, [(name, nil)], name: "a b")).diagnostics == [missing])
            for blank in ["", " ", " \t\n"] {
                let found = read(makeZone(brand, [(name, blank)], name: "a b")).diagnostics
                #expect(found == (allowed ? [] : [empty]), "\(name)")
            }
        }
    }
}

/// Empty values that mean something (D24).
@Suite struct EmptyValueTests {
    @Test("a boot order may be empty in each brand", arguments: Brand.allCases, ["", " ", "\n"])
    func bootOrder(brand: Brand, text: String) {
        let reading = read(brand, [("bootorder", text)])
        #expect(reading.diagnostics == [])
        #expect(reading.option("bootorder") == "")
    }

    @Test("empty extra arguments are none", arguments: Brand.allCases)
    func emptyExtra(brand: Brand) throws {
        let machine = try #require(read(brand, [("extra", ""), ("extra3", " "), ("extra4", "''")]).machine)
        #expect(machine.extra.map { $0.value } == [[""]])
    }
}
