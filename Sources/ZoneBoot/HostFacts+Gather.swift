import Machine
import Platform
import Text
import ZoneConfig

extension HostFacts {
    /// Asks the host once for what the machine needs of it. What could not be learnt is an error that does not hide the
    /// machine. A zone without a UUID gets a random one only where it `acts`.
    static func gather(
        _ zone: ZoneConfiguration, brand: Brand, platform: HostPlatform, commands: HostCommands, acts: Bool
    ) -> (facts: HostFacts, diagnostics: [Diagnostic]) {
        var facts = HostFacts(randomUUID: acts ? UUIDText.random(randomBytes(16)) : nil)
        var diagnostics: [Diagnostic] = []
        do {
            facts.zoneUUID = try zoneUUID(zone)
        } catch {
            diagnostics.append(
                Diagnostic(
                    .error, file: zone.zoneroot.map { "\($0)/etc/uuid" }, line: nil, message: error.message,
                    remedy: [error.remedy]))
        }
        // bhyve is given a VNIC by name and asks for its address itself. A seed does without what it cannot learn.
        let isForSeed = brand == .bhyve && platform == .illumos
        guard !isForSeed || SeedInputs.areWanted(zone, brand: brand) else { return (facts, diagnostics) }
        for network in zone.networks where network.chosenMAC == nil {
            guard let link = network.physical?.trimmed, !link.isEmpty else { continue }
            do {
                facts.macAddresses[link] = try macAddress(of: link, platform: platform, commands: commands)
            } catch {
                guard !isForSeed else { continue }
                diagnostics.append(
                    Diagnostic(
                        .error, file: zone.file, line: network.line, message: error.message, remedy: [error.remedy]))
            }
        }
        return (facts, diagnostics)
    }

    /// What the zone's own /etc/uuid holds; `nil` when there is none, or nothing in it.
    private static func zoneUUID(_ zone: ZoneConfiguration) throws(ValueError) -> String? {
        guard let zoneroot = zone.zoneroot else { return nil }
        let remedy = "remove the file, or put a UUID into it; zoneadm install writes one"
        let bytes: [UInt8]
        do {
            bytes = try RootedDirectory(zoneroot).read("etc/uuid", limit: 4096)
        } catch {
            if error.isNotFound { return nil }
            throw ValueError("the zone's UUID cannot be read: \(error.description)", remedy: remedy)
        }
        let text = String(decoding: bytes, as: UTF8.self).trimmed
        guard text.isEmpty || UUIDText.isValid(text) else { throw ValueError(text, isNot: "a UUID", remedy: remedy) }
        return text.isEmpty ? nil : text
    }

    /// The address dladm(8) shows for a VNIC. On Linux there is a dladm only when one was put there (`-C`).
    private static func macAddress(
        of link: String, platform: HostPlatform, commands: HostCommands
    ) throws(ValueError) -> MACAddress? {
        let dladm = commands.command("/usr/sbin/dladm", ["show-vnic", "-p", "-o", "macaddress", link])
        if platform == .linux && !(commands.directory != nil && HostFiles.exists(dladm.program)) { return nil }
        let unknown = "the MAC address of \(link.quoted) is not known: "
        let remedy = "create the VNIC (dladm create-vnic -l LINK \(link)), or give the net resource a mac-addr"
        let result: Command.Result
        do {
            result = try dladm.run()
        } catch {
            throw ValueError(unknown + error.description, remedy: "\(remedy); -C DIR names stand-ins for such commands")
        }
        guard result.status == 0 else { throw ValueError(unknown + result.complaint, remedy: remedy) }
        guard let mac = MACAddress(result.output.trimmed) else {
            throw ValueError("\(unknown)dladm says \(result.output.trimmed.quoted)", remedy: remedy)
        }
        return mac
    }
}
