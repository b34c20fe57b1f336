import ArgumentParser
import Glibc
import Platform
import Text

/// `zonelab screenshot`: what a VNC viewer sees of a zone's screen, as a PNG file. The brand's own `vnc` makes the screen
/// reachable, vncsnapshot(1) looks at it, and netpbm writes the file.
struct Screenshot: LabCommand {
    static let configuration = CommandConfiguration(
        commandName: "screenshot", abstract: "Save what a VNC viewer sees of a zone's screen, as a PNG file.")

    @Argument(help: "The zone, which has to run with vnc on.") var zone: String
    @Argument(help: "The picture's file.") var file: String

    /// The programs it takes, and Debian's packages that bring them.
    static let needed = [("/usr/bin/vncsnapshot", "vncsnapshot"), ("/usr/bin/pnmtopng", "netpbm")]

    /// Writes the zone's own password as vncsnapshot reads it.
    private static let passwordTool = ("/usr/bin/vncpasswd", "tigervnc-tools")

    func perform() throws -> Int32 {
        for (program, package) in Self.needed where !Files.exists(program) {
            throw LabError("there is no \(program)", remedy: "outside of the lab: apt-get install \(package)")
        }
        let said = try PipeEnds()
        let relay = try Child.start(
            [GlobalZone.vnc, "-p", "0", zone],
            Child.Setup(input: .null, output: .descriptor(said.writer)))
        close(said.writer)
        defer {
            kill(relay.pid, SIGINT)
            _ = relay.wait()
            close(said.reader)
        }
        guard let place = Self.display(said.reader) else { return 1 }
        let secret = "\(try ZoneSetup(zone).document.zonepath)/hvm/secret"
        let hasPassword = Files.exists(secret)
        if hasPassword, !Files.exists(Self.passwordTool.0) {
            throw LabError(
                "zone '\(zone)': its screen has a password, and there is no \(Self.passwordTool.0)",
                remedy: "outside of the lab: apt-get install \(Self.passwordTool.1)")
        }
        let script = """
            umask 022
            shot=$(mktemp -d) && trap 'rm -rf "$shot"' EXIT &&
            { [ -z "$2" ] || vncpasswd -f <"$2" >"$shot/password"; } &&
            vncsnapshot -quiet -quality 100 ${2:+-passwd "$shot/password"} "$0" "$shot/jpg" 2>"$shot/errors" </dev/null || { cat "$shot/errors" >&2; exit 1; }
            jpegtopnm "$shot/jpg" 2>/dev/null >"$shot/pnm" && pnmtopng "$shot/pnm" 2>/dev/null >"$shot/png" &&
            size=$(pamfile -size "$shot/pnm") && mv "$shot/png" "$1" && echo "$1: ${size% *} × ${size#* }"
            """
        return try Child.run(["/bin/sh", "-c", script, place, file, hasPassword ? secret : ""]).shellStatus
    }

    /// Where the screen is, as a viewer is given it: the last word that `vnc` says before it serves; `nil` when it ends.
    private static func display(_ reader: Int32) -> String? {
        var said = ""
        while let bytes = Stream.read(reader), !bytes.isEmpty {
            said += String(decoding: bytes, as: UTF8.self)
            if said.filter({ $0 == "\n" }).count == 2 { return said.trimmed.pieces(separator: " ").last }
        }
        return nil
    }
}
