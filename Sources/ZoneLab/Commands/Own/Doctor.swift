import ArgumentParser
import Glibc
import Platform
import Text

/// `zonelab doctor`: what this machine lacks, and the command that mends it.
struct Doctor: LabCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Tell what this machine lacks, and the commands that fix it.")
    static let isForMachine = true

    /// Files the lab needs, and Debian's packages that bring them.
    private static let needed =
        [
            ("/usr/bin/bwrap", "bubblewrap"), ("/usr/bin/qemu-system-x86_64", "qemu-system-x86"),
            ("/usr/share/OVMF/OVMF_CODE.fd", "ovmf"), ("/usr/share/seabios/bios-256k.bin", "seabios"),
            ("/usr/bin/nsenter", "util-linux"), ("/usr/bin/socat", "socat"),
            ("/usr/bin/websockify", "websockify"), ("/usr/share/novnc/vnc.html", "novnc"),
        ] + Screenshot.needed

    private struct Finding {
        let problem: String
        let remedy: String
    }

    func perform() throws -> Int32 {
        let isInLab = Files.isDirectory(GlobalZone.stateDirectory)
        var findings = Self.packages()
        if findings.isEmpty { findings += isInLab ? Self.zoneNamespace() : Self.namespaces() }
        findings += (isInLab ? [] : Self.brand()) + Self.acceleration()
        for finding in findings { Stream.write(1, "\(finding.problem)\n  \(finding.remedy)\n") }
        if findings.isEmpty {
            Stream.write(
                1,
                isInLab
                    ? "Everything that zones need is in this lab; what the lab itself needs, zonelab doctor tells outside.\n"
                    : "Everything that the lab needs is there.\n" + Self.offer())
        }
        return findings.isEmpty ? 0 : 1
    }

    /// Throws when a package that the lab needs is not there.
    static func checkPackages() throws {
        guard let missing = packages().first else { return }
        throw LabError(missing.problem, remedy: missing.remedy)
    }

    private static func packages() -> [Finding] {
        let missing = needed.filter { !Files.exists($0.0) }
        guard !missing.isEmpty else { return [] }
        let sudo = getuid() == 0 ? "" : "sudo "
        return [
            Finding(
                problem: list(missing.map(\.0), "and") + (missing.count == 1 ? " is" : " are") + " missing",
                remedy: "\(sudo)apt-get install " + missing.map(\.1).joined(separator: " "))
        ]
    }

    /// In the lab a namespace is made as a zone has it.
    private static func zoneNamespace() -> [Finding] {
        do {
            try ZoneNamespace.checkCanBeMade(EventLoop())
            return []
        } catch let error as LabError {
            return [Finding(problem: error.message, remedy: error.remedy.joined(separator: "; "))]
        } catch {
            return []
        }
    }

    /// Makes a namespace as the lab does, and one inside it.
    private static func namespaces() -> [Finding] {
        let user = getuid() == 0 ? [] : ["--unshare-user", "--uid", "0", "--gid", "0", "--cap-add", "ALL"]
        let base = ["/usr/bin/bwrap", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--unshare-pid"]
        let inner = base + ["--unshare-net", "/usr/bin/true"]
        let tried = try? EventLoop().run(
            base + user + ["--tmpfs", "/tmp"] + inner, keeping: \.errors, Child.Setup(input: .null, output: .null))
        guard let tried, !tried.ending.isSuccess else { return [] }
        let remedy =
            getuid() == 0
            ? "this system lets no one make namespaces (a container?): run it where that is allowed"
            : "allow users namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1 (or "
                + "kernel.apparmor_restrict_unprivileged_userns=0), or run zonelab as root"
        return [Finding(problem: "namespaces cannot be made: \(tried.text.trimmed)", remedy: remedy)]
    }

    private static func brand() -> [Finding] {
        do {
            _ = try BrandFiles.find()
            return []
        } catch let error as LabError {
            return [Finding(problem: error.message, remedy: error.remedy.joined(separator: "; "))]
        } catch {
            return []
        }
    }

    private static func acceleration() -> [Finding] {
        guard Program.environment("HVM_ACCEL") == "kvm" else { return [] }
        guard KVMTrial.isOpen else {
            return [
                Finding(
                    problem: "HVM_ACCEL is kvm, and /dev/kvm cannot be used",
                    remedy: "unset HVM_ACCEL, or join the group kvm: sudo adduser $USER kvm")
            ]
        }
        return triesKVM()
            ? []
            : [Finding(problem: "HVM_ACCEL is kvm, and \(noKVM)", remedy: "unset HVM_ACCEL")]
    }

    private static let noKVM =
        "a guest of 512 bytes did not reach its end on /dev/kvm, in \(KVMTrial.limit.text) at most"

    private static func triesKVM() -> Bool {
        Stream.write(2, "zonelab: trying a guest on /dev/kvm, for \(KVMTrial.limit.text) at most\n")
        return KVMTrial.works()
    }

    /// What makes guests faster where it was tried and works; nothing of it is used unasked.
    private static func offer() -> String {
        guard Program.environment("HVM_ACCEL") == nil, KVMTrial.isOpen else { return "" }
        return triesKVM()
            ? "Guests are faster here with /dev/kvm, on which a guest was tried: export HVM_ACCEL=kvm\n"
            : "There is /dev/kvm, but \(noKVM): leave HVM_ACCEL unset.\n"
    }
}
