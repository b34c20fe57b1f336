import CPlatform
import Glibc
import Platform

/// Waits for many things at once, in one thread. May be run inside one of its own handlers: an operation that waits for
/// a hook keeps the console flowing that way.
final class EventLoop {
    private var handlers: [Int32: () -> Void] = [:]
    private var timers: [(deadline: Deadline, action: () -> Void)] = []

    /// Calls the handler whenever the descriptor has input or is at its end.
    func watch(_ descriptor: Int32, _ handler: @escaping () -> Void) {
        handlers[descriptor] = handler
    }

    /// Forgets the descriptor, which stays open.
    func ignore(_ descriptor: Int32) {
        handlers[descriptor] = nil
    }

    /// Forgets the descriptor and closes it.
    func close(_ descriptor: Int32) {
        handlers[descriptor] = nil
        _ = cp_close(descriptor)
    }

    /// Calls the action once, this long from now.
    func after(_ time: Duration, _ action: @escaping () -> Void) {
        timers.append((Deadline(in: time), action))
    }

    /// Calls the handler once the child has ended.
    func watch(_ child: Child, _ handler: @escaping (Ending) -> Void) {
        let descriptor = cp_open_process(child.pid)
        guard descriptor >= 0 else { return after(.zero) { handler(child.wait()) } }
        watch(descriptor) { [self] in
            guard let ending = child.poll() else { return }
            close(descriptor)
            handler(ending)
        }
    }

    /// Hands on what comes from the descriptor as it comes. At its end it is closed, and `ended` is called.
    func read(
        _ descriptor: Int32, ended: @escaping () -> Void = {}, _ take: @escaping ([UInt8]) -> Void
    ) {
        watch(descriptor) { [self] in
            guard let bytes = Stream.read(descriptor) else { return }
            guard bytes.isEmpty else { return take(bytes) }
            close(descriptor)
            ended()
        }
    }

    /// Runs a program to its end, and keeps what comes from one of its descriptors. The rest of what there is to handle is
    /// handled meanwhile.
    func run(
        _ words: [String], keeping stream: WritableKeyPath<Child.Setup, Child.Stream>, _ setup: Child.Setup
    ) throws -> (ending: Ending, text: String) {
        let pipe = try PipeEnds()
        var setup = setup
        setup[keyPath: stream] = .descriptor(pipe.writer)
        let child = try Child.start(words, setup)
        _ = cp_close(pipe.writer)
        var ending: Ending?
        var text: [UInt8]? = nil
        var bytes: [UInt8] = []
        read(pipe.reader, ended: { text = bytes }) { bytes += $0 }
        watch(child) { ending = $0 }
        run { ending != nil && text != nil }
        return (ending!, String(decoding: text!, as: UTF8.self))
    }

    /// Handles what happens until the condition holds.
    func run(until isDone: () -> Bool) {
        while !isDone() { step() }
    }

    private func step() {
        var due: [() -> Void] = []
        timers.removeAll { timer in
            let isDue = timer.deadline.hasPassed
            if isDue { due.append(timer.action) }
            return isDue
        }
        for action in due { action() }
        if !due.isEmpty { return }
        let timeout = timers.map { $0.deadline.timeLeft.milliseconds }.min() ?? -1
        var polled = handlers.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&polled, nfds_t(polled.count), timeout) > 0 else { return }
        // A handler may have taken what comes later, in a run of its own, or closed it; its number may be another's by now.
        for entry in polled where entry.revents != 0 && Self.hasInput(entry.fd) { handlers[entry.fd]?() }
    }

    private static func hasInput(_ descriptor: Int32) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) > 0
    }
}
