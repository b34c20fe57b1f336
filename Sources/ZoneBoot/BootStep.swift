import CloudInit
import Hypervisors
import Machine
import Platform
import Text
import ZoneConfig

/// One thing that booting a zone does. A dry run prints the steps of a plan, and a boot takes the very same, in their order.
package enum BootStep: Sendable {
    /// Has bhyve say how it understands the command.
    case tryOut(CommandLine)
    /// Holds this much of bhyve's memory reservoir for the zone. The origin is of the machine's memory; `nil` when the
    /// reservoir alone is asked for.
    case hold(bytes: UInt64, origin: Origin?)
    /// Sets a property of a VNIC.
    case setLink(LinkProperty)
    /// Writes a file that init or the hypervisor reads.
    case write(BootFile)
    /// Removes what is not to outlive the boot that made it.
    case remove([StaleFile])
    /// Removes the attr `bootnext`, which is for one boot.
    case forgetNext(zone: String, origin: Origin)
    /// Adds a line to the zone's log.
    case log(path: String, line: String)
}

/// A property of a VNIC, as dladm(8) sets it.
package struct LinkProperty: Equatable, Sendable {
    /// The only one that a boot sets.
    static let name = "promisc-filtered"

    let link: Sourced<String>
    let isOn: Bool
    /// The zone's XML.
    let file: String

    /// `promisc-filtered=on`.
    var setting: String { "\(Self.name)=\(isOn ? "on" : "off")" }
    /// The words of dladm(8) that set it, and those that restore the system's default.
    var settingWords: [String] { ["set-linkprop", "-p", setting, link.value] }
    var resettingWords: [String] { ["reset-linkprop", "-p", Self.name, link.value] }
}

/// Where a file of a boot lies.
package struct BootPlace: Equatable, Sendable {
    enum Directory: Equatable, Sendable {
        /// `ZONEPATH/hvm`, out of the zone's reach.
        case launch
        /// The zone root, which is hostile.
        case root
    }

    let directory: Directory
    let zonepath: String
    /// Its path below the directory.
    let path: String

    /// As the global zone sees it.
    package var shown: String {
        switch directory {
        case .launch: "\(zonepath)/\(LaunchDirectory.name)/\(path)"
        case .root: "\(zonepath)/root\(path)"
        }
    }

    /// Opens the directory. Throws what keeps a boot from going on without it.
    func open() throws(Failure) -> RootedDirectory {
        switch directory {
        case .launch: try LaunchDirectory.open(zonepath: zonepath)
        case .root: try RootedDirectory.open("\(zonepath)/root", remedy: "a zone's root is built by zoneadm install")
        }
    }
}

/// A file that a boot writes, of mode 0600.
package struct BootFile: Sendable {
    /// What it holds.
    enum Content: Sendable {
        case bytes([UInt8])
        case secret(Secret)
        /// An image that the host's mkisofs makes.
        case seed(Seed)
    }

    let place: BootPlace
    package let purpose: String
    let content: Content
    /// True for a file that is put back as it was when a later step fails.
    let isRestored: Bool

    /// What people may see of what it holds: where in it, and the line.
    package var shownLines: [(place: String, text: String)] {
        guard case .seed(let seed) = content else { return [] }
        return seed.files.flatMap { file in file.shown.map { (file.name, $0) } }
    }
}

/// A file that an earlier boot or other hooks left, and that is removed if it is there.
package struct StaleFile: Equatable, Sendable {
    /// What becomes of a boot when the file stays.
    enum Weight: Sendable {
        /// The boot fails.
        case vital
        /// Nothing reads it any more: that is logged.
        case slight
    }

    let place: BootPlace
    let weight: Weight
    /// True when everything below it goes too, whatever it is.
    let isTree: Bool
}

extension BootStep {
    /// What booting a machine takes. All files are written before the first takes its name, in this order, so that the
    /// launch file and the password that it names always belong together.
    static func all(
        _ subject: BootPlan.Subject, _ contents: BootContents, _ zone: ZoneConfiguration, _ request: BootRequest
    ) -> [BootStep] {
        let (machine, commandLine) = (subject.machine, subject.commandLine)
        let zonepath = zone.zonepath ?? ""
        var steps: [BootStep] = commandLine.hypervisor == .bhyve ? [.tryOut(commandLine)] : []
        if request.hasReservoir(machine.brand) {
            steps.append(.hold(bytes: machine.reservoirBytes ?? 0, origin: machine.reservoir.origin))
        }
        if request.platform == .illumos { steps += machine.linkProperties.map { .setLink($0) } }
        steps += files(subject, contents, zonepath).map { .write($0) }
        steps.append(.remove(stale(contents, zonepath)))
        steps.append(
            .log(path: "\(zonepath)/log/zone.log", line: "ready to start: \(ShellWords.quote(commandLine.words))"))
        if contents.variables.setsNext, let next = machine.bootNext {
            steps.append(.forgetNext(zone: request.zoneName, origin: next.origin))
        }
        return steps
    }

    private static func files(
        _ subject: BootPlan.Subject, _ contents: BootContents, _ zonepath: String
    ) -> [BootFile] {
        func file(
            _ directory: BootPlace.Directory, _ path: String, _ purpose: String, _ content: BootFile.Content,
            isRestored: Bool = false
        ) -> BootFile {
            BootFile(
                place: BootPlace(directory: directory, zonepath: zonepath, path: path), purpose: purpose,
                content: content, isRestored: isRestored)
        }
        var files: [BootFile] = []
        if let variables = contents.variables.content {
            files.append(
                file(.root, BootFirmware.variablesFile, "UEFI variables, with the boot order", .bytes(variables)))
        }
        if let seed = contents.seed {
            files.append(file(.root, CloudInitSource.seedImage, "the seed for cloud-init", .seed(seed)))
        }
        if let secret = contents.secret.content {
            files.append(
                file(.launch, SecretFile.path.baseName, "the screen's password", .secret(secret), isRestored: true))
        }
        let launch = LaunchFile(
            subject.commandLine, subject.machine, environment: contents.environment.variables)
        files.append(
            file(.launch, LaunchFile.name, "the command for init", .bytes(Array(launch.text.utf8)), isRestored: true))
        return files
    }

    private static func stale(_ contents: BootContents, _ zonepath: String) -> [StaleFile] {
        func file(
            _ directory: BootPlace.Directory, _ path: String, _ weight: StaleFile.Weight, isTree: Bool = false
        ) -> StaleFile {
            StaleFile(
                place: BootPlace(directory: directory, zonepath: zonepath, path: path), weight: weight, isTree: isTree)
        }
        var files: [StaleFile] = []
        if contents.secret.content == nil { files.append(file(.launch, SecretFile.path.baseName, .vital)) }
        files.append(file(.root, InitLog.path, .vital))
        files += OtherHooks.leftovers.map { file(.root, $0, .slight) }
        // A seed, which may hold a password, does not outlive its attribute, whatever is there.
        files.append(file(.root, OtherHooks.seedDirectory, .slight, isTree: true))
        if contents.seed == nil { files.append(file(.root, CloudInitSource.seedImage, .slight, isTree: true)) }
        return files
    }
}

extension Machine {
    fileprivate var linkProperties: [LinkProperty] {
        nics.compactMap { nic in
            nic.filtersPromiscuous.map { LinkProperty(link: nic.link, isOn: $0, file: file) }
        }
    }
}
