import Foundation
import Testing
import TestSupport

extension EndToEnd {
    /// Real guests, both brands.
    @Suite(.serialized) struct MachineTests {
        @Test("two zones at once, one of each brand, by BIOS; the screen through socat; shut down")
        func twoZones() throws {
            let lab = try Lab()
            let outcome = try lab.run(
                Zones.make("b", brand: "bhyve") + Zones.make("k", brand: "kvm", ["vnc": "on"]) + """
                    zoneadm -z b boot && zoneadm -z k boot
                    zonelab await b \(Zones.ready) && zonelab await k \(Zones.ready)
                    zoneadm list
                    port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 20000))
                    socat TCP-LISTEN:$port,reuseaddr,fork UNIX-CONNECT:/data/zone/k/root/tmp/vm.vnc &
                    sleep 0.3
                    echo "viewer: $(timeout 1 socat -u TCP:127.0.0.1:$port - | head -c 7)"
                    kill $!
                    zoneadm -z b shutdown && zoneadm -z k shutdown
                    grep -ch 'the guest powered off' /data/zone/*/root/tmp/init.log
                    zoneadm list -p
                    """)
            #expect(outcome.errors == "")
            #expect(outcome.output.components(separatedBy: "machine firmware=bios").count == 3)
            #expect(outcome.output.contains("global\nb\nk\n"))
            #expect(outcome.output.contains("viewer: RFB 003\n"))
            #expect(outcome.output.hasSuffix("0:global:running:/::ipkg:shared\n"))
            #expect(lab.sockets() == [])
        }

        @Test("a bhyve guest's reboot starts init again, its power-off halts the zone")
        func bhyveReset() throws {
            let lab = try Lab()
            let outcome = try lab.run(
                Zones.make("b", brand: "bhyve") + """
                    zoneadm -z b boot
                    zonelab await b \(Zones.ready) >/dev/null
                    zonelab type b reboot
                    zonelab await -n 2 b \(Zones.ready) >/dev/null
                    zoneadm list -p
                    zonelab type b poweroff
                    zonelab await b 'Zone halted' >/dev/null
                    zoneadm list -i
                    ls /data/zone/b/root/tmp
                    """)
            #expect(outcome.errors == "")
            // The same number: the zone itself has not been down.
            #expect(outcome.output.contains("1:b:running:/data/zone/b:"))
            #expect(outcome.output.hasSuffix("global\nb\ninit.log\n"))
        }

        /// What a compromised QEMU could do to the files it sees; where it is refused, the words are in /tmp/refusals.
        private static let attack = """
            exec 2>/tmp/refusals
            mv /etc /etc.old; mkdir /etc
            for name in launch bhyve.cfg bhyve.env qemu.env; do
                printf 'hypervisor modern-qemu\nexec /usr/bin/touch\narg /tmp/owned\n' >/etc/$name
            done
            mv /hvm /hvm.old; rmdir /hvm; rm -rf /hvm; cp /etc/launch /hvm/launch; ln -sf /etc /hvm
            """

        @Test("a zone whose root was rewritten starts the same machine at the guest's next reset")
        func rewrittenRoot() throws {
            let lab = try Lab()
            let outcome = try lab.run(
                Zones.make("b", brand: "bhyve") + """
                    zoneadm -z b boot
                    zonelab await b \(Zones.ready) >/dev/null
                    nsenter -t $(pgrep -f '^qemu-system-x86_64-b ') -m -- /bin/sh <<'ATTACK'
                    \(Self.attack)
                    ATTACK
                    zonelab type b reboot
                    zonelab await -n 2 b \(Zones.ready) >/dev/null
                    zoneadm list -p
                    cd /data/zone/b
                    ls hvm root/tmp
                    cat root/tmp/refusals
                    """)
            #expect(outcome.errors == "zonelab: halting zone b\n")
            #expect(outcome.output.contains("1:b:running:/data/zone/b:"))
            #expect(
                outcome.output.hasSuffix(
                    """
                    hvm:
                    launch

                    root/tmp:
                    init.log
                    refusals
                    vm.monitor
                    vm.pid
                    vm.qmp
                    mv: cannot move '/hvm' to '/hvm.old': Device or resource busy
                    rmdir: failed to remove '/hvm': Device or resource busy
                    rm: cannot remove '/hvm/launch': Read-only file system
                    cp: cannot create regular file '/hvm/launch': Read-only file system
                    ln: failed to create symbolic link '/hvm/etc': Read-only file system

                    """))
        }

