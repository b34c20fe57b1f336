import Foundation
import Glibc
import Platform

/// Verify, install and uninstall: what needs no running zone.
extension Zoneadm {
    /// Checks what a boot would need; the brand's own program has the last word.
    func verify() throws -> Int32 {
        _ = try ZoneIndex.entry(of: zone)
        let setup = try ZoneSetup(zone)
        do {
            try ZoneCheck.checkZonepath(setup.document)
            try ZoneNamespace.check(setup.document)
        } catch let error as LabError {
            throw LabError("zone '" + zone + "': " + error.message, remedies: error.remedy)
        }
        let ending = try run(.verifyZone, setup)
        guard ending.isSuccess else { throw failure("the brand's verify program " + ending.text) }
        return 0
    }

    func install() throws -> Int32 {
        let entry = try ZoneIndex.entry(of: zone)
        switch entry.state {
        case .configured: break
        case .installed:
            let isUp = DaemonClient(zone: zone).isUp
            throw failure(isUp ? "install operation is invalid for running zones." : "is already installed.")
        case .incomplete:
            throw failure("zone is incomplete; uninstall required.", remedy: "zoneadm -z " + zone + " uninstall")
        }
        _ = try verify()
        let setup = try ZoneSetup(zone)
        let zonepath = setup.document.zonepath
        let wasThere = Files.exists(zonepath)
        try ZoneIndex.setState(zone, .incomplete)
        try Files.makeDirectories(zonepath)
        chmod(zonepath, 0o700)
        let ending = try run(.install, setup, arguments)
        switch ending {
        case .status(0):
            try ZoneIndex.setState(zone, .installed)
            return 0
        case .status(254):
            // "Not complete": the program has cleared away what it made.
            if !wasThere { try? FileManager.default.removeItem(atPath: zonepath) }
            try ZoneIndex.setState(zone, .configured)
        default: break
        }
        throw failure("the brand's install program " + ending.text)
    }

    func uninstall() throws -> Int32 {
        let entry = try ZoneIndex.entry(of: zone)
        guard entry.state != .configured else { throw failure("is not installed.") }
        guard !DaemonClient(zone: zone).isUp else {
            throw failure("uninstall operation is invalid for running zones.", remedy: "zoneadm -z " + zone + " halt")
        }
        if !arguments.contains("-F") {
            guard Terminal.hasInput else {
                throw LabError(
                    "Input not from terminal and -F not specified: uninstall command ignored, exiting.",
                    remedy: "zoneadm -z " + zone + " uninstall -F")
            }
            guard Terminal.asks("Are you sure you want to uninstall zone " + zone) else { return 1 }
        }
        DaemonClient(zone: zone).dismiss()
        let setup = try ZoneSetup(zone)
        try ZoneIndex.setState(zone, .incomplete)
        let ending = try run(.uninstall, setup, arguments)
        guard ending.isSuccess else { throw failure("the brand's uninstall program " + ending.text) }
        try ZoneIndex.setState(zone, .configured)
        return 0
    }

    /// Runs a hook on the administrator's terminal. A brand without one has nothing to say.
    private func run(_ hook: ZoneBrand.Hook, _ setup: ZoneSetup, _ words: [String] = []) throws -> Ending {
        let command = setup.brand.command(hook, zone: zone, zonepath: setup.document.zonepath, appending: words)
        guard let command else { return .status(0) }
        return try Child.start(["/bin/sh", "-c", command]).wait()
    }
}
