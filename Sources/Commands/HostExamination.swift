import Hypervisors
import Lifecycle
import Machine
import Platform
import Text
import ZoneBoot

/// What `hvm doctor` looks at: the hypervisors, the host's commands, the brands' files, and every machine's configuration and logs.
struct HostExamination {
    private let call: Call
    /// Where brands are.
    private let brands: String
    /// None where zones cannot be listed.
    private let machines: [ListedMachine]
    /// Whether they can be.
    private let zoneadm: Finding

    init(_ call: Call) throws(ValueError) {
        self.call = call
        brands = (call.options.value("b") ?? "/usr/lib/brand").withoutTrailingSlashes
        do throws(Failure) {
            machines = try MachineList.read(call.commands)
            zoneadm = .pass("zoneadm", "answers: \(machines.count.of("machine"))")
        } catch {
            machines = []
            zoneadm = Finding(
                grade: .fail, subject: "zoneadm", message: error.diagnostic.message, remedy: error.diagnostic.remedy)
        }
    }

    /// All of them, in the order in which one would put things right.
    var findings: [Finding] {
        get throws(ValueError) {
            var findings = call.platform == .illumos ? illumos() : linux()
            findings += commands()
            for brand in Brand.allCases { findings.append(files(of: brand)) }
            for machine in machines {
                findings.append(try configuration(of: machine))
                findings += logs(of: machine)
            }
            return findings
        }
    }

    private func has(_ brand: Brand) -> Bool { machines.contains { $0.brand == brand } }

    // MARK: The hypervisors

    private func illumos() -> [Finding] {
        var findings = [kernelModule(), bootROMs()]
        if has(.kvm) { findings.append(kvm()) }
        return findings
    }

    /// The module vmm attaches only where the CPU can do what it needs, and rsrvrctl(8) asks its control device.
    private func kernelModule() -> Finding {
        let (subject, rsrvrctl) = ("vmm", "/usr/lib/rsrvrctl")
        guard HostFiles.exists(call.commands.path(rsrvrctl)) else {
            return .fail(subject, "bhyve is not installed: there is no \(rsrvrctl)", remedy: "pkg install system/bhyve")
        }
        do throws(Failure) {
            try call.commands.run(rsrvrctl, ["-q"], within: Self.patience)
            return .pass(subject, "bhyve's kernel module answers")
        } catch {
            return .fail(
                subject, error.diagnostic.message,
                remedy:
                    "only root may ask it; \"bhhwcompat -v\", where it is there, and dmesg tell why it does not run",
                "the CPU needs VT-x with EPT, or AMD-V with NPT, switched on in the firmware's setup, and no KVM that has it"
            )
        }
    }

    private func bootROMs() -> Finding {
        let directory = call.options.value("F") ?? BootROM.directory
        let names = ((try? HostFiles.names(in: directory)) ?? []).filter {
            $0.endsWith(".fd") && !$0.endsWith("_VARS.fd")
        }
        guard !names.isEmpty else {
            return .fail("boot ROMs", "there are none in \(directory)", remedy: "pkg install system/bhyve brings them")
        }
        return .pass("boot ROMs", "\(directory): \(names.map { String($0.dropLast(3)) }.joined(separator: ", "))")
    }

    private func kvm() -> Finding {
        let hypervisor = Hypervisor(brand: .kvm, platform: .illumos)
        for path in ["/dev/kvm", hypervisor.program] where !HostFiles.exists(path) {
            return .fail("kvm", "there are kvm zones, but no \(path)", remedy: "pkg install system/kvm")
        }
        return .pass("kvm", "/dev/kvm and \(hypervisor.program) are there")
    }

    private func linux() -> [Finding] {
        let program = Hypervisor(brand: .bhyve, platform: .linux).program
        let firmware = [StandInFirmware.code, StandInFirmware.variables, StandInFirmware.volatile]
        let missing = firmware.filter { !HostFiles.exists($0) }
        return [
            HostFiles.exists(program)
                ? .pass("QEMU", "\(program) stands in for both hypervisors")
                : .fail("QEMU", "there is no \(program)", remedy: "apt-get install qemu-system-x86"),
            missing.isEmpty
                ? .pass("boot ROMs", "OVMF stands in for bhyve's")
                : .warn(
                    "boot ROMs", "there is no \(list(missing, "and")): UEFI machines do not boot",
                    remedy: "apt-get install ovmf"),
        ]
    }