        @Test("a kvm guest reboots inside its zone; zoneadm reboot takes the configuration as it is then")
        func kvmReboot() throws {
            let lab = try Lab()
            let outcome = try lab.run(
                Zones.make("k", brand: "kvm") + """
                    zoneadm -z k boot
                    zonelab await k \(Zones.ready) >/dev/null
                    zonelab type k reboot
                    zonelab await -n 2 k \(Zones.ready)
                    zoneadm list -p
                    zonecfg -z k 'add attr; set name=vcpus; set type=string; set value=2; end'
                    zoneadm -z k reboot
                    zonelab await k \(Zones.ready)
                    zoneadm list -p
                    zonelab type k poweroff
                    zonelab await k 'Zone halted' >/dev/null
                    zoneadm list -p
                    """)
            #expect(outcome.errors == "")
            #expect(outcome.output.contains("1:k:running:/data/zone/k:"))
            #expect(outcome.output.contains("[NOTICE: Zone rebooting]"))
            #expect(outcome.output.contains("machine firmware=bios cpus=2"))
            #expect(outcome.output.contains("2:k:running:/data/zone/k:"))
            #expect(outcome.output.hasSuffix("0:global:running:/::ipkg:shared\n"))
        }

        @Test(
            "guests have the addresses of their VNICs, of one that is made for the zone too",
            arguments: Long.first(of: ["bhyve", "kvm"]))
        func addresses(_ brand: String) throws {
            let lab = try Lab()
            let outcome = try lab.run(
                Zones.make("z", brand: brand) + """
                    dladm create-vnic -l net0 v0
                    zonecfg -z z 'add net; set physical=v0; end; add net; set physical=v1; set global-nic=net0; end'
                    zoneadm -z z boot && zonelab await z \(Zones.ready) | tr -d '\\r' | grep '^nic ' | cut -d' ' -f3
                    for nic in v0 v1; do dladm show-vnic -po macaddress $nic; done
                    zoneadm -z z halt
                    dladm show-vnic -po link
                    zonecfg -z z info net physical=v1 | grep mac-addr | cut -d' ' -f2
                    """)
            #expect(outcome.errors == "")
            let lines = outcome.output.split(separator: "\n").map(String.init).filter { !$0.contains("stands in") }
            try #require(lines.count == 6)
            let padded = lines[2...3].map { address in
                address.split(separator: ":").map { $0.count < 2 ? "0" + $0 : String($0) }.joined(separator: ":")
            }
            #expect(Array(lines[..<2]) == padded)
            #expect(lines[4] == "v0")
            #expect(lines[5] == lines[3])
        }

