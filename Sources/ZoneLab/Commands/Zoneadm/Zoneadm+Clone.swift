import Glibc
import Platform
import Text

/// `zoneadm clone`: another zone's installation, copied. There are no snapshots here: datasets are directories.
extension Zoneadm {
    func clone() throws -> Int32 {
        let (options, words) = Options.split(arguments, letters: "m:s:")
        guard let source = words.first, words.count == 1 else { return misused() }
        if options.contains(where: { $0.hasPrefix("-s") }) { throw LabError.notInTheLab("clone -s") }
        guard try isAdmitted(), let setup, let sourceSetup = try sourceSetup(source) else { return 1 }
        try makeIncomplete(setup.document.zonepath)
        if let command = setup.brand.command(
            .clone, zone: zone, zonepath: setup.document.zonepath, appending: appended)
        {
            let status = try run(command, "brand-specific clone")
            if status == 253 { misused() }
            guard status == 0 else { return 1 }
        } else {
            guard hasMethodCopy(options) else {
                misused()
                return 1
            }
            guard try copy(sourceSetup.document.zonepath, to: setup.document.zonepath) else { return 1 }
        }
        guard try run(.postclone, "postclone", appended) == 0 else {
            throw failure("post-clone configuration failed.", remedy: "zoneadm -z \(zone) uninstall")
        }
        try ZoneIndex.setState(zone, .installed)
        return 0
    }

    /// True when `-m` says copy, or is not there.
    private func hasMethodCopy(_ options: [String]) -> Bool {
        guard let place = options.lastIndex(where: { $0.hasPrefix("-m") }) else { return true }
        let method = options[place] == "-m" ? options.dropFirst(place + 1).first : String(options[place].dropFirst(2))
        return method == "copy"
    }

    /// The source, when it may be copied; tells what the two zones have in common.
    private func sourceSetup(_ source: String) throws -> ZoneSetup? {
        guard source != ZoneList.global.name else { throw failure("clone operation is invalid for the global zone.") }
        if let status = DaemonClient(zone: source).status, status.state != "installed" {
            throw failure("clone operation is invalid for \(status.state) zones.")
        }
        guard let entry = ZoneIndex.read()[source] else {
            throw LabError("\(source): could not get state: No such zone configured")
        }
        guard entry.state == .installed else {
            throw LabError("zone \(source) is \(entry.state.rawValue); installed is required.")
        }
        guard let theirs = try? ZoneSetup(source), let ours = setup else { throw LabError("clone: Invalid document") }
        guard theirs.brand.name == ours.brand.name else {
            throw LabError("Zones '\(source)' and '\(zone)' have different brand types.")
        }
        tellShared(theirs.document, ours.document)
        return theirs
    }

    private func tellShared(_ theirs: ZoneDocument, _ ours: ZoneDocument) {
        func values(_ document: ZoneDocument, _ kind: String, _ property: String) -> [String] {
            document.all(kind).map { $0.values[property] ?? "" }
        }
        func warn(_ text: String) { Stream.write(2, "WARNING: \(text) is configured in both zones.\n") }
        let writable = { (document: ZoneDocument) in
            document.all("fs").filter { fs in !fs.items.contains { $0.name == "ro" } }.map {
                $0.values["special"] ?? ""
            }
        }
        for special in writable(ours) where values(theirs, "fs", "special").contains(special) {
            warn("read-write lofs file system on '\(special)'")
        }
        for match in values(ours, "device", "match")
        where values(theirs, "device", "match").contains(where: {
            pattern(match, matches: $0) || pattern($0, matches: match)
        }) { warn("device '\(match)'") }
        for name in values(ours, "dataset", "name") where values(theirs, "dataset", "name").contains(name) {
            Stream.write(2, "zoneadm: zone '\(theirs.name)': ")
            warn("dataset '\(name)'")
        }
    }

    /// Copies a zonepath; sockets stay behind.
    private func copy(_ source: String, to zonepath: String) throws -> Bool {
        Stream.write(1, "Copying \(source)...\n")
        let script = "cp -a \"$0\"/. \"$1\" && find \"$1\" -type s -delete"
        let ending = try Child.run(["/bin/sh", "-c", script, source, zonepath])
        guard !ending.isSuccess else { return true }
        Stream.write(
            2, "zoneadm: zone '\(zone)': 'copy' failed with exit code \(ending.shellStatus).\n\nThe copy failed.\n"
        )
        return false
    }
}
