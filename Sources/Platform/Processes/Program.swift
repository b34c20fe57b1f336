import CPlatform
import Text

/// The running program: its arguments, environment, standard descriptors and end.
package enum Program {
    /// The arguments after the program's own name.
    package static var arguments: [String] {
        var list: [String] = []
        var index: Int32 = 1
        while let argument = cp_argument(index) {
            list.append(String(cString: argument))
            index += 1
        }
        return list
    }

    /// A variable of the environment; `nil` when it is not set.
    package static func environment(_ name: String) -> String? {
        cp_environment(name).map { String(cString: $0) }
    }

    /// True in a program that was built for illumos.
    package static var isOnIllumos: Bool { cp_is_illumos() == 1 }

    /// The platform this program was built for.
    package static var platform: HostPlatform { isOnIllumos ? .illumos : .linux }

    /// True in a zone that is not the global one; on Linux where `/hvm` is mounted read-only, as it is in a zone.
    package static var isInZone: Bool { cp_is_in_zone() == 1 }

    /// The name of the zone this program runs in (getzonenamebyid(3C)); on Linux the name of its host, which a namespace
    /// zone has of its own.
    package static func zoneName() throws(SystemError) -> String {
        // ZONENAME_MAX is 64, with the end.
        var bytes = [CChar](repeating: 0, count: 65)
        try check(cp_zone_name(&bytes, 64), "learn the zone's name")
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Makes what the program was started with known, or ends it. Call it before anything else.
    ///
    /// Descriptors 0–2 are open afterwards: zoneadmd may start a hook without 0 and 2, and the first file opened would then
    /// take the place of standard error. All others reach no command; a program that runs inside the zone closes them, for
    /// there a hostile process could reach into this one's. SIGPIPE is ignored: a zone that hangs up ends no hook. SIGCHLD
    /// has its usual meaning, without which no command could be waited for.
    package static func start(insideZone: Bool = false) {
        if cp_start(insideZone ? 1 : 0) < 0 { exit(.fatal) }
    }

    /// Writes text to standard output. An output nobody reads any more is not an error; when it fails for another reason, that
    /// is told, and false given.
    @discardableResult
    package static func print(_ text: String) -> Bool {
        do {
            try FileDescriptor.write(text, to: 1)
        } catch {
            guard error.isNotRead else {
                printError(SystemError(error, action: "write to standard output").description + "\n")
                return false
            }
        }
        return true
    }

    /// Writes text to standard error.
    package static func printError(_ text: String) {
        try? FileDescriptor.write(text, to: 2)
    }

    /// True when this is root.
    package static var isRoot: Bool { user == 0 }

    /// The effective user's number.
    package static var user: UInt32 { UInt32(bitPattern: cp_effective_user()) }

    /// True when this process has a privilege of illumos', privileges(7), by its name; Linux has none, and so is always true.
    package static func hasPrivilege(_ name: String) -> Bool { cp_has_privilege(name) == 1 }

    /// The number of a group, if there is one of that name.
    package static func group(named name: String) -> UInt32? {
        let number = cp_group(name)
        return number >= 0 ? UInt32(number) : nil
    }

    /// From now on an interrupt (SIGINT, SIGTERM, SIGHUP) is only noted, for ``isInterrupted``.
    package static func holdInterrupts() { cp_hold_interrupts() }

    /// True once an interrupt came.
    package static var isInterrupted: Bool { cp_interrupted() != 0 }

    /// Throws once an interrupt came.
    package static func checkInterrupt(_ action: @autoclosure () -> String) throws(SystemError) {
        if isInterrupted { throw SystemError(action(), reason: "it was interrupted") }
    }

    /// The environment's variables, as `NAME=VALUE`.
    package static var environment: [String] {
        var list: [String] = []
        while let entry = cp_environment_entry(Int32(list.count)) { list.append(String(cString: entry)) }
        return list
    }

    /// Becomes another program. Comes back only when that fails.
    package static func execute(_ path: String, _ arguments: [String], environment: [String]) -> SystemError {
        let result = CStrings.with(arguments) { argv in
            CStrings.with(environment) { cp_execute(path, argv, $0) }
        }
        return SystemError(code: -result, action: "run \(path)")
    }

    /// Ends the process.
    package static func exit(_ status: ExitStatus) -> Never {
        cp_exit(status.rawValue)
    }

    /// Ends the process as another one ended.
    package static func exit(as end: ProcessEnd) -> Never {
        cp_exit(Int32(clamping: end.status))
    }
}
