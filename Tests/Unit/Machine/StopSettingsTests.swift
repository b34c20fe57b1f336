import Testing

@testable import Machine

/// A zone must be able to stop whatever its configuration says by then.
@Suite struct StopSettingsTests {
    struct Row: Sendable {
        let attributes: [(String, String?)]
        var timeout: Int?
        var persists = false
        var sockets: [String] = []
    }

    static let rows: [Row] = [
        Row(attributes: []),
        Row(attributes: [("shutdown-timeout", "120"), ("debug.persist", "on")], timeout: 120, persists: true),
        Row(attributes: [("shutdown-timeout", "x"), ("debug.persist", "x"), ("vnc", "unix=x"), ("disk99", nil)]),
        Row(attributes: [("vnc", "unix=/x.vnc")], sockets: ["/x.vnc"]),
        Row(attributes: [("vnc", "tcp=:5900")]),
        Row(
            attributes: [
                ("console", "socket,/c1,wait"), ("com3", "socket,/c3"), ("com2", "/dev/x"), ("com9", "socket,/c9"),
            ],
            sockets: ["/c1", "/c3"]),
    ]

    @Test("what a zone says about stopping is read, and what is wrong skipped", arguments: rows)
    func zoneSays(row: Row) {
        let settings = StopSettings(makeZone(.bhyve, row.attributes.map { ($0.0, $0.1) }), brand: .bhyve)
        #expect(settings.shutdownTimeout == row.timeout)
        #expect(settings.persists == row.persists)
        #expect(settings.sockets == ["/tmp/vm.vnc"] + row.sockets)
    }

    @Test("a zone without a configuration stops with what is usual", arguments: Brand.allCases)
    func zoneWithout(brand: Brand) {
        let settings = StopSettings(nil, brand: brand)
        #expect(settings.shutdownTimeout == nil)
        #expect(!settings.persists)
        #expect(settings.sockets == ["/tmp/vm.vnc"])
    }
}
