import TestSupport
import Testing

@testable import Machine
import Text

@Suite struct MemorySizeTests {
    @Test(
        "a size is a count with a unit, or plain: MiB when small, else bytes",
        arguments: [
            ("1M", 1 << 20), ("1m", 1 << 20), ("1024K", 1 << 20), ("1024k", 1 << 20), ("4G", 4 << 30), ("4g", 4 << 30),
            ("1T", 1 << 40),
            ("16t", 16 << 40), ("16384G", 16 << 40), ("17592186044416", 16 << 40), ("1", 1 << 20), ("512", 512 << 20),
            ("1048575", 1_048_575 << 20), ("1048576", 1 << 20), ("1048577", 1_048_577), ("2147483648", 2 << 30),
            ("007G", 7 << 30),
            ("0000000000000000000000000000000000004G", 4 << 30), ("1536M", 1536 << 20),
        ] as [(String, UInt64)])
    func sizeCount(text: String, bytes: UInt64) throws {
        let size = try MemorySize(text)
        #expect(size.bytes == bytes)
        #expect(size.text == text)
    }

    @Test(
        "less than 1M is refused",
        arguments: [("0", "0"), ("0G", "0G"), ("1023K", "1023K"), ("00", "00"), ("0k", "0k")])
    func lessThan(text: String, shown: String) {
        let error = ValueError("\"\(shown)\" is less than 1M", remedy: "use at least 1M; most guests need 256M or more")
        #expect(throws: error) { try MemorySize(text) }
    }

    @Test(
        "more than 16T is refused, far beyond 64 bits too",
        arguments: [
            "17T", "16385G", "16777217M", "17179869185K", "17592186044417", "9223372036854775807",
            "9223372036854775808",
            "18446744073709551615", "18446744073709551616", "18446744073709551617K", "18014398509481984K",
            "18014398509481985K",
            "17592186044416M", "17592186044417M", "16777216T", "16777217T", "99999999999999999999999999T",
            String(repeating: "9", count: 5000),
        ])
    func moreThan(text: String) {
        let error = ValueError("\(text.quoted) is more than 16T", remedy: "use a size that the host has, such as 4G")
        #expect(throws: error) { try MemorySize(text) }
    }

    @Test(
        "what is not a number with a unit is no size",
        arguments: [
            "", "G", "1Q", "1GB", "1 G", " 1G", "1.5G", "-1G", "+1G", "1e9", "0x10M", "1,024M", "M1", "١G", "1Gi",
            "1\u{301}",
        ])
    func numberUnit(text: String) {
        let error = ValueError("\"\(text)\" is not a size", remedy: "use a number with K, M, G or T, such as 4G")
        #expect(throws: error) { try MemorySize(text) }
    }

    @Test(
        "whole MiB are rounded up, and a unit is told",
        arguments: [
            ("1M", 1, true), ("1025K", 2, true), ("1048577", 2, false), ("512", 512, false), ("16T", 16_777_216, true),
        ] as [(String, UInt64, Bool)])
    func wholeMiB(text: String, mebibytes: UInt64, hasUnit: Bool) throws {
        try expect(MemorySize(text).mebibytes, equals: mebibytes)
        try expect(MemorySize(text).hasUnit, equals: hasUnit)
    }
}

@Suite struct TopologyTests {
    struct Counts: Equatable, Sendable {
        var cpus: Int?
        var sockets: Int?
        var cores: Int?
        var threads: Int?
    }

