import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Why a machine is not there any more, as its zone's log says.
    @Suite(.serialized) struct MachineEndTests {
        /// The log's last word about an end, its time and numbers made known.
        private func lastEnd(_ guest: Guest) -> String? {
            guest.file("log/zone.log").split(separator: "\n").last { $0.contains(" ended at ") }.map { line in
                String(line.dropFirst(21)).replacing(/[0-9]{4}-[0-9:TZ-]+/, with: "T")
                    .replacing(/process [0-9]+/, with: "process P").replacing(/after [0-9]+ s/, with: "after N s")
            }
        }

        /// The ends that init wrote down: how each went.
        private func ends(_ guest: Guest) -> [String] {
            guest.file("root/tmp/init.log").split(separator: "\n").filter { $0.contains(" init: end ") }
                .compactMap { $0.split(separator: " ").last.map(String.init) }
        }

        private static let machineEnded = "statechange: the machine ended at T (process P): "
        private static let lastRunEnded = "statechange: the last run ended at T (process P): "

        @Test("a reset starts init again, a power-off halts the zone, and a hypervisor may be killed: each end is said")
        func ends() throws {
            let lab = try OpenLab()
            let guest = try Guest("b", of: "bhyve", in: lab)
            try guest.boots()
            try guest.awaits(Guest.ready)
            try guest.types("reboot")
            try guest.awaits(Guest.ready, times: 2)
            // The same number: the zone itself has not been down.
            expect(try guest.line, equals: "1:b:running:/data/zone/b")
            expect(ends(guest), equals: ["status=0"])
            try guest.powersOff()
            expect(try guest.line, equals: "-:b:installed:/data/zone/b")
            expect(try guest.names(in: "root/tmp"), equals: ["init.log"])
            expect(ends(guest), equals: ["status=0", "status=0"])
            expect(lastEnd(guest), equals: "\(Self.machineEnded)the guest powered itself off or reset")

            try guest.boots()
            expect(lastEnd(guest), equals: "\(Self.lastRunEnded)the guest powered itself off or reset")
            try guest.awaits("hvm-brand")
            try lab.does("kill -KILL $(pgrep -f '^qemu-system-x86_64-b ')")
            try guest.awaits("Zone halted")
            expect(lastEnd(guest), equals: "\(Self.machineEnded)QEMU was killed by signal 9 (SIGKILL) after N s")
            lab.closes()
        }

        @Test("a hypervisor that refuses its options, by its last words")
        func refused() throws {
            let lab = try OpenLab()
            try lab.does(Zones.install("r", brand: "kvm", ["ram": "128M", "extra": "-device nonsense"]))
            let guest = Guest("r", in: lab)
            try guest.boots()
            try guest.awaits("Zone halted")
            expect(
                lastEnd(guest),
                equals:
                    "\(Self.machineEnded)QEMU ended with status 1 after N s: qemu-system-x86_64-r: -device nonsense: "
                    + "'nonsense' is not a valid device model name")
            lab.closes()
        }

        @Test("a CD that vanishes before the boot is named", .long)
        func vanished() throws {
            let lab = try OpenLab()
            try lab.does("mkdir /root/images; cp \(Lab.isoPath) /root/images/cd.iso")
            let guest = Guest("k", in: lab)
            try lab.does(
                Zones.install(
                    "k", brand: "kvm", ["ram": "384M", "cdrom": "/root/images/cd.iso"], sharing: "/root/images"))
            try lab.does("rm /root/images/cd.iso")
            try guest.boots()
            try guest.awaits("Zone halted")
            expect(lastEnd(guest) ?? "", contains: "/root/images/cd.iso': No such file or directory")
            lab.closes()
        }
    }
}
