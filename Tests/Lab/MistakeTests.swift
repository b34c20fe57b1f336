import TestSupport
import Testing

/// Mistakes of an administrator, as the lab's zonecfg and zoneadm tell them.
@Suite struct MistakeTests {
    @Test("zonecfg says a warning; install and boot do not say it again, and a boot writes it into the zone's log")
    func warnsOnce() throws {
        let lab = try OpenLab()
        let rum = "attr \"rum\" is unknown and means nothing"
        let made = try lab.run(
            Zones.configure("b", "\(Zones.attribute("rum", "1G")); \(Zones.attribute("shutdown-timeout", "0"))"))
        expect(made.errors.count(of: "warning: \(rum)\n"), equals: 1, made.errors)
        let verified = try lab.run("zoneadm -z b verify")
        expect(verified.errors.count(of: "warning: \(rum)\n"), equals: 1, verified.errors)
        try lab.does("zoneadm -z b install")
        try lab.does("zoneadm -z b boot >/dev/null")
        try expect(lab.does("cut -d' ' -f2- /data/zone/b/log/zone.log"), contains: "warning: \(rum)\n")
        try expect(lab.run("zoneadm -z b halt").status, equals: 0)
        lab.closes()
    }

    @Test("what a boot lacks is told in one round: a link, a volume, two files, and a wrong value")
    func lacks() throws {
        let lab = try OpenLab()
        let made = try lab.run(
            Zones.configure(
                "b",
                "add net; set physical=v0; end; add device; set match=/dev/zvol/rdsk/rpool/b; end; "
                    + ["/iso/a.iso", "/iso/b.iso"].map {
                        "add fs; set dir=\($0); set special=\($0); set type=lofs; add options ro; end; "
                    }.joined() + Zones.attribute("bootdisk", "rpool/b") + "; " + Zones.attribute("cdrom", "/iso/a.iso")
                    + "; " + Zones.attribute("cdrom1", "/iso/b.iso"))
                + "touch /root/a; mkdir /iso; touch /iso/a.iso /iso/b.iso; zoneadm -z b install; rm /iso/*.iso\n"
                + "sed -i 's/<.zone>/<attr name=\"ram\" type=\"string\" value=\"1Q\"\\/><\\/zone>/' /etc/zones/b.xml")
        expect(made.errors, equals: "")
        let boot = try lab.run("zoneadm -z b boot")
        #expect(boot.status == 1)
        let said = boot.errors.replacing(#/zone b: \/etc\/zones\/b.xml:[0-9]+: /#, with: "")
        expect(
            said,
            equals: """
                could not verify fs /iso/a.iso: could not access /iso/a.iso: No such file or directory
                could not verify fs /iso/b.iso: could not access /iso/b.iso: No such file or directory
                error: net "v0": the host has no such link
                  dladm create-vnic -l LINK v0
                error: attr "bootdisk": the host has no volume rpool/b
                  zfs create -p -V SIZE rpool/b
                error: attr "ram": "1Q" is not a size
                  use a number with K, M, G or T, such as 4G
                zoneadm: zone b failed to verify

                """)
        lab.closes()
    }
}

extension String {
    /// How often a text is in it.
    fileprivate func count(of text: String) -> Int { ranges(of: text).count }
}
