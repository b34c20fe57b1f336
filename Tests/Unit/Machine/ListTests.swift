import Testing

@testable import Machine
import Text

@Suite struct ListTests {
    /// Names of drives and the volumes in them, in the machine's order.
    static func disks(_ reading: MachineReading) -> [String]? {
        reading.machine?.disks.map { $0.name + "=" + ($0.source.value.volume ?? "?") }
    }

    static func cdroms(_ reading: MachineReading) -> [String]? {
        reading.machine?.cdroms.map { $0.name + "=" + $0.source.value.path }
    }

    @Test("bhyve's disks are in the order of their numbers, plain ones in the gaps")
    func bhyvesDisks() {
        let reading = read(
            .bhyve,
            [
                ("disk", "p"), ("disk3", "c"), ("disk0", "a"), ("disk", "q"), ("disk8", "z"), ("disk", "r"),
                ("disk01", "b"),
            ])
        #expect(reading.diagnostics == [])
        #expect(Self.disks(reading) == ["disk0=a", "disk1=b", "disk2=p", "disk3=c", "disk4=q", "disk5=r", "disk8=z"])
        #expect(
            reading.machine?.disks.map { $0.place.description } == ["5:0", "5:1", "5:2", "5:3", "5:4", "5:5", "8:0"])
    }

    @Test("kvm's disks are in the file's order, plain ones behind")
    func kvmsDisks() {
        let reading = read(.kvm, [("disk", "p"), ("disk3", "c"), ("disk0", "a"), ("disk", "q"), ("disk10", "z")])
        #expect(reading.diagnostics == [])
        #expect(Self.disks(reading) == ["disk3=c", "disk0=a", "disk10=z", "disk1=p", "disk2=q"])
        #expect(reading.machine?.disks.map { $0.place.description } == ["5:0", "5:1", "5:2", "5:3", "5:4"])
    }

    @Test("CD-ROMs follow the same rules")
    func cdROMs() {
        let attributes = [("cdrom", "/p"), ("cdrom2", "/c"), ("cdrom0", "/a")]
        #expect(Self.cdroms(read(.bhyve, attributes)) == ["cdrom0=/a", "cdrom1=/p", "cdrom2=/c"])
        #expect(Self.cdroms(read(.kvm, attributes)) == ["cdrom2=/c", "cdrom0=/a", "cdrom1=/p"])
    }

    @Test("extra arguments are in the order of the brand's lists")
    func extraArguments() {
        let attributes = [("extra", "p"), ("extra9", "c"), ("extra0", "a b"), ("extra", "q")]
        #expect(read(.bhyve, attributes).machine?.extra.map { $0.value } == [["a", "b"], ["p"], ["q"], ["c"]])
        #expect(read(.kvm, attributes).machine?.extra.map { $0.value } == [["c"], ["a", "b"], ["p"], ["q"]])
    }

    @Test(
        "a list takes all of its numbers and no other",
        arguments: [
            (.bhyve, "disk", 0, 15), (.kvm, "disk", 0, 10), (.bhyve, "cdrom", 0, 7), (.kvm, "cdrom", 0, 5),
            (.bhyve, "extra", 0, 15),
            (.kvm, "extra", 0, 15), (.bhyve, "ppt", 0, 7), (.bhyve, "virtfs", 0, 7), (.bhyve, "com", 2, 4),
            (.bhyve, "diskif", 0, 15),
        ] as [(Brand, String, Int, Int)])
    func listTakes(brand: Brand, name: String, first: Int, last: Int) {
        let values = [
            "disk": "rpool/a", "cdrom": "/a", "extra": "-x", "ppt": "on", "virtfs": "a,/a", "com": "stdio",
            "diskif": "nvme",
        ]
        for number in [first, last] {
            #expect(!read(brand, [(name + String(number), values[name])]).diagnostics.hasErrors, "\(number)")
        }
        let remedy = "use \(name)\(first) to \(name)\(last)" + (name == "com" ? "; com1 is the attr console" : "")
        let outside =
            [
                String(last + 1), "99", "256", "4294967296", "18446744073709551616", String(repeating: "9", count: 500),
            ] + (first > 0 ? [String(first - 1), "0"] : [])
        for number in outside {
            let reading = read(brand, [(name + number, values[name])])
            #expect(
                reading.diagnostics == [
                    says(
                        .error, 2, "attr \((name + number).quoted): the number is out of range", remedy,
                        of: name + number)
                ])
        }
    }

    @Test(
        "plain names fill as many places as there are",
        arguments: [
            (.bhyve, "disk", 16), (.kvm, "disk", 10), (.bhyve, "cdrom", 8), (.kvm, "cdrom", 5), (.bhyve, "extra", 16),
            (.kvm, "extra", 16),
            (.bhyve, "virtfs", 8),
        ] as [(Brand, String, Int)])
    func plainNames(brand: Brand, name: String, count: Int) {
        let values = ["disk": "rpool/", "cdrom": "/", "extra": "-x", "virtfs": "a,/"]
        let all = (0...count).map { (name as String?, (values[name] ?? "") + String($0) as String?) }
        #expect(!read(brand, Array(all.dropLast())).diagnostics.hasErrors)
        let expected = says(
            .error, 2 + count, "attr \"\(name)\": there is no free number for it",
            "a zone has at most \(count) of them; remove some")
        #expect(read(brand, all).diagnostics == [expected])
    }

    @Test("a kvm zone has one more disk and CD-ROM than plain names can take")
    func kvmZone() throws {
        let disks = (0...10).map { ("disk\($0)", "rpool/\($0)") }
        let cdroms = (0...5).map { ("cdrom\($0)", "/\($0)") }
        let machine = try #require(read(.kvm, disks + cdroms).machine)
        #expect(machine.disks.count == 11)
        #expect(machine.cdroms.count == 6)
    }

    @Test(
        "a number given twice is refused, leading zeros or not",
        arguments: [
            ("disk", "1", "01"), ("disk", "01", "1"), ("disk", "0", "000"), ("cdrom", "2", "2"),
            ("extra", "7", "0000000000000000000000007"),
            ("diskif", "3", "03"),
        ])
    func numberGiven(name: String, first: String, second: String) {
        let values = ["disk": "rpool/a", "cdrom": "/a", "extra": "-x", "diskif": "nvme"]
        let reading = read(.bhyve, [(name + first, values[name]), ("ram", "1G"), (name + second, values[name])])
        let expected = says(
            .error, 4, "attr \"\(name)\(second)\": number \(Int(first)!) is given twice",
            "remove one of them, or give it another number")
        #expect(reading.diagnostics.filter { $0.severity == .error } == [expected])
    }

    @Test("a plain com is refused, a plain ppt asked about")
    func plainCom() {
        #expect(
            read(.bhyve, [("com", "stdio")]).diagnostics
                == [says(.error, 2, "attr \"com\" has no number", "use com2 to com4; com1 is the attr console")])
        #expect(
            read(.bhyve, [("ppt", "on")]).diagnostics
                == [says(.warning, 2, "attr \"ppt\" has no number and means nothing", "did you mean \"ppt0\"?")])
    }

    @Test("serial ports are in the order of their numbers")
    func serialPorts() throws {
        let machine = try #require(
            read(.bhyve, [("com4", "/dev/d"), ("com2", "stdio"), ("com3", "socket,/tmp/x,wait")]).machine)
        #expect(machine.serialPorts.map { $0.number } == [2, 3, 4])
        #expect(
            machine.serialPorts.map { $0.backend.value }
                == [.standardInputOutput, .socket(path: "/tmp/x", waits: true), .device("/dev/d")])
    }

    @Test("a disk's own interface comes before the common one")
    func disksOwn() throws {
        let reading = read(
            .bhyve,
            [
                ("bootdisk", "rpool/a"), ("disk0", "rpool/b"), ("disk1", "rpool/c"), ("diskif", "ahci"),
                ("diskif1", "virtio"),
                ("bootdiskif", "nvme"),
            ])
        let machine = try #require(reading.machine)
        #expect(reading.diagnostics == [])
        #expect(machine.bootDisk?.interface.value == "nvme")
        #expect(machine.disks.map { $0.interface.value } == ["ahci-hd", "virtio-blk"])
        #expect(machine.disks.map { $0.interface.origin.line } == [5, 6])
    }

    @Test("an interface without its disk is most likely a slip")
    func interfaceWithout() {
        #expect(
            read(.bhyve, [("diskif3", "nvme"), ("bootdiskif", "ahci")]).diagnostics == [
                says(.warning, 2, "attr \"diskif3\": there is no disk3", "add the disk, or remove it"),
                says(.warning, 3, "attr \"bootdiskif\": there is no bootdisk", "add the disk, or remove it"),
            ])
    }
}
