import Foundation
import TestSupport

/// Stand-ins for the hooks: they keep a list of how they are called in the lab's /root/calls, and the one call that
/// /root/fail names fails. The machine is a `sleep`, whose arguments are kept in the zone's /tmp/init.
struct RecordingHooks {
    let scratch: Scratch

    var directory: String { scratch.path }

    /// What the hooks do beside keeping the list; `$6` is the zonepath.
    private static let acts = [
        "install":
            #"mkdir -p "$6"/hvm "$6"/root/hvm "$6"/root/dev "$6"/root/etc "$6"/root/usr "$6"/root/sbin "$6"/root/lib "$6"/root/tmp && ln -s usr/bin "$6"/root/bin"#,
        "uninstall": #"rm -rf "$6""#,
        // Inside the zone: it ends the machine.
        "shutdown": "kill -TERM -1",
    ]

    /// With acts in place of these; with the real verify, which is asked after the call is noted and lies where the unused
    /// socat would.
    init(acts: [String: String] = [:], realVerify: Bool = false) throws {
        scratch = try Scratch()
        for name in [
            "install", "boot", "halt", "shutdown", "statechange", "uninstall", "verify", "postclone", "socat", "vnc",
            "hvm",
        ] {
            let act =
                name == "verify" && realVerify ? #"exec "${0%/*}"/socat "$@""# : acts[name] ?? Self.acts[name] ?? ":"
            try scratch.write(
                name,
                """
                #!/bin/sh
                call="\(name) $*"
                echo "$call" | sed 's,-C /usr/lib/zonelab/bin ,,; s/ -z [a-z-] -R [^ ]*//; s/ -z [a-z]$//
                    s,/tmp/zonecfg.*,FILE,; s,/var/run/zone.*,COPY,' >>/root/calls
                for fd in 0 2; do [ -e /proc/$$/fd/$fd ] || echo "descriptor $fd closed" >>/root/closed; done
                case "$call" in
                $(cat /root/fail 2>/dev/null || echo none))
                    echo "\(name) fails on purpose"
                    status=$(cat /root/status)
                    [ "$status" != kill ] || kill -9 $$
                    exit "$status" ;;
                esac
                \(act)

                """, mode: 0o755)
        }
        try scratch.write("init", "#!/bin/sh\necho \"$*\" >>/tmp/init\nexec sleep 1000\n", mode: 0o755)
        guard realVerify else { return }
        try FileManager.default.removeItem(atPath: directory + "/socat")
        try FileManager.default.copyItem(atPath: Hooks.directory + "/verify", toPath: directory + "/socat")
    }
}
