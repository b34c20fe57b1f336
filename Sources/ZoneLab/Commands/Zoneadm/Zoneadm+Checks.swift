import Glibc
import Platform
import Text

/// What zoneadm checks before it acts: the zone's state, then its configuration, and then it asks the brand.
extension Zoneadm {
    /// True when nothing is in the way of the subcommand. Throws when the zone's state does not allow it; what else is wrong
    /// has been told.
    func isAdmitted(isForced: Bool = false) throws -> Bool {
        try checkState(isForced)
        switch subcommand.verification {
        case .none: return true
        case .brand: return try askBrand()
        case .configuration: return try verifyDetails()
        }
    }

    private func checkState(_ isForced: Bool) throws {
        let status = DaemonClient(zone: zone).status.flatMap { $0.state == "installed" ? nil : $0 }
        guard subcommand.states != .up || status != nil else { throw failure("not running") }
        if subcommand.isForStopped, let status {
            throw failure(
                "\(subcommand.name) operation is invalid for \(status.state) zones.",
                remedy: "zoneadm -z \(zone) halt")
        }
        if let refusal = subcommand.refusal(of: zone, in: try ZoneIndex.entry(of: zone).state, isForced: isForced) {
            throw refusal
        }
    }

    // MARK: The configuration

    /// Tells what is wrong with the configuration for the subcommand; true when nothing is. The brand is asked in any case.
    private func verifyDetails() throws -> Bool {
        guard let document = setup?.document else { return false }
        let index = try ZoneIndex.entry(of: zone).zonepath
        guard document.zonepath == index else {
            Stream.write(
                2,
                """
                The XML repository has zonepath '\(document.zonepath)',
                but the index file has zonepath '\(index)'.
                These must match, so fix the incorrect entry.

                """)
            return false
        }
        var isRight = subcommand.name == "attach" || checkZonepath(document)
        for fault in ZoneNamespace.faults(document) { isRight = tellErrors { throw fault } && isRight }
        isRight = try askBrand() && isRight
        if !isRight { Stream.write(2, "zoneadm: zone \(zone) failed to verify\n") }
        return isRight
    }

    /// True when a zone may lie, or lies, where this one does.
    func checkZonepath(_ document: ZoneDocument) -> Bool {
        let isRight = tellErrors {
            try ZoneCheck.checkZonepath(document)
            let zonepath = document.zonepath
            if subcommand.needsZonepath, !Files.isDirectory(zonepath) {
                throw LabError("zoneadm: \(zonepath): No such file or directory")
            }
            if subcommand.name != "attach", try ZoneIndex.entry(of: zone).state == .configured,
                Manifest.isDetached(zonepath)
            {
                throw LabError(
                    "Cannot \(subcommand.name) detached zone.\nUse attach or remove \(zonepath) directory.")
            }
        }
        if !isRight {
            Stream.write(2, "could not verify zonepath \(document.zonepath) because of the above errors.\n")
        }
        return isRight
    }

    /// Prints an error as it is; true when there is none.
    private func tellErrors(_ check: () throws -> Void) -> Bool {
        do {
            try check()
            return true
        } catch {
            let error = error as? LabError ?? LabError("\(error)")
            Stream.write(2, ([error.message] + error.remedy.map { "  \($0)" }).joined(separator: "\n") + "\n")
            return false
        }
    }

    // MARK: The brand

    /// True when the brand's verify_adm has nothing against it; it gets the subcommand and its words just as zoneadm appends them.
    private func askBrand() throws -> Bool {
        try run(.verifyZone, "brand-specific verification", subcommand.name + appended) == 0
    }

    /// The subcommand's words, a blank before each.
    var appended: String { arguments.map { " \($0)" }.joined() }

    /// Runs a hook on the administrator's terminal. A brand without one has nothing to say.
    func run(_ hook: ZoneBrand.Hook, _ name: String, _ words: String) throws -> Int32 {
        guard let setup else { return 0 }
        let command = setup.brand.command(hook, zone: zone, zonepath: setup.document.zonepath, appending: words)
        return try run(command, name)
    }

    func run(_ command: String?, _ name: String) throws -> Int32 {
        guard let command else { return 0 }
        switch try Child.run(["/bin/sh", "-c", command]) {
        case .status(let status): return status
        case .signal(let number):
            let names: [Int32: String] = [
                SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGABRT: "SIGABRT", SIGKILL: "SIGKILL",
                SIGSEGV: "SIGSEGV", SIGTERM: "SIGTERM",
            ]
            let signal = names[number].map { "signal \($0)" } ?? "an unknown signal"
            Stream.write(2, "zoneadm: zone '\(zone)': '\(name)' terminated by \(signal).\n")
            return 255
        }
    }
}
