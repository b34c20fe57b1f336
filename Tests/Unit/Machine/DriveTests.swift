import TestSupport
import Testing

@testable import Machine
import Text

@Suite struct DriveTests {
    @Test(
        "a disk is a volume, or an absolute path as it is, with options behind",
        arguments: [
            ("rpool/vm0", "/dev/zvol/rdsk/rpool/vm0", "rpool/vm0", "/dev/zvol/rdsk/rpool/vm0"),
            ("/dev/zvol/rdsk/rpool/vm0", "/dev/zvol/rdsk/rpool/vm0", "rpool/vm0", "/dev/zvol/rdsk/rpool/vm0"),
            ("/disks/a.img", "/disks/a.img", nil, "/disks/a.img"),
            ("/dev/zvol/dsk/rpool/a", "/dev/zvol/dsk/rpool/a", "rpool/a", "/dev/zvol/dsk/rpool/a"),
            (
                " rpool/a b , serial = x=y , ro ", "/dev/zvol/rdsk/rpool/a b", "rpool/a b",
                "/dev/zvol/rdsk/rpool/a b,serial=x=y,ro"
            ),
            (
                "rpool/a,nocache,sectorsize=512/4096", "/dev/zvol/rdsk/rpool/a", "rpool/a",
                "/dev/zvol/rdsk/rpool/a,nocache,sectorsize=512/4096"
            ),
        ] as [(String, String, String?, String)])
    func diskVolume(
        text: String, path: String, volume: String?, full: String
    ) throws {
        let source = try DriveSource(disk: text)
        #expect(source.path == path)
        #expect(source.volume == volume)
        #expect(source.text == full)
    }

    @Test(
        "an ISO is a path as it is",
        arguments: [
            ("/iso/a.iso", "/iso/a.iso", "/iso/a.iso"), ("iso/a.iso", "iso/a.iso", "iso/a.iso"),
            (" /iso/a b.iso , x ", "/iso/a b.iso", "/iso/a b.iso,x"),
            ("/dev/zvol/rdsk/rpool/iso", "/dev/zvol/rdsk/rpool/iso", "/dev/zvol/rdsk/rpool/iso"),
        ])
    func isoPath(text: String, path: String, full: String) throws {
        let source = try DriveSource(iso: text)
        #expect(source.path == path)
        #expect(source.text == full)
    }

    @Test(
        "a drive without a name, with an empty option or a path that goes up is refused",
        arguments: [
            ("", nil), (",", nil), (",ro", nil), (" , ", nil), ("/", nil),
            ("/a,", "\"/a,\" has an empty option after a comma"),
            ("/a,,ro", "\"/a,,ro\" has an empty option after a comma"),
            ("/a/../b,ro", "\"/a/../b\" goes up with \"..\""),
        ])
    func driveWithout(
        text: String, message: String?
    ) {
        func error(_ noun: String, _ example: String) -> ValueError {
            ValueError(
                message ?? "\"\(text)\" is not " + noun, remedy: "use \(example); options follow after commas")
        }
        #expect(throws: error("a disk", "a volume, such as rpool/vm0, or a path")) { try DriveSource(disk: text) }
        #expect(throws: error("an ISO image", "its path, such as /rpool/iso/debian.iso")) {
            try DriveSource(iso: text)
        }
    }

    @Test(
        "a sector size is a power of two from 512, and the physical one no less than the logical",
        arguments: ["513", "256", "4096/512", "512/4096/8192", "", "4k", "99999999999999999999"])
    func sectorSize(size: String) {
        let error = ValueError(
            "sectorsize=" + size, isNot: "a sector size",
            remedy: "use powers of two from 512, such as sectorsize=512 or sectorsize=512/4096")
        #expect(throws: error) { try DriveSource(disk: "rpool/a,sectorsize=" + size) }
    }

    @Test("a disk that two devices write to is warned about; what cannot be written to may stand twice")
    func diskTwo() {
        let reading = read(
            .bhyve,
            [
                ("bootdisk", "rpool/a"), ("disk1", "/dev/zvol/dsk/rpool/a"), ("disk0", "rpool/b"), ("cdrom0", "/a"),
                ("cdrom1", "/a"),
            ])
        #expect(
            reading.diagnostics == [
                says(
                    .warning, 3, "disk1 is the same disk as bootdisk: /dev/zvol/dsk/rpool/a",
                    "a guest that writes to both destroys what is on it; remove one of them", of: "disk1")
            ])
    }

    @Test("an option that begins with a combining mark is an option all the same")
    func optionBegins() throws {
        let source = try DriveSource(disk: "rpool/a,\u{301}ro")
        #expect(source.path == "/dev/zvol/rdsk/rpool/a")
        #expect(source.options.map { $0.key } == ["\u{301}ro"])
    }

    @Test(
        "a share is a name, a path and perhaps ro",
        arguments: [
            ("home,/export/home", "home", "/export/home", false),
            (" home , /export/home , ro ", "home", "/export/home", true), ("a b,/", "a b", "/", false),
        ])
    func shareName(text: String, name: String, path: String, isReadOnly: Bool) throws {
        let share = try Share(text)
        #expect(share.name == name)
        #expect(share.path == path)
        #expect(share.isReadOnly == isReadOnly)
    }

    @Test(
        "a serial port's backend is a device, stdio, a socket, or a form of bhyve's own",
        arguments: [
            ("/dev/zconsole", .device("/dev/zconsole")), ("stdio", .standardInputOutput),
            ("socket,/tmp/x", .socket(path: "/tmp/x", waits: false)),
            (" socket , /tmp/x , wait ", .socket(path: "/tmp/x", waits: true)),
            ("tcp=127.0.0.1:4", .other("tcp=127.0.0.1:4")),
            ("pty , x", .other("pty,x")), ("/dev/a,b", .other("/dev/a,b")),
        ] as [(String, SerialBackend)])
    func serialPorts(
        text: String, backend: SerialBackend
    ) throws {
        try expect(SerialBackend(text), equals: backend)
        try expect(SerialBackend(backend.text), equals: backend)
    }

    @Test(
        "a character device has an id, its own or ours",
        arguments: [
            ("pipe,id=console0,path=/dev/zconsole", "console0", true, "pipe,id=console0,path=/dev/zconsole"),
            ("stdio", "console0", false, "stdio,id=console0"),
            (" socket , path=/x ,server", "console0", false, "socket,id=console0,path=/x,server"),
            ("pty,id=a,id=b", "a", true, "pty,id=a,id=b"),
        ])
    func characterDevice(text: String, id: String, namesItself: Bool, full: String)
        throws
    {
        let device = try CharacterDevice(text)
        #expect(device.id == id)
        #expect(device.namesItself == namesItself)
        #expect(device.text == full)
    }

    @Test(
        "a passed-through device is off, anywhere or at a function",
        arguments: [
            ("off", .off), ("0", .off), ("on", .anywhere), ("YES", .anywhere), ("slot0", .function(.zero)),
            ("slot7", .function(PCIFunction(7)!)),
            ("slot01", .function(.one)),
        ] as [(String, PassthroughChoice)])
    func passedThrough(text: String, choice: PassthroughChoice) throws {
        try expect(PassthroughChoice(text), equals: choice)
    }
}
