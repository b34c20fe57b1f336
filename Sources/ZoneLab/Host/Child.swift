import Glibc

/// A started process: the lab's one way to run a program. What is open here stays closed in it, but for what it is given.
///
/// The keeper's needs decide: a hook has to start with descriptors closed, bubblewrap gets a fourth one, a keeper outlives
/// what started it, and all are waited for in an ``EventLoop`` that serves consoles meanwhile.
struct Child {
    let pid: pid_t

    /// Where one of its first descriptors leads.
    enum Stream {
        case inherited, closed, null
        case descriptor(Int32)
    }

    /// What it gets besides its arguments.
    struct Setup {
        var input = Stream.inherited
        var output = Stream.inherited
        var errors = Stream.inherited
        /// Becomes descriptor 3.
        var extra: Int32?
        /// A session of its own, away from this terminal and its interrupts.
        var newSession = false
        /// Interrupts that are ignored here are ignored in it, too.
        var keepsInterrupts = false
        var environment: [String]?
    }

    /// Starts a program by its path.
    static func start(_ words: [String], _ setup: Setup = Setup()) throws -> Child {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The extra one first: the others may close what it comes from.
        if let extra = setup.extra { posix_spawn_file_actions_adddup2(&actions, extra, 3) }
        for (number, stream) in [setup.input, setup.output, setup.errors].enumerated() {
            switch stream {
            case .inherited: break
            case .closed: posix_spawn_file_actions_addclose(&actions, Int32(number))
            case .null: posix_spawn_file_actions_addopen(&actions, Int32(number), "/dev/null", O_RDWR, 0)
            case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
            }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        setSignals(&attributes, setup)

        var pid: pid_t = 0
        let arguments = words.map { strdup($0) } + [nil]
        let variables = setup.environment.map { $0.map { strdup($0) } + [nil] }
        defer { (arguments + (variables ?? [])).forEach { free($0) } }
        let result =
            if let variables {
                posix_spawn(&pid, words[0], &actions, &attributes, arguments, variables)
            } else {
                posix_spawn(&pid, words[0], &actions, &attributes, arguments, environ)
            }
        guard result == 0 else { throw LabError(errno: result, "cannot run \(words[0])") }
        return Child(pid: pid)
    }

    /// Signals that are ignored or blocked here are not in the child, but for interrupts that it keeps.
    private static func setSignals(_ attributes: inout posix_spawnattr_t, _ setup: Setup) {
        var signals = sigset_t()
        sigemptyset(&signals)
        let interrupts = setup.keepsInterrupts ? [] : [SIGINT, SIGQUIT]
        for signal in interrupts + [SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        let setSession: Int32 = 0x80  // POSIX_SPAWN_SETSID, which has no name in Swift.
        let flags = Int32(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) | (setup.newSession ? setSession : 0)
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }

    /// Runs a program to its end.
    static func run(_ words: [String], _ setup: Setup = Setup()) throws -> Ending { try start(words, setup).wait() }

    /// Waits for its end.
    func wait() -> Ending {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1 && errno == EINTR {}
        return Ending(rawStatus: status)
    }

    /// Its end, when it has ended.
    func poll() -> Ending? {
        var status: Int32 = 0
        return waitpid(pid, &status, WNOHANG) == pid ? Ending(rawStatus: status) : nil
    }
}

/// How a process ended.
enum Ending: Equatable {
    case status(Int32)
    case signal(Int32)

    init(rawStatus: Int32) {
        self = rawStatus & 0x7f == 0 ? .status((rawStatus >> 8) & 0xff) : .signal(rawStatus & 0x7f)
    }

    /// As a shell has it.
    var shellStatus: Int32 {
        switch self {
        case .status(let status): status
        case .signal(let signal): 128 + signal
        }
    }

    var isSuccess: Bool { self == .status(0) }

    var text: String {
        switch self {
        case .status(let status): "ended with exit status \(status)"
        case .signal(let signal): "was killed by signal \(signal)"
        }
    }
}

/// A pipe whose ends stay closed in children.
struct PipeEnds {
    let reader: Int32
    let writer: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw LabError(errno: errno, "cannot make a pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reader = ends[0]
        writer = ends[1]
    }
}