        @Test(
            "a guest that ignores the button: shutdown says so, halt ends it",
            arguments: Long.first(of: ["bhyve", "kvm"]))
        func ignoresButton(_ brand: String) throws {
            let lab = try Lab()
            let outcome = try lab.run(
                Zones.make("z", brand: brand, ["shutdown-timeout": "2"]) + """
                    zoneadm -z z boot
                    zonelab await z \(Zones.ready) >/dev/null
                    zonelab type z ignore
                    zonelab await z 'ignoring the power button' >/dev/null
                    zoneadm -z z shutdown; echo "shutdown $?"
                    zoneadm list
                    zoneadm -z z halt; echo "halt $?"
                    zoneadm list
                    """)
            #expect(outcome.output.hasSuffix("shutdown 1\nglobal\nz\nhalt 0\nglobal\n"))
            // What the shutdown hook says is in the zone's init.log; nobody is shown it.
            #expect(outcome.errors == "zone 'z': unable to shutdown zone\n")
            #expect(
                lab.file("/data/zone/z/root/tmp/init.log").contains(
                    "shutdown: failed: the guest has ignored the request to power off for 2 s\n"))
            #expect(lab.file("/data/zone/z/log/zone.log").contains("forcing the machine off"))
        }

        /// Another user than root, where these tests are run by root and the programs are open to everyone.
        static let asNobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]
        static let canTryNobody =
            getuid() == 0
            && (try? Hooks.run(program: "/usr/bin/setpriv", asNobody + ["test", "-r", Lab.program]).status) == 0

        @Test("an ordinary user can do it too", .enabled(if: canTryNobody))
        func ordinaryUser() throws {
            let lab = try Lab()
            let script =
                Zones.make("b", brand: "bhyve", ["vnc": "on", "bootrom": "BHYVE_RELEASE"]) + """
                    zoneadm -z b boot && zonelab await b \(Zones.ready) && zonelab screenshot b /tmp/b.png
                    zoneadm -z b shutdown && zoneadm -z b uninstall -F && zoneadm list -c
                    """
            for path in [lab.scratch.path, lab.directory] {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                chown(path, 65534, 65534)
            }
            let arguments = try lab.arguments(script, withGuest: true)
            let outcome = try Hooks.run(program: "/usr/bin/setpriv", Self.asNobody + [Lab.program] + arguments)
            #expect(outcome.errors == "")
            #expect(outcome.output.contains("machine firmware=uefi"))
            #expect(outcome.output.hasSuffix("/tmp/b.png: 1280 × 800\nglobal\nb\n"))
            #expect(lab.processes() == [])
        }

        @Test("a zone whose ISO is missing does not boot, and stays installed")
        func missingISO() throws {
            let lab = try Lab()
            let make = Zones.make("b", brand: "bhyve").replacingOccurrences(
                of: Lab.isoPath, with: "/rpool/iso/gone.iso")
            let outcome = try lab.run(
                "touch /rpool/iso/gone.iso\n" + make + """
                    rm /rpool/iso/gone.iso
                    zoneadm -z b boot; echo "boot $?"
                    zoneadm list -p
                    zoneadm -z b list -p | cut -d: -f1-3
                    """, withGuest: false)
            #expect(outcome.output == "boot 1\n0:global:running:/::ipkg:shared\n-:b:installed\n")
            #expect(
                outcome.errors
                    == "could not verify fs /rpool/iso/gone.iso: could not access /rpool/iso/gone.iso: "
                    + "No such file or directory\nzoneadm: zone b failed to verify\n")
        }

        @Test("kill -9 of the lab takes everything with it, and the next one clears up and boots")
        func recovery() throws {
            let lab = try Lab()
            let process = try lab.start(
                Zones.make("b", brand: "bhyve")
                    + "zoneadm -z b boot; zonelab await b \(Zones.ready); touch /root/up; sleep 600")
            for _ in 0..<600 where !FileManager.default.fileExists(atPath: lab.directory + "/root/up") {
                usleep(100_000)
            }
            #expect(lab.sockets() != [])
            #expect(lab.processes() != [])
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(lab.processes() == [])
            let outcome = try lab.run(
                """
                ls /data/zone/b/root/tmp
                zoneadm list -p
                zoneadm -z b boot && zonelab await b \(Zones.ready) >/dev/null && zoneadm -z b shutdown && zoneadm -z b uninstall -F
                zoneadm -z b list -p | cut -d: -f3
                """)
            #expect(outcome.errors == "zonelab: zone b was running when the lab ended; clearing up after it\n")
            #expect(outcome.output.hasPrefix("init.log\n0:global:running:/::ipkg:shared\n"))
            #expect(outcome.output.hasSuffix("configured\n"))
        }
    }
}
