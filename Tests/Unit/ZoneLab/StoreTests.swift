import Testing

@testable import ZoneLab

/// The lists that the lab keeps: zones, datasets, links.
@Suite struct StoreTests {
    @Test("the index is read as it is written")
    func index() {
        let entries = [
            ZoneIndex.Entry(name: "b", state: .installed, zonepath: "/data/zone/b", uuid: "8c9f1f4e"),
            ZoneIndex.Entry(name: "k", state: .configured, zonepath: "/data:zone/k", uuid: ""),
            ZoneIndex.Entry(name: "m", state: .incomplete, zonepath: "", uuid: ""),
        ]
        let index = ZoneIndex(entries: entries)
        #expect(
            index.text == """
                # The zones of this lab, as libzonecfg keeps them.
                global:installed:/
                b:installed:/data/zone/b:8c9f1f4e
                k:configured:"/data:zone/k":
                m:incomplete::

                """)
        #expect(ZoneIndex(text: index.text).entries == entries)
        #expect(index["k"] == entries[1])
        #expect(index["global"] == nil)
    }

    static let lines: [(line: String, entry: ZoneIndex.Entry?)] = [
        ("b:installed:/z", ZoneIndex.Entry(name: "b", state: .installed, zonepath: "/z", uuid: "")),
        ("b:installed:/z:u:more", ZoneIndex.Entry(name: "b", state: .installed, zonepath: "/z", uuid: "u")),
        ("b:installed", nil), (":installed:/z", nil), ("b:running:/z", nil), ("b:installed:\"/z", nil),
        ("# b:installed:/z", nil), ("  ", nil), ("global:installed:/", nil),
    ]

    @Test("lines of the index that are no zone's are skipped", arguments: lines)
    func line(_ row: (line: String, entry: ZoneIndex.Entry?)) {
        #expect(ZoneIndex(text: row.line).entries.first == row.entry)
    }

    @Test("datasets are read as they are written, sorted, with the pools among them")
    func datasets() {
        var store = ZFSStore(text: "rpool/v\t\t1048576\ndata/a\t/x\t0\n# none\nrpool/w\t\tmany\nrpool/x\n")
        #expect(store.datasets.map(\.name) == ["data", "data/a", "rpool", "rpool/v"])
        #expect(store["rpool/v"] == ZFSStore.Dataset(name: "rpool/v", mountpoint: nil, size: 1_048_576))
        #expect(store.mountpoint("data/a") == "/x")
        #expect(store.mountpoint("rpool") == "/rpool")
        #expect(store.mountpoint("rpool/v") == nil)
        store.add(ZFSStore.Dataset(name: "data/0", mountpoint: "/data/0", size: 0))
        store.move("/x", to: "/y")
        store.remove(["rpool/v"])
        #expect(store.text == "data/0\t/data/0\t0\ndata/a\t/y\t0\n")
        #expect(ZFSStore(text: store.text) == store)
    }

    static let devices: [(path: String, volume: String?)] = [
        ("/dev/zvol/rdsk/rpool/v", "rpool/v"), ("/dev/zvol/dsk/rpool/v", "rpool/v"), ("/dev/zvol/rpool/v", nil),
        ("/dev/zvol/rdsk", nil), ("rpool/v", nil),
    ]

    @Test("a volume's device is below either directory", arguments: devices)
    func device(_ row: (path: String, volume: String?)) {
        #expect(ZFSStore.volume(at: row.path) == row.volume)
    }

    @Test("links are read as they are written, in order")
    func links() {
        var store = LinkStore(text: "v1\tnet0\t2:8:20:a:b:91\t0\nv0\tv1\t2:8:20:1:2:3\t7\nv2\tnet0\n")
        #expect(store.vnics.map(\.name) == ["v1", "v0"])
        #expect(store["v0"] == LinkStore.VNIC(name: "v0", over: "v1", mac: "2:8:20:1:2:3", vlan: "7"))
        #expect(["net0", "net1", "v0", "v2"].map(store.has) == [true, true, true, false])
        store.remove("v1")
        store.add(LinkStore.VNIC(name: "w0", over: "net1", mac: "2:8:20:0:0:1", vlan: "0"))
        #expect(store.text == "v0\tv1\t2:8:20:1:2:3\t7\nw0\tnet1\t2:8:20:0:0:1\t0\n")
        #expect(LinkStore(text: store.text) == store)
    }

    static let linkNames: [(name: String, isValid: Bool)] = [
        ("v0", true), ("web_front12", true), ("0", true), ("\(String(repeating: "v", count: 30))0", true),
        ("", false), ("v", false), ("v-0", false), ("v0a", false), ("ä0", false), ("v 0", false),
        ("\(String(repeating: "v", count: 31))0", false),
    ]

    @Test("a link's name is letters, digits and _, a digit last", arguments: linkNames)
    func linkName(_ row: (name: String, isValid: Bool)) {
        #expect(LinkStore.isName(row.name) == row.isValid)
    }

    static let sizes: [(text: String, bytes: UInt64?)] = [
        ("512", 512), ("1k", 1024), ("1K", 1024), ("1KB", 1024), ("30G", 30 << 30), ("2t", 2 << 40), ("0", 0),
        ("8388607t", 8_388_607 << 40), ("8388608t", nil), ("18446744073709551615", .max),
        ("18446744073709551616", nil), ("", nil), ("b", nil), ("G", nil), ("1Q", nil), ("-1G", nil), ("1.5G", nil),
        ("1 G", nil),
    ]

    @Test("sizes are numbers of bytes, or of K, M, G and T", arguments: sizes)
    func size(_ row: (text: String, bytes: UInt64?)) {
        #expect(ByteCount.read(row.text) == row.bytes)
    }
}
