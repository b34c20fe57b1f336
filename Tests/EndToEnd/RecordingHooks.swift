import Foundation
import TestSupport

/// Stand-ins for the hooks: they keep a list of how they are called in the lab's /root/calls, and the one call that
/// /root/fail names fails. The machine is a `sleep`.
struct RecordingHooks {
    let scratch: Scratch

    var directory: String { scratch.path }

    init() throws {
        scratch = try Scratch()
        for name in [
            "install", "boot", "halt", "shutdown", "statechange", "uninstall", "verify", "postclone", "socat", "vnc",
        ] {
            let act = [
                "install":
                    "mkdir -p \"$4\"/hvm \"$4\"/root/hvm \"$4\"/root/dev \"$4\"/root/etc \"$4\"/root/usr \"$4\"/root/sbin \"$4\"/root/lib \"$4\"/root/tmp",
                "uninstall": "rm -rf \"$4\"",
            ][name]
            try scratch.write(
                name,
                """
                #!/bin/sh
                call="\(name) $*"
                echo "$call" | sed 's,-C /usr/lib/zonelab/bin ,,; s/-z b -R [^ ]* //; s/ -z b.*//; s,/tmp/zonecfg.*,FILE,' >>/root/calls
                for fd in 0 2; do [ -e /proc/$$/fd/$fd ] || echo "descriptor $fd closed" >>/root/closed; done
                case "$call" in
                $(cat /root/fail 2>/dev/null || echo none))
                    echo "\(name) fails on purpose"
                    status=$(cat /root/status)
                    [ "$status" != kill ] || kill -9 $$
                    exit "$status" ;;
                esac
                \(act ?? ":")

                """, mode: 0o755)
        }
        try scratch.write("init", "#!/usr/bin/sh\nexec sleep 1000\n", mode: 0o755)
    }
}
