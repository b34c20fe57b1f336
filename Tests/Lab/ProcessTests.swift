import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The hypervisor as a process of the lab's, as on a host.
    @Suite(.serialized) struct ProcessTests {
        @Test("QEMU has one number in vm.pid, hvm status and ps; killed by it, the guest goes and the lab stays")
        func number() throws {
            let lab = try OpenLab()
            let guest = try Guest("b", of: "bhyve", in: lab)
            try guest.boots()
            try guest.awaits(Guest.ready)
            let number = try lab.does("cat /data/zone/b/root/tmp/vm.pid").trimmingCharacters(
                in: .whitespacesAndNewlines)
            expect(try lab.does("pgrep -x qemu-system-x86"), equals: "\(number)\n")
            expect(try lab.does("hvm status b").components(separatedBy: "\n")[0], hasSuffix: ", process \(number)")
            try lab.does("kill \(number); while zoneadm list | grep -q '^b$'; do sleep 0.1; done")
            expect(try lab.does("echo still here"), equals: "still here\n")
            lab.closes()
        }
    }
}
