import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// `zonelab screenshot` in a script.
    @Suite(.serialized) struct ScreenshotTests {
        @Test("a screen with a password is taken with the zone's own")
        func password() throws {
            let lab = try OpenLab()
            let guest = try Guest("b", of: "bhyve", ["vnc": "on,password=sesame"], in: lab)
            try guest.boots()
            try guest.awaits(Guest.ready)
            expect(try lab.does("zonelab screenshot b /root/b.png"), hasPrefix: "/root/b.png: ")
            try guest.halts()
            lab.closes()
        }
    }
}
