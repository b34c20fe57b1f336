import Platform

/// The lab: one program with many names.
public enum Lab {
    static let usage = """
        usage: zonelab shell [-d DIR] [-b FILE:PATH]…            a shell in the lab's global zone; a second one joins it
               zonelab run [-d DIR] [-b FILE:PATH]… SCRIPT|-     runs a shell script, or a transcript with omnios# lines
               zonelab doctor                                    tells what this machine lacks

          -d DIR        where the lab keeps everything (default: ~/.zonelab)
          -b FILE:PATH  FILE of this machine appears at PATH in the lab, read-only

        In the lab there are zonecfg, zoneadm, zlogin, dladm and zfs. They stand in for those of an illumos host, for
        trying and testing zones of the brands bhyve and kvm: zonelab is no implementation of zones. Guests run in this
        system's QEMU; HVM_ACCEL=kvm lets it use /dev/kvm. The hooks are those beside this program, or in HVM_HOOKS;
        HVM_BRAND names a directory where make install has laid the brands out. When the first shell or the script ends,
        zones that run are halted, and the lab ends. For scripts there are also:

          zonelab await [-n COUNT] [-t SECONDS] ZONE TEXT   shows the console until TEXT has appeared
          zonelab type ZONE LINE                            types a line into the console
          zonelab screenshot ZONE FILE.png                  what a VNC viewer sees

        """

    /// Everything this program can be called as.
    private static let commands: [String: @Sendable ([String]) throws -> Int32] = [
        "zonecfg": Zonecfg.run, "zoneadm": Zoneadm.run, "zlogin": Zlogin.run, "dladm": Dladm.run, "zfs": Zfs.run,
        "zpool": { throw LabError.notInTheLab($0.first ?? "all of it") },
        "shell": { try Launch.run("shell", $0) }, "run": { try Launch.run("run", $0) }, "doctor": Doctor.run,
        "screenshot": Screenshot.run, "await": ConsoleScript.await, "type": ConsoleScript.type,
        "__inside": Inside.run, "__zoneadmd": { try ZoneDaemon.run($0[0]) },
    ]

    /// What `-h` shows of each.
    private static let usages = [
        "zonecfg": Zonecfg.usage, "zoneadm": Zoneadm.usage, "zlogin": Zlogin.usage, "dladm": Dladm.usage,
        "zfs": Zfs.usage, "shell": usage, "run": usage, "doctor": usage, "screenshot": Screenshot.usage,
        "await": ConsoleScript.awaitUsage, "type": ConsoleScript.typeUsage,
    ]

    /// Those that make sense outside of the lab.
    private static let outside: Set = ["shell", "run", "doctor"]

    /// Does what a command line says, whose first word is the name this program is called by. Returns the exit status.
    public static func run(_ commandLine: [String]) -> Int32 {
        var words = commandLine
        var name = words.removeFirst().baseName
        if name == "zonelab" {
            guard let command = words.first, !["-h", "--help", "help"].contains(command) else {
                Stream.write(words.isEmpty ? 2 : 1, usage)
                return words.isEmpty ? 2 : 0
            }
            name = command
            words.removeFirst()
        }
        if let usage = usages[name], ["-h", "--help"].contains(words.first) {
            Stream.write(1, usage)
            return 0
        }
        do {
            guard let action = commands[name] else { throw LabError.usage("\"" + name + "\" is no command\n" + usage) }
            guard outside.contains(name) || Files.isDirectory(GlobalZone.stateDirectory) else {
                throw LabError(
                    "this is not the lab's global zone", remedy: "zonelab shell opens one; there it is " + name)
            }
            return try action(words)
        } catch let error as LabError {
            Stream.write(2, error.text(outside.contains(name) ? "zonelab" : name))
            return error.status
        } catch {
            Stream.write(2, name + ": \(error)\n")
            return 1
        }
    }
}
