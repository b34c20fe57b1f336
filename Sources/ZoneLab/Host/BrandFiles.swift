import Foundation
import Machine
import Text

/// What is laid out at /usr/lib/brand: config.xml and platform.xml as we ship them, and the hooks as they were built.
struct BrandFiles {
    /// Path on this host, path in the lab.
    let files: [(host: String, path: String)]
    /// zonecfg's templates.
    let templates: [String]

    static let brands = ["bhyve", "kvm"]
    static let hooks = BrandPrograms.hooks

    /// The command for people, built beside the hooks.
    static let command = "hvm"

    var directories: [String] { BrandFiles.brands.map { "\(ZoneBrand.directory)/\($0)" } }

    /// Finds them: a brand directory that is laid out already (`HVM_BRAND`), or the sources' brand/ and the hooks that
    /// were built (`HVM_HOOKS`, or beside this program).
    static func find() throws -> BrandFiles {
        let environment = ProcessInfo.processInfo.environment
        if let laidOut = environment["HVM_BRAND"].map(absolute) { return try BrandFiles(laidOut: laidOut) }
        guard let sources = sourceDirectory else {
            throw LabError(
                "there is no brand/bhyve/config.xml in or above this directory",
                remedy: "run it in the project's directory, or name an installed brand: HVM_BRAND=/usr/lib/brand")
        }
        let hooks = environment["HVM_HOOKS"].map(absolute) ?? String(thisProgram.dropLast("/zonelab".count))
        let programs = BrandFiles.hooks + [BrandFiles.command]
        if let missing = programs.first(where: { !Files.exists("\(hooks)/\($0)") }) {
            throw LabError("the hook \(missing) is not in \(hooks)", remedy: "build it: make build")
        }
        return BrandFiles(sources: sources, hooks: hooks)
    }

    private init(sources: String, hooks: String) {
        var files: [(host: String, path: String)] = []
        for brand in BrandFiles.brands {
            let directory = "\(ZoneBrand.directory)/\(brand)/"
            for name in BrandPrograms.files {
                files.append(("\(sources)/brand/\(brand)/\(name)", directory + name))
            }
            for name in BrandFiles.hooks { files.append(("\(hooks)/\(name)", directory + name)) }
        }
        self.files =
            files + [("\(hooks)/\(BrandFiles.command)", "\(GlobalZone.commandDirectory)/\(BrandFiles.command)")]
        templates = Files.names(in: "\(sources)/config/zones").map { "\(sources)/config/zones/\($0)" }
    }

    private init(laidOut directory: String) throws {
        let files = BrandFiles.brands.flatMap { brand in
            Files.names(in: "\(directory)/\(brand)").map {
                (host: "\(directory)/\(brand)/\($0)", path: "\(ZoneBrand.directory)/\(brand)/\($0)")
            }
        }
        guard files.contains(where: { $0.host.hasSuffix("/config.xml") }) else {
            throw LabError("HVM_BRAND: there is no brand in \(directory)", remedy: "make install lays one out")
        }
        self.files = files
        templates =
            BrandFiles.sourceDirectory.map { sources in
                Files.names(in: "\(sources)/config/zones").map { "\(sources)/config/zones/\($0)" }
            } ?? []
    }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    /// This very program.
    static let thisProgram = Files.linkTarget("/proc/self/exe") ?? CommandLine.arguments[0]

    /// The project's directory: the nearest one above this program or the present directory that has a brand.
    static var sourceDirectory: String? {
        for start in [FileManager.default.currentDirectoryPath, thisProgram] {
            var directory = start
            while directory != "/" && !directory.isEmpty {
                if Files.exists("\(directory)/brand/bhyve/config.xml") { return directory }
                directory = URL(fileURLWithPath: directory).deletingLastPathComponent().path
            }
        }
        return nil
    }

    /// Libraries that this program uses and that lie outside of /usr and /lib, so that the lab would not see them: those
    /// of the Swift toolchain.
    static var runtime: (directory: String, names: [String])? {
        let paths = Set(
            (Files.text("/proc/self/maps") ?? "").split(separator: "\n").compactMap { line in
                line.firstIndex(of: "/").map { String(line[$0...]) }
            })
        let outside = paths.filter { $0.contains(".so") && !$0.hasPrefix("/usr/") && !$0.hasPrefix("/lib") }
        guard let first = outside.sorted().first else { return nil }
        let directory = URL(fileURLWithPath: first).deletingLastPathComponent().path
        return (directory, outside.filter { $0.hasPrefix("\(directory)/") }.map(\.baseName).sorted())
    }
}
