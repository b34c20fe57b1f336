import Glibc
import Platform

/// Up and down.
extension Zoneadm {
    func ready() throws -> Int32 {
        guard arguments.isEmpty else { return misused() }
        guard try isAdmitted() else { return 1 }
        return try call("ready")
    }

    func boot() throws -> Int32 {
        guard let options = parsed("fs") else { return misused() }
        guard try isAdmitted(isForced: options.has("f")) else { return 1 }
        tellStandIn()
        let bootArguments = (options.has("s") ? "-s" : "") + options.operands.joined(separator: " ")
        return try call((options.has("f") ? "forceboot " : "boot ") + bootArguments)
    }

    /// What boots here is no bhyve, and that is said.
    private func tellStandIn() {
        guard let brand = setup?.brand.name, !DaemonClient(zone: zone).isUp else { return }
        let who = brand == "bhyve" ? "bhyve" : "illumos' QEMU"
        Stream.write(1, "zonelab: this system's QEMU stands in for \(who)\n")
    }

    func halt() throws -> Int32 {
        guard arguments.isEmpty else { return misused() }
        guard try isAdmitted() else { return 1 }
        guard try ZoneIndex.entry(of: zone).state != .configured else {
            Stream.write(
                2,
                "cannot manage a zone which is in state 'configured'\nzone '\(zone)': could not start zoneadmd\n")
            return 1
        }
        return try DaemonClient(zone: zone).perform("halt")
    }

    func reboot() throws -> Int32 {
        guard let options = parsed("") else { return misused() }
        guard try isAdmitted() else { return 1 }
        return try DaemonClient(zone: zone).perform("reboot " + options.operands.joined(separator: " "))
    }

    /// Runs the brand's shutdown program in the zone, and waits for the zone to be gone. What the program says is shown to
    /// nobody.
    func shutdown() throws -> Int32 {
        guard let options = parsed("r") else { return misused() }
        guard try isAdmitted() else { return 1 }
        let client = DaemonClient(zone: zone)
        guard let status = client.status, status.state != "ready" else {
            Stream.write(2, "zone '\(zone)': shutdown operation is invalid for zones in state 'ready'\n")
            return 1
        }
        guard try shutDown(status), isGone(client) else {
            Stream.write(2, "zone '\(zone)': unable to shutdown zone\n")
            return 1
        }
        return options.has("r") ? try client.perform("boot " + options.operands.joined(separator: " ")) : 0
    }

    private func shutDown(_ status: DaemonClient.Status) throws -> Bool {
        guard status.state == "running", let setup,
            let command = setup.brand.command(.shutdown, zone: zone, zonepath: setup.document.zonepath)
        else { return false }
        let ending = try Child.run(
            [
                "/usr/bin/nsenter", "-t", String(status.initProcess), "-m", "-p", "-u", "-i", "--", "/bin/sh", "-c",
                command,
            ], Child.Setup(input: .null, output: .null, errors: .null)
        )
        // When the machine goes, the zone goes, and the program with it.
        return ending.isSuccess || ending == .signal(SIGKILL) || ending == .status(128 + SIGKILL)
    }

    private func isGone(_ client: DaemonClient) -> Bool {
        let deadline = Deadline(in: .seconds(60))
        while client.isUp {
            guard !deadline.hasPassed else { return false }
            Clock.sleep(.milliseconds(50))
        }
        return true
    }

    /// Has the zone's keeper do what ends in a zone that is up.
    private func call(_ request: String) throws -> Int32 {
        guard try DaemonClient(zone: zone).perform(request) == 0 else { throw failure("call to zoneadmd failed") }
        return 0
    }
}
