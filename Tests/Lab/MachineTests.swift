import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Real guests, both brands.
    @Suite(.serialized) struct MachineTests {
        @Test("two zones run at once, one of each brand, by BIOS; the screen is seen through socat; both shut down")
        func share() throws {
            let lab = try OpenLab()
            let guests = [try Guest("b", of: "bhyve", in: lab), try Guest("k", of: "kvm", ["vnc": "on"], in: lab)]
            for guest in guests { try guest.boots() }
            for guest in guests { expect(try guest.awaits(Guest.ready), contains: "machine firmware=bios") }
            #expect(try lab.running == ["b", "k"])
            #expect(try lab.does(Self.viewer) == "RFB 003")
            for guest in guests {
                try guest.shutsDown()
                // Whether it powered off the program cannot always tell: it goes with the zone.
                expect(guest.file("root/tmp/init.log"), contains: "shutdown: asking the guest to power off; ")
                #expect(!guest.file("log/zone.log").contains("forcing"))
            }
            #expect(try lab.running == [])
            lab.closes()
        }

        /// Shows the first bytes that zone k's screen sends to a viewer.
        private static let viewer = """
            port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 20000))
            socat TCP-LISTEN:$port,reuseaddr,fork UNIX-CONNECT:/data/zone/k/root/tmp/vm.vnc & socat=$!
            until grep -q ":$(printf %04X $port) " /proc/net/tcp; do sleep 0.05; done
            timeout 5 socat -u TCP:127.0.0.1:$port - | head -c 7
            kill $socat
            """

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
        func resist() throws {
            let lab = try OpenLab()
            let guest = try Guest("b", of: "bhyve", in: lab)
            try guest.boots()
            try guest.awaits(Guest.ready)
            try lab.does(
                """
                nsenter -t $(pgrep -f '^qemu-system-x86_64-b ') -m -- /bin/sh <<'ATTACK'
                \(Self.attack)
                exit 0
                ATTACK
                """)
            try guest.types("reboot")
            try guest.awaits(Guest.ready, times: 2)
            #expect(try guest.line == "1:b:running:/data/zone/b")
            #expect(try guest.names(in: "hvm") == ["launch"])
            #expect(
                try guest.names(in: "root/tmp") == ["init.log", "refusals", "vm.monitor", "vm.pid", "vm.qmp"])
            #expect(
                guest.file("root/tmp/refusals") == """
                    mv: cannot move '/hvm' to '/hvm.old': Device or resource busy
                    rmdir: failed to remove '/hvm': Device or resource busy
                    rm: cannot remove '/hvm/launch': Read-only file system
                    cp: cannot create regular file '/hvm/launch': Read-only file system
                    ln: failed to create symbolic link '/hvm/etc': Read-only file system

                    """)
            lab.closes(halting: "b")
        }

        @Test("a kvm guest reboots inside its zone; zoneadm reboot takes the configuration as it is then")
        func reboot() throws {
            let lab = try OpenLab()
            let guest = try Guest("k", of: "kvm", in: lab)
            try guest.boots()
            try guest.awaits(Guest.ready)
            try guest.types("reboot")
            try guest.awaits(Guest.ready, times: 2)
            #expect(try guest.line == "1:k:running:/data/zone/k")
            try guest.isGiven("vcpus", "2")
            try guest.reboots()
            let console = try guest.awaits(Guest.ready)
            expect(console, contains: "[NOTICE: Zone rebooting]")
            expect(console, contains: "machine firmware=bios cpus=2")
            #expect(try guest.line == "2:k:running:/data/zone/k")
            try guest.powersOff()
            #expect(try lab.running == [])
            lab.closes()
        }

        @Test(
            "guests have the addresses of their VNICs, of one that is made for the zone too",
            arguments: Long.first(of: ["bhyve", "kvm"]))
        func address(_ brand: String) throws {
            let lab = try OpenLab()
            let guest = try Guest("z", of: brand, in: lab)
            try lab.does("dladm create-vnic -l net0 v0")
            try guest.isConfigured("add net; set physical=v0; end; add net; set physical=v1; set global-nic=net0; end")
            try guest.boots()
            let console = try guest.awaits(Guest.ready)
            let seen = console.matches(of: /nic [^ ]+ ([0-9a-f:]+)/).map { String($0.1) }
            let given = try ["v0", "v1"].map { try lab.does("dladm show-vnic -po macaddress \($0)") }
            #expect(seen == given.map(Self.padded))
            try guest.halts()
            #expect(try lab.does("dladm show-vnic -po link") == "v0\n")
            expect(try lab.does("zonecfg -z z info net physical=v1"), contains: "mac-addr: \(given[1])")
            lab.closes()
        }

        /// An address as Linux prints it, with two digits a byte.
        private static func padded(_ address: String) -> String {
            address.trimmingCharacters(in: .newlines).split(separator: ":").map { $0.count < 2 ? "0\($0)" : String($0) }
                .joined(separator: ":")
        }

        @Test(
            "of a guest that ignores the button shutdown says so, and halt ends it",
            arguments: Long.first(of: ["bhyve", "kvm"]))
        func ignore(_ brand: String) throws {
            let lab = try OpenLab()
            let guest = try Guest("z", of: brand, ["shutdown-timeout": "2"], in: lab)
            try guest.boots()
            try guest.awaits(Guest.ready)
            try guest.types("ignore")
            try guest.awaits("ignoring the power button")
            #expect(
                try lab.run("zoneadm -z z shutdown")
                    == Outcome(status: 1, output: "", errors: "zone 'z': unable to shutdown zone\n"))
            #expect(try lab.running == ["z"])
            let halt = try lab.run("zoneadm -z z halt")
            let warning = "zone z: warning: the guest ignored the power button for 2 s and was forced off"
            #expect(halt == Outcome(status: 0, output: "", errors: "zone 'z': \(warning)\n"))
            #expect(try lab.running == [])
            // What the shutdown hook says is in the zone's init.log; nobody is shown it.
            expect(
                guest.file("root/tmp/init.log"),
                contains: "shutdown: failed: the guest has ignored the request to power off for 2 s\n")
            for line in [
                "the guest was asked to power off at ", "forcing the machine off",
                ": the guest ignored the power button for 2 s and was forced off\n",
            ] {
                expect(guest.file("log/zone.log"), contains: line)
            }
            lab.closes()
        }

        /// Another user than root, where these tests are run by root and the programs are open to everyone.
        static let asNobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]
        static let canTryNobody =
            getuid() == 0
            && (try? Hooks.run(program: "/usr/bin/setpriv", asNobody + ["test", "-r", Lab.program]).status) == 0

        @Test("an ordinary user can do it too", .enabled(if: canTryNobody))
        func runAsUser() throws {
            let lab = try Lab()
            let script =
                Zones.install(
                    "b", brand: "bhyve",
                    ["ram": "384M", "cdrom": Lab.isoPath, "vnc": "on", "bootrom": "BHYVE_RELEASE"], sharing: Lab.isoPath
                )
                    + """
                    zoneadm -z b boot && zonelab await b '\(Guest.ready)' && zonelab screenshot b /tmp/b.png
                    zoneadm -z b shutdown && zoneadm -z b uninstall -F && zoneadm list -c
                    """
            for path in [lab.scratch.path, lab.directory] {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                chown(path, 65534, 65534)
            }
            let arguments = try lab.arguments(script, withGuest: true)
            let outcome = try Hooks.run(program: "/usr/bin/setpriv", Self.asNobody + [Lab.program] + arguments)
            #expect(outcome.errors == "")
            expect(outcome.output, contains: "machine firmware=uefi")
            expect(outcome.output, hasSuffix: "/tmp/b.png: 1280 × 800\nglobal\nb\n")
            #expect(lab.processes() == [])
        }

        @Test("a zone whose ISO is missing does not boot, and stays installed")
        func miss() throws {
            let lab = try OpenLab()
            let iso = "/rpool/iso/gone.iso"
            try lab.does(
                "touch \(iso)\n\(Zones.install("b", brand: "bhyve", ["ram": "256M", "cdrom": iso], sharing: iso))rm \(iso)"
            )
            let guest = Guest("b", in: lab)
            #expect(
                try lab.run("zoneadm -z b boot")
                    == Outcome(
                        status: 1, output: "",
                        errors: "could not verify fs \(iso): could not access \(iso): No such file or directory\n"
                            + "zoneadm: zone b failed to verify\n"))
            #expect(try guest.line == "-:b:installed:/data/zone/b")
            lab.closes()
        }

        @Test("kill -9 of the lab takes everything with it, and the next one clears up and boots")
        func recover() throws {
            let killed = try OpenLab()
            let first = try Guest("b", of: "bhyve", in: killed)
            try first.boots()
            try first.awaits(Guest.ready)
            #expect(killed.lab.sockets() != [])
            #expect(killed.lab.processes() != [])
            killed.isKilled()
            #expect(killed.lab.processes() == [])
            let lab = try OpenLab(killed.lab)
            #expect(lab.said == "zonelab: zone b was running when the lab ended; clearing up after it\n")
            let guest = Guest("b", in: lab)
            #expect(try guest.names(in: "root/tmp") == ["init.log"])
            #expect(try guest.line == "-:b:installed:/data/zone/b")
            try guest.boots()
            try guest.awaits(Guest.ready)
            try guest.shutsDown()
            try guest.isUninstalled()
            #expect(try guest.line == "-:b:configured:/data/zone/b")
            lab.closes()
        }
    }
}
