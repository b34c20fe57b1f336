import Foundation
@testable import Platform
import TestSupport
import Testing
import Text

@Suite struct CommandTests {
    static func shell(_ script: String) throws(SystemError) -> Command.Result {
        try Command("/bin/sh", ["-c", script]).run()
    }

    @Test(
        "status, signal and both outputs are given",
        arguments: [
            ("exit 0", Command.Result(status: 0, output: "", errors: "")),
            ("exit 7", Command.Result(status: 7, output: "", errors: "")),
            ("exit 255", Command.Result(status: 255, output: "", errors: "")),
            ("echo out; echo err >&2; exit 3", Command.Result(status: 3, output: "out\n", errors: "err\n")),
            ("printf 'a\\377b'", Command.Result(status: 0, output: "a\u{fffd}b", errors: "")),
            ("kill -TERM $$", Command.Result(status: 128 + SIGTERM, output: "", errors: "")),
            ("echo out; kill -KILL $$", Command.Result(status: 128 + SIGKILL, output: "out\n", errors: "")),
            ("exec >&- 2>&-; exit 4", Command.Result(status: 4, output: "", errors: "")),
        ])
    func statusSignal(script: String, result: Command.Result) throws {
        try expect(Self.shell(script), equals: result)
    }

    @Test("arguments arrive as they are")
    func argumentsArrive() throws {
        let words = ["", " ", "a b", "'\"\\", "a\nb", "$HOME", "é😀", "-n"]
        let result = try Command("/bin/sh", ["-c", "printf '%s\\0' \"$@\"", "sh"] + words).run()
        #expect(result.output == words.map { $0 + "\0" }.joined())
    }

    @Test("there is no input")
    func thereIsNoInput() throws {
        try expect(Self.shell("cat; echo end"), equals: Command.Result(status: 0, output: "end\n", errors: ""))
    }

    /// Whoever reads one pipe to its end before the other hangs here, whichever is first.
    @Test("outputs larger than a pipe are both drained", arguments: [(">&1", ">&2"), (">&2", ">&1")])
    func outputsLarger(first: String, second: String) throws {
        let fill = "head -c 300000 /dev/zero | tr '\\0' x "
        let result = try Self.shell(fill + first + "; " + fill + second + "; exit 5")
        let expected = String(repeating: "x", count: 300_000)
        #expect(result == Command.Result(status: 5, output: expected, errors: expected))
    }

    @Test("outputs that alternate are both drained")
    func outputsAlternate() throws {
        let result = try Self.shell(
            "i=0; while [ $i -lt 2000 ]; do echo 0123456789abcdef0123456789abcdef0123456789abcdef; echo $i >&2; i=$((i+1)); done"
        )
        #expect(result.status == 0)
        #expect(result.output == String(repeating: "0123456789abcdef0123456789abcdef0123456789abcdef\n", count: 2000))
        #expect(result.errors == (0..<2000).map { "\($0)\n" }.joined())
    }

    @Test("the surplus of an endless output is read and dropped")
    func surplusEndless() throws {
        let result = try Self.shell("head -c 3000000 /dev/zero | tr '\\0' x; echo end >&2")
        #expect(result.status == 0)
        #expect(result.errors == "end\n")
        #expect((1 << 20..<1 << 20 + 4096).contains(result.output.utf8.count))
    }

    /// Without a limit, too.
    @Test(
        "what goes on behind a command that has ended is not waited for",
        arguments: [nil, .seconds(600)] as [Duration?])
    func goesBehind(time: Duration?) throws {
        let result = try Command("/bin/sh", ["-c", "sleep 300 & echo $!; exit 2"]).run(within: time)
        #expect(result.status == 2)
        #expect(result.errors == "")
        let pid = try #require(Int32(result.output.dropLast()))
        #expect(kill(pid, SIGKILL) == 0)
        try expect(Command("/bin/sh", ["-c", "yes & exit 3"]).run(within: time).status, equals: 3)
    }

    @Test(
        "a command that does not end in time is killed, whatever it does with its outputs",
        arguments: ["exec >&- 2>&-; exec sleep 300", "exec yes", "trap '' TERM; while :; do sleep 0.1; done"])
    func commandDoes(script: String) {
        #expect(throws: SystemError("run /bin/sh", reason: "it did not end within 1 second")) {
            try Command("/bin/sh", ["-c", script]).run(within: .seconds(1))
        }
    }

    /// A signal comes to this thread far more often than that.
    @Test("the time goes on through interrupts")
    func timeGoes() {
        var interrupt = sigset_t()
        sigemptyset(&interrupt)
        sigaddset(&interrupt, SIGUSR1)
        var before = sigset_t()
        signal(SIGUSR1) { _ in }
        pthread_sigmask(SIG_UNBLOCK, &interrupt, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let (isOver, hasStopped) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let thread = pthread_self()
        Thread {
            while isOver.wait(timeout: .now() + 0.05) == .timedOut { pthread_kill(thread, SIGUSR1) }
            hasStopped.signal()
        }.start()
        #expect(throws: SystemError("run /bin/sleep", reason: "it did not end within 1 second")) {
            try Command("/bin/sleep", ["300"]).run(within: .seconds(1))
        }
        isOver.signal()
        hasStopped.wait()
    }

    @Test("a command that takes too long is killed")
    func commandTakes() {
        #expect(throws: SystemError("run /bin/sh", reason: "it did not end within 0 seconds")) {
            try Command("/bin/sh", ["-c", "exec sleep 600"]).run(within: .zero)
        }
    }

    @Test("a program that is missing cannot be started")
    func programMissing() {
        #expect(throws: SystemError(code: ENOENT, action: "run /no/such/program")) {
            try Command("/no/such/program", ["a"]).run()
        }
    }

    @Test("a file that is no program cannot be started")
    func fileProgram() throws {
        let scratch = try Scratch()
        let file = try scratch.write("file", "text")
        #expect(throws: SystemError(code: EACCES, action: "run " + file)) { try Command(file, []).run() }
    }

    @Test("a child gets no descriptor of ours but its three")
    func childGets() throws {
        let scratch = try Scratch()
        let held = try RootedDirectory(scratch.path)
        let result = try Self.shell("ls -l /proc/self/fd")
        #expect(result.output.contains("/dev/null"))
        #expect(!result.output.contains(scratch.path))
        #expect(held.path == scratch.path)
    }

    @Test("the host's commands are the system's, or the stand-ins of a directory by base name")
    func hostsCommands() {
        #expect(HostCommands().path("/usr/sbin/dladm") == "/usr/sbin/dladm")
        #expect(HostCommands(directory: "/stand-ins").path("/usr/sbin/dladm") == "/stand-ins/dladm")
        let command = HostCommands(directory: "bin").command("/usr/lib/rsrvrctl", ["-a", "4"])
        #expect(command.program == "bin/rsrvrctl")
        #expect(command.arguments == ["-a", "4"])
    }
}
