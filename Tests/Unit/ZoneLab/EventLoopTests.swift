import Foundation
import Testing

@testable import ZoneLab

/// The one thread of a zone's keeper.
@Suite struct EventLoopTests {
    /// A handler may run the loop itself, which then sees to what the outer run was about to. A call for it that finds
    /// nothing would wait, and the console with it.
    @Test("what a nested run of the loop has taken is not handled again by the outer one")
    func nested() throws {
        // Which of two that are ready comes first is chance.
        for _ in 0..<50 {
            let loop = EventLoop()
            let pipes = try (0..<2).map { _ in try PipeEnds() }
            var calls = [0, 0]
            for (index, pipe) in pipes.enumerated() {
                _ = fcntl(pipe.reader, F_SETFL, O_NONBLOCK)
                loop.watch(pipe.reader) {
                    _ = Stream.read(pipe.reader)
                    calls[index] += 1
                    if calls[1 - index] == 0 { loop.run { calls[1 - index] > 0 } }
                }
                Stream.write(pipe.writer, "x")
            }
            loop.run { calls[0] > 0 && calls[1] > 0 }
            #expect(calls == [1, 1])
            for end in pipes.flatMap({ [$0.reader, $0.writer] }) { loop.close(end) }
        }
    }
}
