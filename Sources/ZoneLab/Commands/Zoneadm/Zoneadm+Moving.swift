import Glibc
import Text

/// What is done with zones that stand still: mark, detach, attach, move.
extension Zoneadm {
    func mark() throws -> Int32 {
        guard let options = parsed("F"), options.operands.count == 1,
            let state = ZoneIndex.State(rawValue: options.operands[0]), state == .incomplete || options.has("F")
        else { return misused() }
        guard try isAdmitted() else { return 1 }
        try ZoneIndex.setState(zone, state)
        return 0
    }

    func detach() throws -> Int32 {
        let isDryRun = arguments.contains("-n")
        guard try isDryRun || isAdmitted() else { return 1 }
        guard let setup, try run(.predetach, "brand-specific predetach", appended) == 0 else { return 1 }
        let hook = setup.brand.command(.detach, zone: zone, zonepath: setup.document.zonepath, appending: appended)
        if let hook {
            let status = try run(hook, "brand-specific detach")
            if status == 253 { misused() }
            guard status == 0 else { return 1 }
        } else if isDryRun {
            Stream.write(1, setup.document.xml)
        } else {
            try Manifest.write(setup.document)
        }
        if !isDryRun { try ZoneIndex.setState(zone, .configured) }
        return 0
    }

    func attach() throws -> Int32 {
        let (options, _) = Options.split(arguments, letters: "Fn:")
        let isForced = options.contains("-F")
        if let place = options.firstIndex(where: { $0.hasPrefix("-n") }) {
            guard !isForced else { throw failure("-F and -n flags are mutually exclusive") }
            return try validateManifest(at: place)
        }
        guard try isAdmitted(), let document = setup?.document else { return 1 }
        if !isForced {
            let status = try run(.attach, "brand-specific attach", appended)
            if status == 253 { misused() }
            guard status == 0 else { return 1 }
        }
        guard checkZonepath(document) else { return 1 }
        Manifest.remove(document.zonepath, isForced: isForced)
        try ZoneIndex.setState(zone, .installed)
        if !isForced, try run(.postattach, "brand-specific postattach", appended) != 0 {
            try ZoneIndex.setState(zone, .configured)
        }
        return 0
    }

    /// `attach -n`: the brand looks at a copy of the manifest. The zone is called `-`.
    private func validateManifest(at option: Int) throws -> Int32 {
        let isJoined = arguments[option] != "-n"
        let place = isJoined ? option : option + 1
        guard place < arguments.count else { return misused() }
        let manifest = isJoined ? String(arguments[place].dropFirst(2)) : arguments[place]
        guard let text = manifest == "-" ? Stream.readAll(0) : Files.text(manifest) else {
            throw failure("could not open manifest path \(manifest): No such file or directory")
        }
        let copy = "/var/run/zone.\(getpid())"
        try Files.write(copy, text, mode: 0o600)
        defer { unlink(copy) }
        guard let brand = try? ZoneBrand(try ZoneDocument.read(copy).brand) else {
            throw failure("\(manifest) is not an XML file")
        }
        var given = arguments
        given[place] = copy
        let line = subcommand.name + given.map { " \($0)" }.joined()
        let command = brand.command(.verifyZone, zone: "-", zonepath: "-", appending: line)
        return try run(command, "brand-specific verification") == 0 ? 0 : 1
    }

    func move() throws -> Int32 {
        guard let options = parsed(""), options.operands.count == 1 else { return misused() }
        guard try isAdmitted(), var document = setup?.document else { return 1 }
        let (old, new) = (document.zonepath, options.operands[0].withoutTrailingSlashes)
        document.properties["zonepath"] = new
        guard checkZonepath(document) else { return 1 }
        try Files.makeDirectories(new)
        guard Files.names(in: new).isEmpty else {
            Stream.write(2, "could not move zone to \(new): directory not empty\n")
            return 1
        }
        guard rename(old, new) == 0 else { throw LabError(errno: errno, "could not move zone") }
        chmod(new, 0o700)
        var store = ZFSStore.read()
        store.move(old, to: new)
        try store.write()
        try Files.write(ZoneIndex.configurationFile(zone), document.xml)
        try ZoneIndex.change { entries in
            if let place = entries.firstIndex(where: { $0.name == zone }) { entries[place].zonepath = new }
        }
        return 0
    }
}
