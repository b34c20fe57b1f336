import CPlatform

/// A command of the host, run to its end.
public struct Command {
    /// What it left behind.
    public struct Result: Equatable, Sendable {
        /// Its exit status, or 128 + the signal that ended it.
        public let status: Int32
        public let output: String
        public let errors: String
    }

    /// Absolute path of the program.
    public let program: String
    /// Its arguments, without its own name.
    public let arguments: [String]

    public init(_ program: String, _ arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    /// How long a command may take that is not known to take longer, in seconds.
    public static let patience = 60

    /// Runs it with no input and waits for its end, keeping up to 1 MiB of each output. Throws when it cannot be started,
    /// and ETIMEDOUT when it has not ended within so many seconds; it is killed then.
    @export(interface)
    public func run(seconds: Int = Command.patience) throws(SystemError) -> Result {
        let action = "run " + program
        var outEnds: (Int32, Int32) = (-1, -1)
        var errEnds: (Int32, Int32) = (-1, -1)
        try check(Command.pipe(&outEnds), action)
        let outReader = FileDescriptor(owning: outEnds.0)
        try check(Command.pipe(&errEnds), action)
        let errReader = FileDescriptor(owning: errEnds.0)
        let pid: Int32
        do {
            defer {
                _ = cp_close(outEnds.1)
                _ = cp_close(errEnds.1)
            }
            let null = FileDescriptor(owning: try check(cp_open_file("/dev/null"), action))
            pid = try check(spawn(null.number, outEnds.1, errEnds.1), action)
        }
        let texts = Command.drain(outReader.number, errReader.number, milliseconds: seconds * 1000)
        if texts == nil { _ = cp_signal(pid, Int32(CP_KILL.rawValue)) }
        let status = try check(cp_wait(pid), "wait for " + program)
        guard let texts else {
            throw SystemError(code: SystemError.timedOut, action: action + " for " + String(seconds) + " seconds")
        }
        return Result(
            status: status, output: String(decoding: texts.0, as: UTF8.self),
            errors: String(decoding: texts.1, as: UTF8.self))
    }

    private static func pipe(_ ends: inout (Int32, Int32)) -> Int32 {
        var pair: [Int32] = [-1, -1]
        let result = cp_pipe(&pair)
        ends = (pair[0], pair[1])
        return result
    }

    private func spawn(_ input: Int32, _ output: Int32, _ errors: Int32) -> Int32 {
        CStrings.with([program] + arguments) { cp_spawn(program, $0, input, output, errors) }
    }

    /// Reads both pipes to their ends, whichever has something; `nil` when the time is up before.
    private static func drain(_ out: Int32, _ err: Int32, milliseconds: Int) -> ([UInt8], [UInt8])? {
        let end = Clock.milliseconds + milliseconds
        var open = [out, err]
        var texts: [[UInt8]] = [[], []]
        var ready: [Int32] = [0, 0]
        let chunk = 4096
        while open != [-1, -1] {
            guard cp_poll(open, &ready, 2, Int32(clamping: max(0, end - Clock.milliseconds))) > 0 else { return nil }
            for index in 0..<2 where ready[index] == 1 {
                let piece = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, filled in
                    filled = Int(max(0, cp_read(open[index], buffer.baseAddress, Int64(chunk))))
                }
                if piece.isEmpty { open[index] = -1 }
                if texts[index].count < 1 << 20 { texts[index] += piece }
            }
        }
        return (texts[0], texts[1])
    }
}

/// Strings as C's NULL-terminated vectors.
enum CStrings {
    static func with<R>(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R) -> R {
        var bytes: [CChar] = []
        var offsets: [Int] = []
        for string in strings {
            offsets.append(bytes.count)
            bytes += string.utf8.map { CChar(bitPattern: $0) }
            bytes.append(0)
        }
        return bytes.withUnsafeBufferPointer { text in
            var pointers: [UnsafePointer<CChar>?] = offsets.map { text.baseAddress! + $0 }
            pointers.append(nil)
            return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
        }
    }
}

/// The host's commands, by base name: the system's own paths, or stand-ins from a directory (`-C DIR`).
public struct HostCommands: Sendable {
    /// The directory of the stand-ins, when there is one.
    public let directory: String?

    public init(directory: String? = nil) {
        self.directory = directory
    }

    /// Where a command is run from: `DIR/NAME`, or the system's path unchanged.
    public func path(_ systemPath: String) -> String {
        directory.map { $0 + "/" + systemPath.baseName } ?? systemPath
    }

    /// The command with its arguments.
    public func command(_ systemPath: String, _ arguments: [String]) -> Command {
        Command(path(systemPath), arguments)
    }
}
