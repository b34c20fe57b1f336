import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Guests that are configured by the seed that their zone's boot makes.
    @Suite(.serialized) struct CloudInitTests {
        @Test("a guest mounts the disc and finds the seed on it, and after the attribute has gone there is none")
        func smallGuest() throws {
            let lab = try OpenLab()
            try lab.does("echo hUnter2 >/root/password; dladm create-vnic -l net0 -m 2:8:20:c:1:0 web0")
            let guest = try Guest(
                "web", of: "bhyve",
                [
                    "cloud-init": "on", "password": "/root/password",
                    "sshkey": "ssh-ed25519 AAAA ops@example.org",
                ], in: lab)
            try guest.isConfigured("add net; set physical=web0; set allowed-address=192.0.2.2/24; end")
            let seed = try guest.seed
            let uuid = guest.file("root/etc/uuid").split(separator: "\n").first.map(String.init) ?? "no UUID"
            let key = #"["ssh-ed25519 AAAA ops@example.org"]"#
            expect(seed, contains: "meta-data: {\"instance-id\":\"\(uuid)\",\"local-hostname\":\"web\"}")
            expect(seed, contains: "user-data: #cloud-config")
            expect(
                seed,
                contains: #"user-data: {"hostname":"web","disable_root":false,"password":"hUnter2","#
                    + #""chpasswd":{"expire":false},"ssh_pwauth":true,"ssh_authorized_keys":\#(key),"#
                    + #""users":["default",{"name":"root","ssh_authorized_keys":\#(key)}]}"#)
            expect(
                seed,
                contains: #"network-config: {"version":2,"ethernets":{"web0":{"#
                    + #""match":{"macaddress":"02:08:20:0c:01:00"},"set-name":"web0","#
                    + #""addresses":["192.0.2.2/24"]}}}"#)
            expect(try guest.names(in: "root"), contains: "cloud-init.iso")
            try guest.isConfigured("remove attr name=cloud-init")
            #expect(try guest.seed == [])
            #expect(try !guest.names(in: "root").contains("cloud-init.iso"))
            lab.closes()
        }

        /// Debian's guest; built when it is not there.
        static let debian: String = {
            let image = "\(Lab.sources)/.build/debian.img"
            _ = try? Hooks.run(program: "\(Lab.sources)/tools/debian-guest", [image])
            return image
        }()

        struct Password: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let attribute: String

            /// All are of the password hUnter2.
            static let all = [
                Password(testDescription: "plain", attribute: "hUnter2"),
                Password(
                    testDescription: "yescrypt",
                    attribute: "$y$j9T$saltsaltsaltsalt$lJ/FEhZwTISTgYQ79t1rr3MmXHpv0mAOlC/KMMt48C5"),
            ]
        }

        @Test(
            "Debian takes its name, user, password, keys and address from the seed, and lets the user in on the console",
            .long, .enabled(if: getuid() == 0, "only root can make the guest"), arguments: Password.all)
        func debianGuest(_ password: Password) throws {
            let lab = try Lab()
            let page = try String(contentsOfFile: "\(Lab.sources)/tools/zonelab-cloud.txt", encoding: .utf8)
                .replacingOccurrences(of: "omnios# zlogin -C cloud\n", with: "")
            let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGhGxMdJ4fPkvNs1Wj1Yy4sSwkmKbZ0C0dNw2FhOd3Yp ops@example.org"
            // In one line: what is typed while another command runs gets between its lines.
            let questions = [
                "echo", "echo user=$(id -un) host=$(hostname)",
                #"echo address=$(ip -o -4 addr show cloud0 | sed "s/.*inet //; s/ .*//")"#,
                #"echo route=$(ip route | sed -n "s/ dev.*//; /^default/p")"#,
                #"echo dns=$(sudo sed -n "s/.*nameservers //p" /etc/network/interfaces.d/* | tail -n1)"#,
                "echo keys=$(sudo cat .ssh/authorized_keys /root/.ssh/authorized_keys | grep -c ops@example.org)",
                #"echo all"-"is-said"#,
            ].joined(separator: "; ")
            let outcome = try lab.run(
                """
                omnios# echo '\(password.attribute)' >/root/cloud.password
                omnios# echo '\(key)' >/root/cloud.pub

                """ + page + """
                    omnios# zonelab await -t 900 cloud 'finished at'
                    omnios# zonelab type cloud ''
                    omnios# zonelab await -t 300 cloud 'cloud login:'
                    omnios# zonelab type cloud debian
                    omnios# zonelab await -t 300 cloud 'Password:'
                    omnios# zonelab type cloud hUnter2
                    omnios# zonelab await -t 300 cloud 'debian@cloud'
                    omnios# zonelab type cloud '\(questions)'
                    omnios# zonelab await -t 300 cloud all-is-said
                    omnios# zoneadm -z cloud shutdown
                    omnios# zoneadm list -cv
                    """, shares: ["-b", "\(Self.debian):/rpool/iso/debian.img"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let lines = outcome.output.replacingOccurrences(of: "\r", with: "").split(separator: "\n").map(String.init)
            for line in [
                "user=debian host=cloud", "address=10.0.2.20/24", "route=default via 10.0.2.2", "dns=10.0.2.3",
                "keys=2",
            ] { expect(lines, contains: line) }
        }
    }
}

extension Guest {
    /// What the small guest says of its seed, after a boot that ends in a halt.
    fileprivate var seed: [String] {
        get throws {
            try boots()
            let console = try awaits(Guest.ready)
            try halts()
            return console.matches(of: /seed ([^\r\n]*)/).map { String($0.1) }
        }
    }
}