    // MARK: The host's commands

    private static let patience = Duration.seconds(10)

    private func commands() -> [Finding] {
        let asked = [
            ("dladm", "/usr/sbin/dladm", ["show-vnic", "-p", "-o", "link"]),
            ("zfs", "/usr/sbin/zfs", ["list", "-H", "-o", "name"]),
        ]
        return [zoneadm]
            + asked.map { name, path, arguments in
                do throws(Failure) {
                    try call.commands.run(path, arguments, within: Self.patience)
                    return .pass(name, "answers")
                } catch {
                    return .fail(
                        name, error.diagnostic.message,
                        remedy: "machines get their NICs and volumes through dladm and zfs")
                }
            }
    }

    // MARK: The brands' files

    private func files(of brand: Brand) -> Finding {
        let (subject, directory) = ("brand \(brand.rawValue)", "\(brands)/\(brand.rawValue)")
        let remedy = "lay the kit out again: ./install in its directory"
        guard let root = try? RootedDirectory(directory) else {
            let message = "there is no \(directory)"
            return has(brand) ? .fail(subject, message, remedy: remedy) : .warn(subject, message, remedy: remedy)
        }
        var faults: [String] = []
        for name in BrandPrograms.files + BrandPrograms.hooks {
            if let fault = fault(of: name, in: root) { faults.append(fault) }
        }
        if faults.isEmpty {
            for name in BrandPrograms.hooks {
                guard let fault = foreign(name, in: directory) else { continue }
                faults.append(fault)
                // What else another brand's programs do with an option is not for us to try.
                break
            }
        }
        guard faults.isEmpty else { return .fail(subject, list(faults, "and"), remedy: remedy) }
        return .pass(subject, "\(BrandPrograms.hooks.count.of("hook")) of version \(Version.text) in \(directory)")
    }

    /// What is wrong with one of a brand's files: who changes it decides what root runs.
    private func fault(of name: String, in root: borrowing RootedDirectory) -> String? {
        guard let file = try? root.status(name) else { return "\(name) is missing" }
        guard file.kind == .regular else { return "\(name) is not a regular file" }
        guard file.owner == 0 || file.owner == Program.user else { return "\(name) belongs to user \(Int(file.owner))" }
        guard file.mode & 0o022 == 0 else { return "\(name) can be changed by others" }
        guard !BrandPrograms.hooks.contains(name) || file.mode & 0o111 != 0 else { return "\(name) cannot be run" }
        return nil
    }

    /// Why a program is not one of ours of this version.
    private func foreign(_ name: String, in directory: String) -> String? {
        let said = try? Command("\(directory)/\(name)", ["--version"]).run(within: Self.patience).output
        guard let version = said.flatMap({ Version.told(by: name, in: $0) }) else {
            return "\(name) is not hvm-brand's"
        }
        return version == Version.text ? nil : "\(name) is of version \(version.printable), hvm of \(Version.text)"
    }

    // MARK: Machines

    private func configuration(of machine: ListedMachine) throws(ValueError) -> Finding {
        let subject = "zone \(machine.name)"
        let verdict = Verdict(machine.name, BootPlan.verify(try call.request(machine.name)))
        let remedy = "hvm verify \(machine.name)"
        if verdict.diagnostics.hasErrors { return .fail(subject, verdict.text, remedy: remedy) }
        return verdict.diagnostics.isEmpty
            ? .pass(subject, verdict.text) : .warn(subject, verdict.text, remedy: remedy)
    }

    /// From here on, in bytes, a log is worth a word: it begins anew when its zone is readied.
    private static let largeLog: UInt64 = 64 << 20

    private func logs(of machine: ListedMachine) -> [Finding] {
        guard let zonepath = try? RootedDirectory(machine.zonepath) else { return [] }
        return ["log/zone.log", "root/\(InitLog.path.dropping(prefix: "/") ?? InitLog.path)"].compactMap { path in
            guard let size = (try? zonepath.status(path))??.size, size > Self.largeLog else { return nil }
            return .warn(
                "zone \(machine.name)", "\(zonepath.shown(path)) has \(size.bytesText)",
                remedy: "hvm log \(machine.name) shows its end; zoneadm -z \(machine.name) reboot begins a new one")
        }
    }
}
