import Foundation
import Glibc
import Text

/// Verify, install and uninstall.
extension Zoneadm {
    func verify() throws -> Int32 {
        guard arguments.isEmpty else { return misused() }
        return try isAdmitted() ? 0 : 1
    }

    func install() throws -> Int32 {
        guard try isAdmitted(), let zonepath = setup?.document.zonepath else { return 1 }
        let wasThere = Files.exists(zonepath)
        try makeIncomplete(zonepath)
        switch try run(.install, "brand-specific installation", installWords) {
        case 0:
            try ZoneIndex.setState(zone, .installed)
            return 0
        case 253: misused()
        case 254:
            // "Not complete": the program has cleared away what it made.
            if !wasThere { try? FileManager.default.removeItem(atPath: zonepath) }
            try ZoneIndex.setState(zone, .configured)
        default: break
        }
        return 1
    }

    /// The zone has a zonepath from now on, and nothing that could be booted.
    func makeIncomplete(_ zonepath: String) throws {
        try ZoneIndex.setState(zone, .incomplete)
        try Files.makeDirectories(zonepath)
        chmod(zonepath, 0o700)
    }

    /// zoneadm reads these words itself and writes them anew: an option's value follows it without a blank.
    private var installWords: String {
        let (options, words) = Options.split(arguments, letters: "x:")
        var text = ""
        var isValue = false
        for option in options where option != "--" {
            text += (isValue ? "" : " ") + option
            isValue = !isValue && option == "-x"
        }
        return text + words.map { " \($0)" }.joined()
    }

    func uninstall() throws -> Int32 {
        guard try isAdmitted() else { return 1 }
        if !arguments.contains("-F") {
            guard Terminal.hasInput else {
                throw failure(
                    "Input not from terminal and -F not specified: uninstall not done.",
                    remedy: "zoneadm -z \(zone) uninstall -F")
            }
            guard Terminal.asks("Are you sure you want to uninstall zone \(zone)") else { return 0 }
        }
        DaemonClient(zone: zone).dismiss()
        guard try run(.preuninstall, "brand-specific preuninstall", appended) == 0 else { return 1 }
        try ZoneIndex.setState(zone, .incomplete)
        let status = try run(.uninstall, "brand-specific uninstall", appended)
        guard status == 0 else {
            if status == 253 { misused() }
            return 1
        }
        try ZoneIndex.setState(zone, .configured)
        return 0
    }
}