    @Test(
        "a topology is a number, or counts by name in any order",
        arguments: [
            ("1", "1", Counts(cpus: 1), 1), ("255", "255", Counts(cpus: 255), 255),
            ("cpus=4", "cpus=4", Counts(cpus: 4), 4),
            ("004", "004", Counts(cpus: 4), 4),
            (" 4 , sockets = 2 , cores=2 ", "4,sockets=2,cores=2", Counts(cpus: 4, sockets: 2, cores: 2), 4),
            ("sockets=2,cores=2,threads=2", "sockets=2,cores=2,threads=2", Counts(sockets: 2, cores: 2, threads: 2), 8),
            (
                "threads=2,cpus=8,cores=2,sockets=2", "threads=2,cpus=8,cores=2,sockets=2",
                Counts(cpus: 8, sockets: 2, cores: 2, threads: 2), 8
            ),
            ("cores=3", "cores=3", Counts(cores: 3), 3), ("sockets=255", "sockets=255", Counts(sockets: 255), 255),
            ("5,sockets=5", "5,sockets=5", Counts(cpus: 5, sockets: 5), 5),
        ])
    func topologyNumber(
        text: String, trimmed: String, counts: Counts, total: Int
    ) throws {
        let topology = try Topology(text, brand: .bhyve)
        #expect(topology.text == trimmed)
        #expect(
            Counts(cpus: topology.cpus, sockets: topology.sockets, cores: topology.cores, threads: topology.threads)
                == counts)
        #expect(topology.total == total)
        #expect(topology.isSimple == (counts.sockets == nil && counts.cores == nil && counts.threads == nil))
    }

    static let remedy = "use a number, such as 4, or cpus=8,sockets=2,cores=2,threads=2"

    @Test(
        "any other topology is refused",
        arguments: [
            ("", "\"\" is not a count from 1 to 255"), ("0", "\"0\" is not a count from 1 to 255"),
            ("256", "\"256\" is not a count from 1 to 255"),
            ("-1", "\"-1\" is not a count from 1 to 255"), ("four", "\"four\" is not a count from 1 to 255"),
            ("99999999999999999999", "\"99999999999999999999\" is not a count from 1 to 255"),
            ("cpus=", "\"\" is not a count from 1 to 255"),
            ("4,cores=0", "\"0\" is not a count from 1 to 255"), ("cpus=4=4", "\"4=4\" is not a count from 1 to 255"),
            ("4,4", "\"4\" is not part of a CPU topology"), ("4,", "\"\" is not part of a CPU topology"),
            (",4", "\"\" is not a count from 1 to 255"),
            ("cpus=4,dies=2", "\"dies=2\" is not part of a CPU topology"),
            ("Cpus=4", "\"Cpus=4\" is not part of a CPU topology"),
            ("=4", "\"=4\" is not part of a CPU topology"), ("4,cpus=4", "cpus is given twice"),
            ("cores=2,cores=2", "cores is given twice"),
            ("sockets=16,cores=16", "\"sockets=16,cores=16\" makes 256 CPUs, more than 255"),
            (
                "sockets=255,cores=255,threads=255",
                "\"sockets=255,cores=255,threads=255\" makes 16581375 CPUs, more than 255"
            ),
        ])
    func anyOther(text: String, message: String) {
        #expect(throws: ValueError(message, remedy: Self.remedy)) { try Topology(text, brand: .bhyve) }
    }

    @Test(
        "counts that contradict each other are refused",
        arguments: [("cpus=7,sockets=2,cores=2,threads=2", 8, 7), ("1,sockets=1,cores=1,threads=2", 2, 1)])
    func countsContradict(text: String, product: Int, cpus: Int) {
        let error = ValueError(
            "\"\(text)\": sockets times cores times threads is \(product), not \(cpus)",
            remedy: "give sockets, cores and threads and leave out cpus, or make it their product")
        #expect(throws: error) { try Topology(text, brand: .bhyve) }
    }

    /// bhyve counts cores and threads that are not given as one, and sockets as the CPUs.
    @Test(
        "counts that bhyve refuses together are refused",
        arguments: [
            ("8,sockets=2", 2, 8), ("8,sockets=2,threads=2", 4, 8), ("1,sockets=2", 2, 1), ("8,cores=2", 16, 8),
        ])
    func countsBhyve(text: String, product: Int, cpus: Int) {
        let expected = says(
            .error, 2, "attr \"vcpus\": \"\(text)\": sockets times cores times threads is \(product), not \(cpus)",
            "give sockets, cores and threads and leave out cpus, or make it their product")
        #expect(read(.bhyve, [("vcpus", text)]).diagnostics == [expected])
    }

    @Test("QEMU works out what is left open")
    func qemuWorks() throws {
        try expect(Topology("8,sockets=2", brand: .kvm).total, equals: 8)
        #expect(throws: ValueError.self) { try Topology("8,sockets=2,cores=2,threads=1", brand: .kvm) }
    }

    @Test("a kvm zone is advised to take a plain number")
    func kvmZone() {
        #expect(
            read(.kvm, [("vcpus", "sockets=2,cores=2")]).diagnostics == [
                says(
                    .warning, 2, "attr \"vcpus\": sockets, cores and threads can trouble guests of kvm zones",
                    "use a plain number: 4")
            ])
        #expect(read(.kvm, [("vcpus", "cpus=4")]).diagnostics == [])
    }
}
