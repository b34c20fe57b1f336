import Machine
import Platform
import Text
import ZoneConfig

/// The VNICs that exist only while the zone runs: those whose net resource names a global-nic.
struct VNICs {
    private let networks: [ZoneConfiguration.Network]
    private let hook: Hook

    init(_ zone: ZoneConfiguration, _ hook: Hook) {
        // One with an address belongs to the shared stack.
        networks = zone.networks.filter {
            !($0.globalNic?.trimmed ?? "").isEmpty && ($0.address?.trimmed ?? "").isEmpty
        }
        self.hook = hook
    }

    /// Makes those that are not there: all of them, or none.
    func create() throws(Failure) {
        guard hasVNICs else { return }
        var created: [String] = []
        do throws(Failure) {
            try create(&created)
        } catch {
            for nic in created.reversed() { delete(nic) }
            throw error
        }
    }

    private func create(_ created: inout [String]) throws(Failure) {
        for network in networks {
            guard let nic = network.physical?.trimmed, !nic.isEmpty, !(try exists(nic)) else { continue }
            var arguments = ["create-vnic", "-l", try link(of: network)]
            let mac = network.macAddress?.trimmed ?? ""
            if !mac.isEmpty { arguments += ["-m", mac] }
            if let vlan = network.vlanID?.trimmed, !vlan.isEmpty, vlan != "0" { arguments += ["-v", vlan] }
            try hook.commands.run("/usr/sbin/dladm", arguments + [nic])
            hook.log.write("created VNIC \(nic)")
            created.append(nic)
            if mac.isEmpty || mac == "auto" { keepAddress(of: nic) }
        }
    }

    /// Removes those that are there. A VNIC that stays is logged: it keeps no zone from halting.
    func delete() {
        guard hasVNICs else { return }
        for network in networks {
            guard let nic = network.physical?.trimmed, !nic.isEmpty else { continue }
            do throws(Failure) {
                if try exists(nic) { delete(nic) }
            } catch {
                hook.log.write("VNIC \(nic) may be left: \(error.diagnostic.message)")
            }
        }
    }

    private func delete(_ nic: String) {
        do {
            try hook.commands.run("/usr/sbin/dladm", ["delete-vnic", nic])
            hook.log.write("deleted VNIC \(nic)")
        } catch {
            hook.log.write(error.diagnostic.message)
        }
    }

    /// On Linux there are VNICs only where a dladm was put (`-C`).
    private var hasVNICs: Bool { hook.platform == .illumos || hook.commands.directory != nil }

    private func exists(_ nic: String) throws(Failure) -> Bool {
        do {
            return try hook.commands.command("/usr/sbin/dladm", ["show-vnic", "-p", "-o", "link", nic]).run().status
                == 0
        } catch {
            throw Failure(error)
        }
    }

    /// The link below a VNIC: the one named, or for `auto` the one that packets to its address take.
    private func link(of network: ZoneConfiguration.Network) throws(Failure) -> String {
        let named = network.globalNic?.trimmed ?? ""
        guard named == "auto" else { return named }
        let nic = network.physical?.trimmed ?? ""
        let first = network.allowedAddress?.trimmedParts(separator: ",").first ?? ""
        let address = first.splitOnce(at: "/").before
        guard AddressFamily(address: address) != nil else {
            let problem = network.unknownLink
            throw Failure(problem.message, file: hook.configurationFile, remedy: problem.remedy)
        }
        let output = try hook.commands.run("/usr/sbin/route", ["-n", "get", address])
        for line in output.pieces(separator: "\n", omittingEmpty: true) {
            let (key, value) = String(line).splitOnce(at: ":")
            if key.trimmed == "interface", let link = value?.trimmed, !link.isEmpty { return link }
        }
        throw Failure(
            "net \(nic.quoted): no route leads to \(address)", file: hook.configurationFile,
            remedy: "set global-nic to a link: dladm show-link lists them")
    }

    /// Writes the address the system chose into the configuration, so that the guest keeps it.
    private func keepAddress(of nic: String) {
        do throws(Failure) {
            let shown = try hook.commands.run("/usr/sbin/dladm", ["show-vnic", "-p", "-o", "macaddress", nic])
            guard MACAddress(shown.trimmed) != nil else { return }
            try hook.commands.run(
                "/usr/sbin/zonecfg",
                ["-z", hook.zone, "select net physical=\(nic); set mac-addr=\(shown.trimmed); end"])
        } catch {
            hook.log.write("the address of \(nic) is not kept: \(error.diagnostic.message)")
        }
    }
}
