import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// `hvm` on a host with a real guest.
    @Suite(.serialized) struct HvmLabTests {
        @Test("hvm lists a guest that runs, tells what its next boot changes, logs its boot, and stops it")
        func day() throws {
            let lab = try OpenLab()
            let guest = try Guest("b", of: "bhyve", ["vnc": "on"], in: lab)
            expect(try lab.does("hvm"), contains: "b     installed  -   bhyve  1     384 MiB  0      -     vnc\n")
            try guest.boots()
            try guest.awaits(Guest.ready)
            expect(try lab.does("hvm list -q"), equals: "b\n")
            try guest.isGiven("vcpus", "2")
            let status = try lab.does("hvm status b")
            expect(status, hasPrefix: "b: running for ")
            expect(status.components(separatedBy: "\n")[0], contains: ", process ")
            expect(status, contains: "changed   -smp 1; next: -smp 2 (attr vcpus, line ")
            let log = try lab.does("hvm log b")
            for line in ["boot: step: ", "boot: ready to start: ", "init: run /usr/bin/qemu-system-x86_64\n"] {
                expect(log, contains: line)
            }
            expect(try lab.does("hvm stop b"), hasSuffix: "b: halted; the guest powered off\n")
            #expect(try lab.running == [])
            expect(try lab.does("hvm status b"), contains: "the guest powered itself off")
            lab.closes()
        }
    }
}
